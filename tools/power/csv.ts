/** The report's tables as CSV files, one table each. */
import { csvField } from "../csv-field.ts";
import type { PowerReport } from "./power.ts";

/** File name and content. */
export function csvFiles(report: PowerReport): Map<string, string> {
  const { lives, causes, effects, wake } = report;
  const files = new Map([
    ["causes.csv", csv(["cause", "joulesPerDay", "share", "microamps", "restsOn"], causes.map((row) => [row.cause, row.joulesPerDay, row.share, row.microamps, row.confidence]))],
    ["lives.csv", csv(["years"], lives.years.map((years) => [years]))],
    ["charge.csv", csv(["years", "p10", "p50", "p90"], lives.band.map((point) => [point.years, point.p10, point.p50, point.p90]))],
    ["sensitivity.csv", csv(["change", "years", "gainYears"], effects.map((effect) => [effect.change, effect.years, effect.gain]))],
  ]); // prettier-ignore
  if (wake) files.set("wake.csv", csv(["seconds", "milliamps", "cause"], wake.points.map((point) => [point.seconds, point.milliamps, point.cause]))); // prettier-ignore
  return files;
}

function csv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string =>
    typeof value === "number" ? String(Number(value.toPrecision(8))) : csvField(value);
  return [head, ...rows].map((row) => row.map(cell).join(",") + "\n").join("");
}
