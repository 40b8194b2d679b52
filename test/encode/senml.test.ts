/** SenML in CBOR both ways: the examples of RFC 8428, and what a node writes read by independent decoders. */
import { Decoder } from "cbor-x";
import { encode } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { senml } from "../../lib/encode/senml.ts";
import { ABSENT, CRC, FAULT } from "../../lib/faults.ts";
import { UserError } from "../../tools/errors.ts";
import { decodeSenml } from "../../tools/receive/senml.ts";
import { batches, batchOf } from "./batches.ts";

const NOW = 1_800_000_000;
type Pair = [label: number | string, value: unknown];
const pack = (...records: Pair[][]) => encode(records.map((record) => new Map(record)));

const OW = "urn:dev:ow:10e2073a0108006:";

describe("reading SenML", () => {
  test("resolves RFC 8428's pack of voltage and current (sections 5.1.2 and 6)", () => {
    const currents = [-5, -4, -3, -2, -1].map((t, i): Pair[] => [[0, "current"], [6, t], [2, (12 + i) / 10]]); // prettier-ignore
    const example = pack(
      [[-2, OW], [-3, 1276020076.001], [-4, "A"], [-1, 5], [0, "voltage"], [1, "V"], [2, 120.1]], // prettier-ignore
      ...currents,
      [[0, "current"], [6, 0], [2, 1.7]], // prettier-ignore
    );
    expect(decodeSenml(example, NOW)).toEqual([
      { name: `${OW}voltage`, unit: "V", value: 120.1, time: 1276020076.001 },
      ...[1.2, 1.3, 1.4, 1.5, 1.6, 1.7].map((value, i) => ({
        name: `${OW}current`,
        unit: "A",
        value,
        time: 1276020071.001 + i,
      })),
    ]);
  });

  test("reads other kinds of data (section 5.1.4), sums and values with a base", () => {
    const example = pack(
      [[-2, "urn:dev:ow:10e2073a01080063:"], [0, "temp"], [1, "Cel"], [2, 23.1]], // prettier-ignore
      [[0, "label"], [3, "Machine Room"]], // prettier-ignore
      [[0, "open"], [4, false]], // prettier-ignore
      [[0, "nfc-reader"], [8, Buffer.from("hi")]], // prettier-ignore
      [[-5, 20], [-6, 5], [0, "sum"], [2, 1.5], [5, 2], [7, 60]], // prettier-ignore
    );
    const records = decodeSenml(example, NOW);
    expect(records.map(({ value }) => (value instanceof Uint8Array ? String(Buffer.from(value)) : value))).toEqual([
      23.1,
      "Machine Room",
      false,
      "hi",
      21.5,
    ]);
    expect(records[4]).toMatchObject({ sum: 7, time: NOW });
  });

  test.each([
    ["text", Buffer.from("temperature=4"), /not a SenML pack/],
    ["a later version", pack([[-1, 11], [0, "a"], [2, 1]]), /version 11/], // prettier-ignore
    ["a name with spaces", pack([[0, "a b"], [2, 1]]), /the name "a b"/], // prettier-ignore
    ["no name", pack([[2, 1]]), /the name ""/],
    ["two values", pack([[0, "a"], [2, 1], [4, true]]), /several values/], // prettier-ignore
    ["a field that must be understood", pack([[0, "a"], [2, 1], ["x_", 1]]), /x_ must be understood/], // prettier-ignore
    ["a value that is text", pack([[0, "a"], [2, "1"]]), /v: expected a number/], // prettier-ignore
    ["not a number", pack([[0, "a"], [2, NaN]]), /v: expected a number/], // prettier-ignore
  ])("refuses %s", (_, payload, reason) => {
    expect(() => decodeSenml(payload, NOW)).toThrow(UserError);
    expect(() => decodeSenml(payload, NOW)).toThrow(reason);
  });

  test("answers random bytes with a UserError or records, 20,000 times", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodeSenml(bytes, NOW);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 20000 },
    );
  });
});

describe("writing SenML", () => {
  const write = senml(
    [
      ["cargo.temperature", "Cel", 2],
      ["door.open", "/", 0],
    ],
    "urn:dev:truck-17:",
  );
  const bytesOf = (message: string) => new Uint8Array(Buffer.from(message, "latin1"));
  const two = { journal: 1, seq: 0, age: 0, codes: [1, 36], times: [100, 700] };

  test("says name, unit, decimal value and time; what has no value has no record", () => {
    const values = [2150, 1, FAULT + CRC, ABSENT];
    const message = bytesOf(write(batchOf({ ...two, offset: 1_700_000_000, values })));
    const records = new Decoder({ useRecords: false, mapsAsObjects: false }).decode(message) as Map<number, unknown>[];
    expect(records.map((record) => [...record.keys()])).toEqual([
      [-2, -3, 0, 1, 2],
      [0, 1, 2],
    ]);
    expect(decodeSenml(message, NOW)).toEqual([
      { name: "urn:dev:truck-17:cargo.temperature", unit: "Cel", value: 21.5, time: 1_700_000_100 },
      { name: "urn:dev:truck-17:door.open", unit: "/", value: 1, time: 1_700_000_100 },
    ]);
  });

  test("counts times from now while no network has told the time", () => {
    const message = bytesOf(write(batchOf({ ...two, values: [2150, 1, 2160, 1] })));
    expect(decodeSenml(message, NOW).map(({ time }) => time - NOW)).toEqual([-600, -600, 0, 0]);
  });

  test("keeps every value and time of 500 random batches", () => {
    fc.assert(
      fc.property(batches, (readings) => {
        const columns = readings.codes.map((code): [string, string, number] => [`c${code}`, "V", 2]);
        const batch = batchOf({ ...readings, offset: 1_700_000_000 });
        const rows = readings.times.flatMap((at, i) =>
          readings.codes.flatMap((code, c) => {
            const value = readings.values[i * readings.codes.length + c]!;
            return value < FAULT ? [[`c${code}`, at + 1_700_000_000, value]] : [];
          }),
        );
        const records = decodeSenml(bytesOf(senml(columns)(batch)), NOW);
        expect(records.map(({ name, time, value }) => [name, time, Math.round(Number(value) * 100)])).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });
});
