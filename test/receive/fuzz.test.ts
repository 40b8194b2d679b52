/** Random and changed payloads to the decoder, the seals and the receiver: an error in words or rows that were sent, nothing else. */
import { createCipheriv } from "node:crypto";
import { encode } from "cborg";
import { describe, expect, test } from "vitest";
import { decodeBatch } from "../../tools/receive/decode.ts";
import { UserError } from "../../tools/errors.ts";
import { readPacket } from "../../tools/receive/mqtt-sn/packets.ts";
import { Receiver } from "../../tools/receive/receiver.ts";
import { decodeSenml } from "../../tools/receive/senml.ts";
import type { Commit, Store } from "../../tools/receive/store.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";
import { message } from "./messages.ts";

const RUNS = process.env.SOAK ? 1_000_000 : 20_000;
const LIMIT_MS = process.env.SOAK ? 1_800_000 : 60_000;
const SEED = process.env.FUZZ_SEED ?? "1";
const random = randomFor(SEED, "fuzz");
const below = (bound: number): number => Math.floor(random.next() * bound);

/** A payload of random bytes, or one of these with some bytes changed, cut, repeated or put in. */
function spoilt(from: readonly Uint8Array[]): Uint8Array {
  if (below(4) === 0) return Uint8Array.from({ length: below(80) }, () => below(256));
  const bytes = [...from[below(from.length)]!];
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const at = below(bytes.length || 1);
    const kind = below(4);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    else if (kind === 2) bytes.splice(at, 1 + below(8));
    else bytes.splice(at, 0, ...bytes.slice(at, at + 1 + below(8)));
  }
  return Uint8Array.from(bytes);
}

const plain = Array.from({ length: 20 }, (_, i) => message(i * 10, 1 + (i % 9)));

const packs = [1, 2, 3].flatMap((v) => {
  const record = { bn: "hut:", bt: 1.7e9 + v, n: "a", u: "Cel", v: 20.5 + v, s: v };
  const labelled = new Map<number, unknown>([[-2, "hut:"], [-3, 1.7e9 + v], [0, "a"], [1, "Cel"], [2, 20.5], [5, v]]); // prettier-ignore
  return [new Uint8Array(Buffer.from(JSON.stringify([record, { n: "b", vs: "x" }]))), encode([labelled])];
});

const key = Buffer.from("849b57219dae48de646d07dbb533566e", "hex");
/** COSE_Encrypt0 as a node seals it, by Node's own AES-CCM. */
function seal(payload: Uint8Array, counter: number): Uint8Array {
  const iv = Buffer.alloc(13);
  iv.writeUInt32BE(counter, 9);
  const cipher = createCipheriv("aes-128-ccm", key, iv, { authTagLength: 8 });
  const aad = Buffer.from("8368456e63727970743043a1010a40", "hex");
  cipher.setAAD(aad, { plaintextLength: payload.length });
  const body = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const head = Buffer.from([0xd0, 0x83, 0x43, 0xa1, 0x01, 0x0a, 0xa2, 0x04, 0x41, 0x01, 0x05, 0x4d]);
  return Buffer.concat([head, iv, Buffer.from([0x58, body.length]), body]);
}

class Kept implements Store {
  readonly known = new Map();
  readonly rows: Commit["rows"][number][] = [];
  commit(commits: readonly Commit[]): void {
    for (const { rows } of commits) this.rows.push(...rows);
  }
  close(): void {}
}

describe(`${RUNS.toLocaleString("en")} spoilt payloads, seed ${SEED}`, { timeout: LIMIT_MS }, () => {
  test.each([
    ["the decoder", (bytes: Uint8Array) => void decodeBatch(bytes), plain],
    ["the SenML reader", (bytes: Uint8Array) => void decodeSenml(bytes, 1.7e9), packs],
    ["the MQTT-SN reader", (bytes: Uint8Array) => void readPacket(bytes), plain],
  ])("get an answer from %s", (_, read, from) => {
    for (let i = 0; i < RUNS; i++) {
      const bytes = spoilt(from);
      try {
        read(bytes);
      } catch (error) {
        if (!(error instanceof UserError)) throw new Error(Buffer.from(bytes).toString("hex"), { cause: error });
      }
    }
  });

  test("become no row where the device seals; what it sends between them does", async () => {
    const store = new Kept();
    const receiver = new Receiver({ store, keys: new Map([["a", new Map([[1, key]])]]) });
    let sent = 0;
    for (let i = 0; i < RUNS; i++) {
      const genuine = i % 1000 === 999;
      const whole = seal(message(sent, 1), sent + 1);
      const payload = genuine ? whole : spoilt([whole, ...plain]);
      // some changes change nothing
      const isWhole = Buffer.compare(payload, whole) === 0;
      await receiver.take({ device: "a", payload, receivedMs: 1.7e12 });
      if (isWhole) sent++;
    }
    expect(store.rows.map(({ seq, value }) => [seq, value])).toEqual(
      Array.from({ length: sent }, (_, i) => [i, i / 100]),
    );
    expect(sent).toBeGreaterThanOrEqual(RUNS / 1000);
  });
});
