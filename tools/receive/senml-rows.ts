/**
 * Rows from SenML. Its records have no numbers: one is told by its name and time, and those that came last are remembered,
 * so that what a broker or a node repeats makes no second row.
 */
import { decodeSenml } from "./senml.ts";
import type { StoredRow } from "./store.ts";

/** Times in milliseconds by name, in the order in which they came. */
export type SenmlTimes = Readonly<Record<string, readonly number[]>>;

/** Two of the longest batches of a node, and more: what is repeated is repeated soon. */
const REMEMBERED = 300;

export interface SenmlRows {
  readonly rows: StoredRow[];
  /** Records without a number, in words. */
  readonly texts: readonly string[];
  readonly times: SenmlTimes;
}

/** @throws UserError for anything but a SenML pack */
export function senmlRows(
  payload: Uint8Array,
  device: string,
  receivedMs: number,
  received: string,
  known: SenmlTimes = {},
): SenmlRows {
  const times: Record<string, readonly number[]> = { ...known };
  const rows: StoredRow[] = [];
  const texts: string[] = [];
  for (const { name, unit = "", value, sum, time } of decodeSenml(payload, Math.floor(receivedMs / 1000))) {
    const ms = Math.round(time * 1000);
    if (Math.abs(ms) > 8.64e15) continue;
    const before = times[name] ?? [];
    if (before.includes(ms)) continue;
    times[name] = [...before.slice(1 - REMEMBERED), ms];
    const row = (of: string, number: number): void =>
      void rows.push({
        ...{ device, journal: "senml", seq: ms, name: of, value: number, unit, fault: null },
        time: new Date(ms).toISOString().replace(".000Z", "Z"),
        rawSeconds: Math.floor(time),
        received,
      });
    if (typeof value === "number" || typeof value === "boolean") row(name, Number(value));
    else if (value !== undefined)
      texts.push(`${name}: ${typeof value === "string" ? value : Buffer.from(value).toString("hex")}`);
    if (sum !== undefined) row(`${name}.sum`, sum);
  }
  return { rows, texts, times };
}
