/** The causes of the energy as a table for the terminal. */
import type { CauseRow } from "../power/power.ts";
import { table } from "../terminal/table.ts";

const SHOWN_SHARE = 0.001;

export function causesTable(causes: readonly CauseRow[]): string {
  const shown = causes.filter(({ share }) => share >= SHOWN_SHARE);
  const rows = shown.map(({ cause, joulesPerDay, share, microamps, confidence }) => [
    cause,
    joulesPerDay.toFixed(3),
    `${(share * 100).toFixed(1)} %`,
    microamps.toFixed(2),
    confidence,
  ]);
  return table(["energy by cause", "J a day", "share", "mean µA", "rests on"], rows, [1, 2, 3]);
}
