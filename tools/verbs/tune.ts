/** `hibernode tune`: the setting of a firmware's knobs that lives longest within what it must keep to. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import { changedLines, withConstants } from "../build/config-file.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import { shownConstraint, type Constraint, type Measure } from "../tune/constraints.ts";
import { dialsOf } from "../tune/knobs.ts";
import { shownSetting, type Point, type Tuned } from "../tune/tune.ts";
import type { Run as RunVerb, Verb } from "./verb.ts";

interface Options {
  readonly scenario?: string;
  readonly life?: string;
  readonly age?: string;
  readonly alarm?: string;
  readonly bytes?: string;
  readonly readings?: string;
  readonly knob: readonly string[];
  readonly sample: string;
  readonly evaluations: string;
  readonly seed: string;
  readonly cores?: string;
  readonly plot?: string;
  readonly dryRun?: boolean;
}

const collect = (value: string, list: readonly string[]): string[] => [...list, value];

export const tuneVerb: Verb = (run: RunVerb) =>
  new Command("tune")
    .description("find the knobs' setting that lives longest within constraints, and write it to config.ts")
    .argument("<firmware>", "folder with node.ts, config.ts and scenario.ts (which has the ranges, as knobs)")
    .option("--scenario <FILE>", "another scenario than the scenario.ts beside the firmware")
    .option("--life <TIME>", "battery life of at least this: 10y")
    .option("--age <TIME>", "95 % of the readings arrive before they are older than this: 6h")
    .option("--alarm <TIME>", "every alarm of the scenario is told within this: 20m")
    .option("--bytes <COUNT>", "at most so many bytes of payload a month")
    .option("--readings <COUNT>", "at least so many readings a day")
    .option("--knob <NAME>", "turn only this one; may be repeated", collect, [])
    .option("--sample <TIME>", "length of each full simulation", "10d")
    .option("--evaluations <COUNT>", "most settings that are simulated", "24")
    .option("--seed <SEED>", "of everything random", "1")
    .option("--cores <COUNT>", "threads (default: all)")
    .option("--plot <FILE>", "write the Pareto front of life against age there, as SVG")
    .option("--dry-run", "show what would change in config.ts, and leave it")
    .action(run(tuneFirmware));

async function tuneFirmware(output: Output, path: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(path);
  const scenarioFile = options.scenario ?? join(firmware.folder, "scenario.ts");
  const scenario = await loadScenario(firmware, options.scenario);
  const dials = dialsOf(firmware.folder, scenario, options.knob);
  const constraints = constraintsOf(options);
  parseDuration(options.sample, "--sample");
  const evaluations = count(options.evaluations, "--evaluations");
  const [{ tune }, { evaluator }] = await Promise.all([import("../tune/tune.ts"), import("../tune/evaluate.ts")]);
  const began = performance.now();
  const cores = options.cores === undefined ? undefined : count(options.cores, "--cores");
  const { simulate, lifeYears } = evaluator({ entry: firmware.entry, scenario, scenarioFile, dials, seed: options.seed, sample: options.sample, cores }); // prettier-ignore
  const bar = output.progress("tune");
  let done = 0;
  const tuned = await tune({
    ...{ dials, constraints, lifeYears, evaluations },
    async simulate(settings) {
      const results = await simulate(settings);
      bar.update((done += settings.length) / evaluations);
      return results;
    },
  }).finally(() => bar.done());
  output.step("tune", `${tuned.evaluations} settings simulated for ${options.sample}`, performance.now() - began);
  print(output, tuned, constraints);
  const file = join(firmware.folder, "config.ts");
  const before = readFileSync(file, "utf8");
  const after = withConstants(before, tuned.best.setting);
  const diff = changedLines(before, after);
  if (!diff.length) output.fact("config", "is at its best already");
  for (const line of diff) output.line((line.startsWith("-") ? pc.red : pc.green)(line));
  if (diff.length && !options.dryRun) {
    writeFileSync(file, after);
    output.fact("written", file);
  }
  if (options.plot !== undefined) {
    const { frontPlot } = await import("../tune/front-plot.ts");
    mkdirSync(dirname(options.plot), { recursive: true });
    writeFileSync(options.plot, frontPlot(tuned));
    output.fact("plot", options.plot);
  }
  output.result({ tune: { ...tuned, constraints, diff } });
  return true;
}

function constraintsOf({ life, age, alarm, bytes, readings }: Options): Constraint[] {
  const constraint = (measure: Measure, limit: number | undefined, atLeast: boolean): Constraint[] =>
    limit === undefined ? [] : [{ measure, limit, atLeast }];
  const seconds = (text: string | undefined, flag: string): number | undefined =>
    text === undefined ? undefined : parseDuration(text, flag);
  const lifeSeconds = seconds(life, "--life");
  return [
    ...constraint("lifeYears", lifeSeconds === undefined ? undefined : lifeSeconds / (365.25 * 86400), true),
    ...constraint("ageSeconds", seconds(age, "--age"), false),
    ...constraint("alarmSeconds", seconds(alarm, "--alarm"), false),
    ...constraint("bytesPerMonth", bytes === undefined ? undefined : count(bytes, "--bytes"), false),
    ...constraint("readingsPerDay", readings === undefined ? undefined : count(readings, "--readings"), true),
  ];
}

function count(text: string, where: string): number {
  const value = Number(text);
  if (text.trim() && value > 0 && Number.isFinite(value)) return value;
  throw new UserError(`"${text}" is not a number above 0`, { where, fix: "write for example 24" });
}

function print(output: Output, { best, front, binding }: Tuned, constraints: readonly Constraint[]): void {
  const row = ({ setting, outcome, positions }: Point): string[] => [
    `${positions.join() === best.positions.join() ? "→ " : "  "}${shownSetting(setting)}`,
    outcome.lifeYears.toFixed(1),
    formatDuration(Math.round(outcome.ageSeconds / 60) * 60),
    Math.round(outcome.bytesPerMonth).toLocaleString("en"),
    outcome.readingsPerDay.toFixed(1),
  ];
  const shown = front.includes(best) ? front : [...front, best];
  output.line();
  output.line(table(["life against freshness", "years", "age 95 %", "bytes a month", "readings a day"], shown.map(row), [1, 2, 3, 4])); // prettier-ignore
  output.line();
  for (const constraint of constraints) output.fact("keeps", shownConstraint(constraint));
  output.fact("best", `${pc.bold(shownSetting(best.setting))}: ${best.outcome.lifeYears.toFixed(1)} years`);
  output.fact("binds", binding);
}
