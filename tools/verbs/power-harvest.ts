/** `hibernode power` for a node that lives on what it harvests: whether it comes through, not how many years it has. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import type { Fate, SurvivalOptions, SurvivalReport } from "../power/survival.ts";
import { plain, survivalWords } from "../power/words.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import { causesTable } from "./power-causes.ts";

export async function powerOfHarvest(output: Output, options: SurvivalOptions, out?: string): Promise<SurvivalReport> {
  const began = performance.now();
  const { survivalReport } = await import("../power/survival.ts");
  const report = await survivalReport(options);
  output.step(
    "power",
    `${report.nodes} nodes and ${report.whatIf.length + 1} cases, simulated in full`,
    performance.now() - began,
  );
  print(output, report);
  if (out !== undefined) await write(output, out, report);
  return report;
}

function print(output: Output, report: SurvivalReport): void {
  const { lowestCharge, nominal, whatIf, harvest, causes, unverifiedShare, broken } = report;
  output.line();
  output.line(causesTable(causes));
  output.line();
  const row = (change: string, fate: Fate): string[] => [
    change,
    fate.survived ? "yes" : `empty for ${plain(fate.emptyHours)} h`,
    `${plain(fate.lowestCharge * 100)} %`,
    plain(fate.silenceDays),
    plain(fate.readingsPerDay),
  ];
  const rows = [row("as it is", nominal), ...whatIf.map(({ change, ...fate }) => row(change, fate))];
  output.line(table(["what if", "comes through", "lowest", "days silent", "readings/d"], rows, [2, 3, 4]));
  output.line();
  output.fact("survives", pc.bold(survivalWords(report)));
  output.fact(
    "store",
    `${plain(lowestCharge.p10 * 100)} / ${plain(lowestCharge.p50 * 100)} / ${plain(lowestCharge.p90 * 100)} % at the lowest (P10, P50, P90) of one ${report.cell}`,
  );
  output.fact(
    "harvest",
    `${plain(harvest.offeredJoulesPerDay)} J a day offered, ${plain(harvest.usedJoulesPerDay)} used; ageing of the store is not simulated`,
  );
  output.fact("unverified", `${plain(unverifiedShare * 100)} % of the energy`);
  for (const text of broken) output.fact("broken", text, pc.red);
}

async function write(output: Output, folder: string, report: SurvivalReport): Promise<void> {
  const [{ survivalCsvFiles }, { survivalHtml }] = await Promise.all([
    import("../power/csv.ts"),
    import("../power/survival-html.ts"),
  ]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.html"), survivalHtml(report));
  for (const [name, text] of survivalCsvFiles(report)) writeFileSync(join(folder, name), text);
  output.fact("written", `${join(folder, "report.html")} and the tables as CSV`);
}
