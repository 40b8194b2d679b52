/** A message at the broker in one line: how many readings, and the newest of each quantity. */
import { decodeBatch, type Row } from "../receive/decode.ts";

/** @param sensors names by number, as the firmware declares them */
export function uplinkLine(topic: string, payload: Uint8Array, sensors: readonly string[]): string {
  const head = `${topic}  ${payload.length} bytes`;
  try {
    return `${head}: ${summary(decodeBatch(payload).rows, sensors)}`;
  } catch {
    const text = Buffer.from(payload).toString("latin1");
    return `${head}: ${/^[\x20-\x7e]*$/.test(text) ? text.slice(0, 80) : "no telemetry of hibernode"}`;
  }
}

export function summary(rows: readonly Row[], sensors: readonly string[]): string {
  const newest = new Map<string, Row>();
  for (const row of rows) newest.set(`${sensors[row.sensor] ?? row.sensor}.${row.quantity}`, row);
  const values = [...newest].map(([name, { value, unit, fault }]) => `${name} ${fault ?? `${value} ${unit}`.trim()}`);
  return `${new Set(rows.map(({ seq }) => seq)).size} readings, the newest ${values.join(", ")}`;
}
