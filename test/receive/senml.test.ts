/** SenML at the receiver: in both forms, sealed or not, each record once. */
import { encode } from "cborg";
import { expect, test } from "vitest";
import { encodeBatch } from "../../lib/encode/batch.ts";
import { senml } from "../../lib/encode/senml.ts";
import { sealEncrypt0 } from "../../tools/receive/cose.ts";
import { Receiver, type Taken } from "../../tools/receive/receiver.ts";
import { isSenml } from "../../tools/receive/senml.ts";
import type { Commit, DeviceState } from "../../tools/receive/store.ts";
import { batches, batchOf } from "../encode/batches.ts";
import fc from "fast-check";
import { message } from "./messages.ts";

const KEY = new Uint8Array(16).fill(3);
const NOW = 1_800_000_000;

/** A store that another receiver may go on with. */
function storeOf(known = new Map<string, DeviceState>()) {
  return {
    known,
    commit(commits: readonly Commit[]) {
      for (const { device, state } of commits) if (state) known.set(device, JSON.parse(JSON.stringify(state)) as DeviceState); // prettier-ignore
    },
    close: () => undefined,
  };
}
const take = (receiver: Receiver, payload: Uint8Array): Promise<Taken> =>
  receiver.take({ device: "hut", payload, receivedMs: NOW * 1000 });
const json = (pack: unknown): Uint8Array => new Uint8Array(Buffer.from(JSON.stringify(pack)));
const shown = ({ rows }: Taken): string[] => rows.map(({ name, value, unit, time }) => `${time} ${name} ${value} ${unit}`); // prettier-ignore

const RFC_5_1_2 = [
  { bn: "urn:dev:ow:10e2073a0108006:", bt: 1.276020076001e9, bu: "A", bver: 5, n: "voltage", u: "V", v: 120.1 },
  { n: "current", t: -5, v: 1.2 },
  { n: "current", t: -4, v: 1.3 },
];
const RFC_ROWS = [
  "2010-06-08T18:01:16.001Z urn:dev:ow:10e2073a0108006:voltage 120.1 V",
  "2010-06-08T18:01:11.001Z urn:dev:ow:10e2073a0108006:current 1.2 A",
  "2010-06-08T18:01:12.001Z urn:dev:ow:10e2073a0108006:current 1.3 A",
];

test("the example of RFC 8428, 5.1.2, in JSON makes three rows; repeated, and after a restart, none", async () => {
  const store = storeOf();
  const receiver = new Receiver({ store });
  const first = await take(receiver, json(RFC_5_1_2));
  expect(shown(first)).toEqual(RFC_ROWS);
  expect(first.notices.map(({ kind, text }) => `${kind}: ${text}`)).toEqual(["first: SenML"]);
  expect((await take(receiver, json(RFC_5_1_2))).rows).toEqual([]);
  const restarted = new Receiver({ store });
  expect((await take(restarted, json(RFC_5_1_2))).rows).toEqual([]);
  const further = await take(restarted, json([...RFC_5_1_2, { n: "current", t: -3, v: 1.4 }]));
  expect(shown(further)).toEqual(["2010-06-08T18:01:13.001Z urn:dev:ow:10e2073a0108006:current 1.4 A"]);
});

test("what is no number is told, truth is 0 or 1, a sum has a name of its own", async () => {
  const receiver = new Receiver({ store: storeOf() });
  const taken = await take(
    receiver,
    json([
      { bn: "hut:", bt: NOW, n: "label", vs: "Machine Room" },
      { n: "open", vb: true },
      { n: "nfc", vd: "aGk" },
      { n: "water", u: "l", s: 7 },
    ]),
  );
  expect(taken.rows.map(({ name, value }) => [name, value])).toEqual([["hut:open", 1], ["hut:water.sum", 7]]); // prettier-ignore
  expect(taken.notices.map(({ text }) => text)).toEqual(["SenML", "hut:label: Machine Room", "hut:nfc: 6869"]);
});

test("sealed SenML of a node is opened, what follows unsealed is refused", async () => {
  const receiver = new Receiver({ store: storeOf(), keys: new Map([["hut", new Map([[1, KEY]])]]) });
  const plain = encode([new Map<number, unknown>([[-3, NOW], [0, "a"], [2, 5]])]); // prettier-ignore
  expect(shown(await take(receiver, sealEncrypt0(KEY, 1, new Uint8Array(13), plain)))).toEqual([
    "2027-01-15T08:00:00Z a 5 ",
  ]);
  expect((await take(receiver, plain)).notices[0]!.kind).toBe("rejected");
});

test.each([
  ["a later version", [{ bver: 11, n: "a", v: 1 }], /version 11/],
  ["a field that must be understood", [{ n: "a", v: 1, x_: 1 }], /x_ must be understood/],
  ["a text as value", [{ n: "a", v: "1" }], /v: expected a number/],
  ["a number as record", [4], /a record is no map/],
])("a pack with %s is no row but a notice", async (_, pack, words) => {
  const taken = await take(new Receiver({ store: storeOf() }), json(pack));
  expect(taken.rows).toEqual([]);
  expect(taken.notices[0]!.text).toMatch(words);
});

test("a batch of ours is never taken for SenML, and SenML of ours always is", () => {
  expect(isSenml(message(0, 5))).toBe(false);
  const columns = Array.from({ length: 8 }, (_, i) => [`c${i}`, "Cel", 2] as const);
  fc.assert(
    fc.property(batches, (of) => {
      const batch = batchOf(of);
      const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
      expect(isSenml(bytes(encodeBatch(batch)))).toBe(false);
      const pack = bytes(senml(columns)(batch));
      if (pack.length > 1) expect(isSenml(pack)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
