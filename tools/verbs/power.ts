/** `hibernode power`: how long the battery lives, what eats it, what would change it, and how sure all that is. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import type { PowerReport } from "../power/power.ts";
import { deathWords, plain } from "../power/words.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import { load } from "./simulate.ts";
import type { Run as RunVerb, Verb } from "./verb.ts";

interface Options {
  readonly scenario?: string;
  readonly sample: string;
  readonly runs: string;
  readonly cores?: string;
  readonly nodes: string;
  readonly years: string;
  readonly visit: string;
  readonly seed: string;
  readonly out?: string;
}

const SHOWN_EFFECTS = 12;

export const powerVerb: Verb = (run: RunVerb) =>
  new Command("power")
    .description("how long the battery lives (P10, P50, P90), what eats it, and what would change it")
    .argument("<firmware>", "folder with node.ts and scenario.ts, for instance firmware/cold-chain")
    .option("--scenario <FILE>", "another scenario than the scenario.ts beside the firmware")
    .option("--sample <TIME>", "length of each sampled full simulation", "30d")
    .option("--runs <COUNT>", "lives that are drawn", "400")
    .option("--cores <COUNT>", "threads for the sampled simulations (default: all)")
    .option("--nodes <COUNT>", "nodes of the deployment, for the cost of battery changes", "100")
    .option("--years <YEARS>", "its years", "15")
    .option("--visit <COST>", "cost of one battery change", "50")
    .option("--seed <SEED>", "of everything random", "1")
    .option("--out <DIR>", "write report.html and the tables as CSV there")
    .action(run(power));

async function power(output: Output, path: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(path);
  if (firmware.script)
    throw new UserError("a script has no reports to count", { where: path, fix: "name a folder with a node.ts" });
  const scenarioFile = options.scenario ?? join(firmware.folder, "scenario.ts");
  const scenario = await loadScenario(firmware, options.scenario);
  const number = (flag: keyof Options & string, low: number): number => countOf(options[flag], `--${flag}`, low);
  const [runs, nodes] = [number("runs", 10), number("nodes", 1)];
  const [years, visit] = [number("years", 0), number("visit", 0)];
  const cores = options.cores === undefined ? undefined : number("cores", 1);
  const { bundle } = await load(output, firmware);
  const began = performance.now();
  const { powerReport } = await import("../power/power.ts");
  const report = await powerReport({
    ...{ scenario, scenarioFile, bundle, name: firmware.name, runs, cores, nodes, years, visit },
    seed: options.seed,
    sample: options.sample,
  });
  output.step("power", `${report.sampled.runs} sampled runs, ${runs} lives`, performance.now() - began);
  print(output, report);
  if (options.out !== undefined) await write(output, options.out, report);
  output.result({ power: report });
  return report.broken.length === 0;
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
  const shown = causes.filter(({ share }) => share >= 0.001);
  const rows = shown.map(({ cause, joulesPerDay, share, microamps, confidence }) => [
    cause,
    joulesPerDay.toFixed(3),
    `${(share * 100).toFixed(1)} %`,
    microamps.toFixed(2),
    confidence,
  ]);
  output.line(table(["energy by cause", "J a day", "share", "mean µA", "rests on"], rows, [1, 2, 3]));
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
