/** The report's tables as CSV files, one table each. */
import { csvField } from "../csv-field.ts";
import type { WakeTrace } from "./load.ts";
import type { PowerReport } from "./power.ts";
import type { SurvivalReport } from "./survival.ts";

/** File name and content. */
export function csvFiles(report: PowerReport): Map<string, string> {
  const { lives, causes, effects, wake } = report;
  const files = new Map([
    ["causes.csv", causesCsv(causes)],
    ["lives.csv", csv(["years"], lives.years.map((years) => [years]))],
    ["charge.csv", csv(["years", "p10", "p50", "p90"], lives.band.map((point) => [point.years, point.p10, point.p50, point.p90]))],
    ["sensitivity.csv", csv(["change", "years", "gainYears"], effects.map((effect) => [effect.change, effect.years, effect.gain]))],
  ]); // prettier-ignore
  if (wake) files.set("wake.csv", wakeCsv(wake));
  return files;
}

/** The same for nodes that harvest. */
export function survivalCsvFiles({ causes, fates, whatIf, band, wake }: SurvivalReport): Map<string, string> {
  const fate = (one: (typeof fates)[number]) => [one.survived ? 1 : 0, one.lowestCharge, one.emptyHours, one.silenceDays, one.readingsPerDay, one.reportsPerDay]; // prettier-ignore
  const columns = ["survived", "lowestCharge", "emptyHours", "silenceDays", "readingsPerDay", "reportsPerDay"];
  const files = new Map([
    ["causes.csv", causesCsv(causes)],
    ["nodes.csv", csv(columns, fates.map(fate))],
    ["what-if.csv", csv(["change", ...columns], whatIf.map((one) => [one.change, ...fate(one)]))],
    ["charge.csv", csv(["day", "p10", "p50", "p90"], band.map((point) => [point.day, point.p10, point.p50, point.p90]))],
  ]); // prettier-ignore
  if (wake) files.set("wake.csv", wakeCsv(wake));
  return files;
}

const causesCsv = (causes: PowerReport["causes"]): string =>
  csv(["cause", "joulesPerDay", "share", "microamps", "restsOn"], causes.map((row) => [row.cause, row.joulesPerDay, row.share, row.microamps, row.confidence])); // prettier-ignore
const wakeCsv = ({ points }: WakeTrace): string =>
  csv(["seconds", "milliamps", "cause"], points.map((point) => [point.seconds, point.milliamps, point.cause])); // prettier-ignore

function csv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string =>
    typeof value === "number" ? String(Number(value.toPrecision(8))) : csvField(value);
  return [head, ...rows].map((row) => row.map(cell).join(",") + "\n").join("");
}
