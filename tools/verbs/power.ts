/** `hibernode power`: how long the battery lives, what eats it, what would change it, and how sure all that is. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import { checkPeak } from "../simulator/peak-check.ts";
import type { Comparison } from "../power/measured/compare.ts";
import type { MeasuredTrace } from "../power/measured/trace-file.ts";
import type { PowerReport } from "../power/power.ts";
import { deathWords, plain } from "../power/words.ts";
import { findCell } from "../simulator/energy/cells.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import { causesTable } from "./power-causes.ts";
import { powerOfHarvest } from "./power-harvest.ts";
import { powerOfUpdates } from "./power-update.ts";
import { load } from "./simulate.ts";
import type { Run as RunVerb, Verb } from "./verb.ts";

interface Options {
  readonly scenario?: string;
  readonly sample?: string;
  readonly runs?: string;
  readonly cores?: string;
  readonly nodes: string;
  readonly years: string;
  readonly visit: string;
  readonly seed: string;
  readonly out?: string;
  readonly measured?: string;
  readonly boardFile?: string;
}

const SHOWN_EFFECTS = 12;
const SAMPLE = "30d";
const LIVES = 400;
const HARVEST_NODES = 24;

export const powerVerb: Verb = (run: RunVerb) =>
  new Command("power")
    .description("how long the battery lives (P10, P50, P90), what eats it, and what would change it")
    .argument("<firmware>", "folder with node.ts and scenario.ts, for instance firmware/cold-chain")
    .option("--scenario <FILE>", "another scenario than the scenario.ts beside the firmware")
    .option("--sample <TIME>", "length of each full simulation (default: 30d; with a harvester, the scenario's)")
    .option(
      "--runs <COUNT>",
      `nodes that are drawn (default: ${LIVES}; with a harvester ${HARVEST_NODES}, simulated in full)`,
    )
    .option("--cores <COUNT>", "threads for the sampled simulations (default: all)")
    .option("--nodes <COUNT>", "nodes of the deployment, for the cost of battery changes", "100")
    .option("--years <YEARS>", "its years", "15")
    .option("--visit <COST>", "cost of one battery change", "50")
    .option("--seed <SEED>", "of everything random", "1")
    .option("--out <DIR>", "write report.html and the tables as CSV there")
    .option(
      "--measured <FILE>",
      "CSV of a power profiler (PPK2, Otii, Joulescope) with a wake that reports: compare by state",
    )
    .option("--board-file <FILE>", "write a board file with the measured currents there (with --measured)")
    .action(run(power));

async function power(output: Output, path: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(path);
  if (firmware.script)
    throw new UserError("a script has no reports to count", { where: path, fix: "name a folder with a node.ts" });
  const scenarioFile = options.scenario ?? join(firmware.folder, "scenario.ts");
  const scenario = await loadScenario(firmware, options.scenario);
  checkPeak(scenario).forEach((warning) => output.warn(warning));
  const number = (flag: keyof Options & string, low: number): number => countOf(options[flag], `--${flag}`, low);
  const harvests = scenario.harvester !== undefined && findCell(scenario.cell).rechargeable === true;
  const runs = options.runs === undefined ? (harvests ? HARVEST_NODES : LIVES) : number("runs", harvests ? 1 : 10);
  const nodes = number("nodes", 1);
  const [years, visit] = [number("years", 0), number("visit", 0)];
  const cores = options.cores === undefined ? undefined : number("cores", 1);
  const trace = await measuredTrace(options);
  const { bundle } = await load(output, firmware);
  const { name } = firmware;
  const { seed } = options;
  const sample = options.sample ?? (harvests ? scenario.lasts : SAMPLE);
  if (harvests) {
    if (trace)
      throw new UserError("a node that harvests has no single wake to compare", {
        where: "--measured",
        fix: "take a scenario with the same parts on a cell: --scenario FILE",
      });
    const survival = await powerOfHarvest(
      output,
      { scenario, scenarioFile, bundle, name, seed, sample, runs, cores },
      options.out,
    );
    const update = await powerOfUpdates(output, scenario, bundle);
    output.result({ survival, ...(update && { update }) });
    return survival.broken.length === 0;
  }
  const began = performance.now();
  const { powerReport } = await import("../power/power.ts");
  const report = await powerReport({
    ...{ scenario, scenarioFile, bundle, name, seed, sample, runs, cores, nodes, years, visit },
  });
  output.step("power", `${report.sampled.runs} sampled runs, ${runs} lives`, performance.now() - began);
  print(output, report);
  const update = await powerOfUpdates(output, scenario, bundle);
  if (options.out !== undefined) await write(output, options.out, report);
  const measured = trace && (await compare(output, report, trace, options, scenario.board.default.id));
  output.result({ power: report, ...(update && { update }), ...(measured && { measured }) });
  return report.broken.length === 0;
}

/** Read before the work: a trace that cannot be read is known at once. */
async function measuredTrace({ measured, boardFile }: Options): Promise<MeasuredTrace | undefined> {
  if (measured === undefined) {
    if (boardFile === undefined) return undefined;
    throw new UserError("there are no measured currents to write", {
      where: "--board-file",
      fix: "add --measured FILE",
    });
  }
  if (!existsSync(measured)) throw new UserError("no such trace", { where: measured, fix: "name a CSV file" });
  const { readTrace } = await import("../power/measured/trace-file.ts");
  return readTrace(readFileSync(measured, "utf8"), measured);
}

async function compare(
  output: Output,
  { wake }: PowerReport,
  trace: MeasuredTrace,
  { measured: file = "", boardFile }: Options,
  board: string,
): Promise<Comparison> {
  const { compareWake } = await import("../power/measured/compare.ts");
  if (!wake)
    throw new UserError("the simulated node never reported", { where: "--measured", fix: "sample for longer" });
  const comparison = compareWake(wake, trace, file);
  const rows = comparison.states.map(({ cause, seconds, simulatedMilliamps: ours, measuredMilliamps: theirs }) => [
    cause,
    seconds.toFixed(2),
    ours.toPrecision(3),
    theirs.toPrecision(3),
    `${((theirs / ours - 1) * 100).toFixed(0)} %`,
  ]);
  output.line();
  output.line(table(["state", "seconds", "simulated mA", "measured mA", "difference"], rows, [1, 2, 3, 4]));
  output.fact(
    "aligned",
    `${comparison.shiftSeconds.toFixed(2)} s into the trace, likeness ${comparison.likeness.toFixed(2)}`,
  );
  if (boardFile !== undefined) {
    const { calibratedBoard } = await import("../power/measured/board-file.ts");
    writeFileSync(boardFile, calibratedBoard(board, comparison, file));
    output.fact("written", `${boardFile}: import it in the scenario in place of hibernode/boards/${board}`);
  }
  return comparison;
}

function countOf(text: string | undefined, where: string, low: number): number {
  const value = Number(text);
  if (text?.trim() && Number.isFinite(value) && value >= low) return value;
  throw new UserError(`"${text ?? ""}" is not a number of at least ${low}`, {
    where,
    fix: `write for example ${low || 10}`,
  });
}

function print(output: Output, report: PowerReport): void {
  const { lives, causes, effects, cost, bounds } = report;
  output.line();
  output.line(causesTable(causes));
  output.line();
  const gains = effects
    .slice(0, SHOWN_EFFECTS)
    .map(({ change, years, gain }) => [
      change,
      years.toFixed(1),
      `${gain < 0 ? "−" : "+"}${Math.abs(gain).toFixed(1)}`,
    ]);
  output.line(table(["what would change it", "years", "gain"], gains, [1, 2]));
  output.line();
  const life = `${plain(lives.p10)} / ${plain(lives.p50)} / ${plain(lives.p90)} years`;
  output.fact("life", `${pc.bold(life)} (P10, P50, P90) on one ${report.cell}`);
  output.fact("ends by", deathWords(report));
  output.fact(
    "changes",
    `${plain(cost.changes, 0)} batteries in ${plain(cost.years)} years for ${plain(cost.nodes, 0)} nodes: ${plain(cost.total, 0)} at ${plain(cost.visit)} each`,
  );
  output.fact(
    "unverified",
    `${plain(report.unverifiedShare * 100)} % of the energy; ${plain(bounds.worst)} or ${plain(bounds.best)} years with these figures at their bad or good bound`,
  );
  output.fact("surrogate", `${plain(report.surrogateError * 100)} % from the full run in mean current`);
  for (const text of report.broken) output.fact("broken", text, pc.red);
}

async function write(output: Output, folder: string, report: PowerReport): Promise<void> {
  const [{ csvFiles }, { htmlReport }] = await Promise.all([import("../power/csv.ts"), import("../power/html.ts")]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.html"), htmlReport(report));
  for (const [name, text] of csvFiles(report)) writeFileSync(join(folder, name), text);
  output.fact("written", `${join(folder, "report.html")} and the tables as CSV`);
}
