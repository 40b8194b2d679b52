/** Telemetry messages for the receiver's tests, as a node encodes them. */
import { payloadOf, type Readings } from "../encode/batches.ts";

/** `count` readings from number `seq` on, one a minute: temperature of sensor 0 (hundredths) is the number itself. */
export function message(seq: number, count: number, more: Partial<Readings> = {}): Uint8Array {
  const times = Array.from({ length: count }, (_, i) => (seq + i) * 60);
  const values = times.map((_, i) => seq + i);
  return payloadOf({ journal: 7, age: 0, offset: 1_700_000_000, codes: [1], seq, times, values, ...more });
}
