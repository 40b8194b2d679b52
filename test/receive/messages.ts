/** Telemetry messages for the receiver's tests, as a node encodes them. */
import { encodeBatch, type Batch } from "../../lib/encode/batch.ts";

/** `count` readings from number `seq` on, one a minute: temperature of sensor 0 (hundredths) is the number itself. */
export function message(seq: number, count: number, more: Partial<Batch> = {}): Uint8Array {
  const times = Array.from({ length: count }, (_, i) => (seq + i) * 60);
  const values = times.map((_, i) => seq + i);
  const batch = { journal: 7, age: 0, offset: 1_700_000_000, codes: [1], seq, times, values, ...more };
  return new Uint8Array(Buffer.from(encodeBatch(batch), "latin1"));
}
