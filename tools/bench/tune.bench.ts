/**
 * `tune` on three firmwares against an exhaustive grid of full simulations of ten days each. SOAK takes the whole range of the
 * knobs, else long grids are thinned.
 */
import { join } from "node:path";
import { loadScenarioFile } from "../scenario-file.ts";
import { packageFolder } from "../package-folder.ts";
import { table } from "../terminal/table.ts";
import { keeps, type Constraint } from "../tune/constraints.ts";
import { evaluator } from "../tune/evaluate.ts";
import { allPositions, dialsOf, settingOf, type Dial } from "../tune/knobs.ts";
import { shownSetting, tune } from "../tune/tune.ts";

const HOUR = 3600;
const age = (hours: number): Constraint => ({ measure: "ageSeconds", limit: hours * HOUR, atLeast: false });
const readings = (limit: number): Constraint => ({ measure: "readingsPerDay", limit, atLeast: true });
const nodes: readonly (readonly [name: string, limits: readonly Constraint[]])[] = [
  ["cold-chain", [age(9), readings(40)]],
  ["turbine", [age(26), readings(11)]],
  ["water-leak", [age(40)]],
];
const soak = process.env["SOAK"] !== undefined;

/** Every second value and the ends. */
function thinned(dial: Dial): Dial {
  if (soak || dial.values.length < 7) return dial;
  const kept = dial.values.map((_, at) => at).filter((at) => at % 2 === 0 || at === dial.values.length - 1);
  return { ...dial, values: kept.map((at) => dial.values[at]!), numbers: kept.map((at) => dial.numbers![at]!) };
}

const rows: string[][] = [];
for (const [name, limits] of nodes) {
  const folder = join(packageFolder, "firmware", name);
  const scenarioFile = join(folder, "scenario.ts");
  const scenario = await loadScenarioFile(scenarioFile);
  const dials = dialsOf(folder, scenario).map(name === "water-leak" ? (dial) => dial : thinned);
  const { simulate, lifeYears } = evaluator({
    entry: join(folder, "node.ts"),
    scenario,
    scenarioFile,
    dials,
    seed: "1",
    sample: "10d",
  });
  const began = performance.now();
  const tuned = await tune({ dials, constraints: limits, simulate, lifeYears, evaluations: 24 });
  const seconds = (performance.now() - began) / 1000;
  const grid = allPositions(dials).map((positions) => settingOf(dials, positions));
  const all = await simulate(grid);
  const whole = (performance.now() - began) / 1000 - seconds;
  const lives = all.map(({ outcome }) => (keeps(limits, outcome) ? outcome.lifeYears : 0));
  const longest = Math.max(...lives);
  const { lifeYears: years } = tuned.best.outcome;
  rows.push([
    `${name}: ${shownSetting(tuned.best.setting)}`,
    years.toFixed(2),
    longest.toFixed(2),
    `${((1 - years / longest) * 100).toFixed(1)} %`,
    `${tuned.evaluations} of ${grid.length}`,
    `${seconds.toFixed(0)} of ${whole.toFixed(0)}`,
  ]);
  process.stderr.write(`${name} done\n`);
}
process.stdout.write(
  `${table(["tuned", "years", "best of the grid", "behind", "simulated", "seconds"], rows, [1, 2, 3, 4, 5])}\n`,
);
