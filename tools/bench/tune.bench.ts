/**
 * `tune` on the cold-chain node against an exhaustive grid of full simulations, with three seeds. SOAK takes the whole range of
 * both knobs, else the grid is thinned.
 */
import { join } from "node:path";
import { loadScenarioFile } from "../scenario-file.ts";
import { packageFolder } from "../package-folder.ts";
import { table } from "../terminal/table.ts";
import { keeps, type Constraint } from "../tune/constraints.ts";
import { evaluator } from "../tune/evaluate.ts";
import { allPositions, dialsOf, settingOf } from "../tune/knobs.ts";
import { shownSetting, tune } from "../tune/tune.ts";

const folder = join(packageFolder, "firmware/cold-chain");
const scenarioFile = join(folder, "scenario.ts");
const base = await loadScenarioFile(scenarioFile);
const limits: readonly Constraint[] = [
  { measure: "ageSeconds", limit: 9 * 3600, atLeast: false },
  { measure: "readingsPerDay", limit: 40, atLeast: true },
];
const soak = process.env["SOAK"] !== undefined;
const dials = dialsOf(folder, base).map((dial) => {
  if (soak) return dial;
  const kept = dial.values.map((_, at) => at).filter((at) => at % 2 === 0 || at === dial.values.length - 1);
  return { ...dial, values: kept.map((at) => dial.values[at]!), numbers: kept.map((at) => dial.numbers![at]!) };
});

for (const seed of ["1", "2", "3"]) {
  const { simulate, lifeYears } = evaluator({
    entry: join(folder, "node.ts"),
    scenario: base,
    scenarioFile,
    seed,
    sample: "10d",
  });
  const began = performance.now();
  const tuned = await tune({ dials, constraints: limits, simulate, lifeYears, evaluations: 24 });
  const seconds = (performance.now() - began) / 1000;
  const grid = allPositions(dials);
  const all = await simulate(grid.map((positions) => settingOf(dials, positions)));
  const whole = (performance.now() - began) / 1000 - seconds;
  const longest = Math.max(
    ...all.filter(({ outcome }) => keeps(limits, outcome)).map(({ outcome }) => outcome.lifeYears),
  );
  const row = [
    `seed ${seed}: ${shownSetting(tuned.best.setting)}`,
    tuned.best.outcome.lifeYears.toFixed(2),
    longest.toFixed(2),
    `${tuned.evaluations} of ${grid.length}`,
    `${seconds.toFixed(0)} of ${whole.toFixed(0)}`,
  ];
  process.stdout.write(
    `${table(["tuned", "years", "best of the grid", "simulated", "seconds"], [row], [1, 2, 3, 4])}\n`,
  );
}
