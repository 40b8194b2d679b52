import { Decoder } from "cbor-x";
import { decode as decodeStrictly } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBatch, type Batch } from "../../lib/encode/batch.ts";
import { ABSENT, CRC, FAULT, faultWords, NAK } from "../../lib/faults.ts";
import { decodeBatch } from "../../tools/receive/decode.ts";
import { batches } from "./batches.ts";

const cborX = new Decoder({ useRecords: false, mapsAsObjects: false });
const payloadOf = (batch: Batch) => new Uint8Array(Buffer.from(encodeBatch(batch), "latin1"));

const quarterHours: Batch = {
  journal: 0xcafe,
  seq: 1000,
  offset: 1700000000,
  age: 3600,
  times: [900, 1800, 2700],
  codes: [1, 2, 35],
  values: [450, 5500, 3600, 452, FAULT + CRC, 3599, 449, 5510, ABSENT],
};

describe("a batch", () => {
  test("is the columns that telemetry.cddl describes", () => {
    const bytes = payloadOf(quarterHours);
    expect(Buffer.from(bytes).toString("hex")).toBe(
      "86" + "01" + "19cafe" + "1903e8" + "821a6553f100190e10" + "83190384190384" + "02" +
        "86" + "01" + "831901c20222" + "02" + "8319157c81020a" + "1823" + "83190e1020f6", // prettier-ignore
    );
    expect(cborX.decode(bytes)).toEqual([
      1,
      0xcafe,
      1000,
      [1700000000, 3600],
      [900, 900, 2],
      [1, [450, 2, -3], 2, [5500, [CRC], 10], 35, [3600, -1, null]],
    ]);
  });

  test("says uneven times as changes of the step", () => {
    const message = cborX.decode(
      payloadOf({ ...quarterHours, codes: [], times: [10, 910, 1811, 2710, 6310] }),
    ) as unknown[];
    expect(message[4]).toEqual([10, 900, [1, -2, 2701]]);
  });

  test.each([
    ["none", [], []],
    ["one", [77], [77, 0, 0]],
    ["two", [77, 977], [77, 900, 1]],
  ])("says the times of few readings: %s", (_, times, expected) => {
    expect((cborX.decode(payloadOf({ ...quarterHours, codes: [], times })) as unknown[])[4]).toEqual(expected);
  });

  test("says what is unknown or lost", () => {
    const message = cborX.decode(
      payloadOf({ ...quarterHours, offset: undefined, times: [], codes: [], skipped: [[4, 2, 1], [9, 1, 2]] }), // prettier-ignore
    ) as unknown[];
    expect(message[3]).toBeNull();
    expect(message[6]).toEqual([
      [4, 2, 1],
      [9, 1, 2],
    ]);
  });

  test("costs about a byte per value: 24 hours of temperature and humidity in less than 90 bytes", () => {
    const times = Array.from({ length: 24 }, (_, i) => 3600 * i);
    const values = times.flatMap((_, i) => [
      Math.round(500 + 20 * Math.sin(i / 4)),
      Math.round(5500 + 20 * Math.cos(i / 4)),
    ]);
    expect(payloadOf({ ...quarterHours, times, codes: [1, 2], values }).length).toBeLessThan(90);
  });

  test("is read alike by cbor-x and by cborg at its strictest, 3000 random ones", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const payload = payloadOf(batch);
        const strict: unknown = decodeStrictly(payload, {
          strict: true,
          allowIndefinite: false,
          allowUndefined: false,
        });
        expect(cborX.decode(payload)).toEqual(strict);
      }),
      { numRuns: 3000 },
    );
  });

  test("comes back reading for reading, 3000 random ones", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const decoded = decodeBatch(payloadOf(batch));
        const scale = [1, 100, 100, 1000, 1];
        const expected = Array.from(batch.times).flatMap((at, i) =>
          Array.from(batch.codes).flatMap((code, column) => {
            const value = batch.values[i * batch.codes.length + column]!;
            const word = faultWords[value - FAULT]?.[0] ?? `fault-${value - FAULT}`;
            const reading = value < FAULT ? { value: value / scale[code % 32]! } : { fault: word };
            const time = batch.offset === undefined ? {} : { unix: at + batch.offset };
            return value === ABSENT
              ? []
              : [{ seq: batch.seq + i, rawSeconds: at, ...time, sensor: code >> 5, ...reading }];
          }),
        );
        expect(decoded.rows.map(({ quantity: _, unit: __, ...row }) => row)).toEqual(expected);
        expect(decoded).toMatchObject({ journal: batch.journal, seq: batch.seq, count: batch.times.length });
        expect(decoded.skipped.map(({ first, count }) => [first, count])).toEqual(
          batch.skipped?.map(([first, count]) => [first, count]) ?? [],
        );
      }),
      { numRuns: 3000 },
    );
  });

  test("names the quantity, its unit and the fault", () => {
    expect(decodeBatch(payloadOf({ ...quarterHours, times: [0], values: [-1234, FAULT + NAK, 3600] })).rows).toEqual([
      { seq: 1000, rawSeconds: 0, unix: 1700000000, sensor: 0, quantity: "temperature", unit: "°C", value: -12.34 },
      { seq: 1000, rawSeconds: 0, unix: 1700000000, sensor: 0, quantity: "humidity", unit: "%RH", fault: "nak" },
      { seq: 1000, rawSeconds: 0, unix: 1700000000, sensor: 1, quantity: "voltage", unit: "V", value: 3.6 },
    ]);
  });
});
