/**
 * How many messages a second one receiver stores durably, from 10,000 devices, 24 readings of three values each: alone and
 * as many in a commit as a broker has ready. Then at a broker, as a program of its own that is killed again and again.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBatch } from "../../lib/encode/batch.ts";
import { openStore, Receiver } from "../receive/index.ts";
import { randomFor } from "../simulator/world/random.ts";
import { receiveUnderLoad } from "./receive-load.ts";

const DEVICES = 10_000;
const READINGS = 24;

const rows = Array.from({ length: READINGS }, (_, i) => [i * 900, 400 + i, 6000 - i, 3575]);
const message = {
  journal: 7,
  age: 0,
  offset: 1.7e9,
  codes: "\x01\x02\x23",
  seq: 0,
  count: READINGS,
  column: (index: number) => Int32Array.from(rows, (row) => row[index]!),
  skipped: [],
};
const batch = encodeBatch(message);
const payload = new Uint8Array(Buffer.from(batch, "latin1"));

const folder = mkdtempSync(join(tmpdir(), "hibernode-bench-"));
const say = (what: string, text: string) => process.stdout.write(`${`receive, ${what}`.padEnd(40)}${text}\n`);
for (const [name, messages, group] of [
  ["rows.ndjson", 1000, 1],
  ["rows.ndjson", DEVICES, 20],
  ["rows.ndjson", DEVICES, 256],
  ["rows.csv", DEVICES, 256],
  ["rows.sqlite", 500, 1],
  ["rows.sqlite", 2000, 20],
  ["rows.sqlite", 2000, 256],
] as const) {
  const store = await openStore(join(folder, `${group}-${name}`));
  const receiver = new Receiver({ store });
  const began = performance.now();
  for (let i = 0; i < messages; i += group)
    await receiver.takeAll(
      Array.from({ length: Math.min(group, messages - i) }, (_, j) => ({
        device: `node-${i + j}`,
        payload,
        receivedMs: 1.7e12,
      })),
    );
  const rate = (messages / (performance.now() - began)) * 1000;
  await store.close();
  say(`${name}, ${group} a commit`, `${Math.round(rate)} messages/s, ${Math.round(rate * READINGS * 3)} rows/s`);
}
for (const kind of ["ndjson", "sqlite"]) {
  const out = join(folder, `load.${kind}`);
  const load = { devices: DEVICES, messagesEach: 1, kills: 5, random: randomFor(1, kind), out };
  const { messages, messagesPerSecond, kills } = await receiveUnderLoad(load);
  say(`${kind} at a broker`, `${Math.round(messagesPerSecond)} messages/s, ${messages} messages, ${kills} kills`);
}
rmSync(folder, { recursive: true });
