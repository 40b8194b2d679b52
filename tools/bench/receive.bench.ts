/** How many messages a second one receiver stores durably, from 10,000 devices, 24 readings of three values each. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBatch } from "../../lib/encode/batch.ts";
import { openStore, Receiver } from "../receive/index.ts";

const DEVICES = 10_000;
const READINGS = 24;

const cells = Int32Array.from(Array.from({ length: READINGS }, (_, i) => [i * 900, 400 + i, 6000 - i, 3575]).flat());
const message = {
  journal: 7,
  age: 0,
  offset: 1.7e9,
  codes: "\x01\x02\x23",
  seq: 0,
  count: READINGS,
  cells,
  skipped: [],
};
const batch = encodeBatch(message);
const payload = new Uint8Array(Buffer.from(batch, "latin1"));

const folder = mkdtempSync(join(tmpdir(), "hibernode-bench-"));
for (const [name, messages] of [
  ["rows.ndjson", DEVICES],
  ["rows.csv", DEVICES],
  ["rows.sqlite", 2000],
] as const) {
  const store = await openStore(join(folder, name));
  const receiver = new Receiver({ store });
  const began = performance.now();
  for (let i = 0; i < messages; i++) await receiver.take({ device: `node-${i}`, payload, receivedMs: 1.7e12 });
  const rate = (messages / (performance.now() - began)) * 1000;
  await store.close();
  process.stdout.write(
    `${`receive, ${name}`.padEnd(28)}${Math.round(rate)} messages/s, ${Math.round(rate * READINGS * 3)} rows/s, ${messages} devices\n`,
  );
}
rmSync(folder, { recursive: true });
