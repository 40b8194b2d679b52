import { join } from "node:path";
import { Decoder } from "cbor-x";
import { decode as decodeStrictly } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ABSENT, CRC, FAULT, faultWords, NAK } from "../../lib/faults.ts";
import { decodeBatch } from "../../tools/receive/decode.ts";
import { repository } from "../cli/command.ts";
import { batches, payloadOf, type Readings } from "./batches.ts";
import { cddl } from "./cddl.ts";

const cborX = new Decoder({ useRecords: false, mapsAsObjects: false });
const itemsOf = (readings: Readings) => cborX.decode(payloadOf(readings)) as unknown[];
const bitsOf = (body: unknown) => Array.from(body as Uint8Array, (byte) => byte.toString(2).padStart(8, "0")).join("");

const quarterHours: Readings = {
  journal: 0xcafe,
  seq: 1000,
  offset: 1700000000,
  age: 3600,
  times: [900, 1800, 2700],
  codes: [1, 2, 35],
  values: [450, 5500, 3600, 452, FAULT + CRC, 3599, 449, 5510, ABSENT],
};

describe("a batch", () => {
  test("is the items and the bits that telemetry.cddl describes", () => {
    const items = itemsOf(quarterHours);
    expect(items.slice(0, 8)).toEqual([2, 0xcafe, 1000, 1700000000, 3600, 900, 900, 3]);
    expect(Array.from(items[8] as Uint8Array)).toEqual([1, 2, 35]);
    const times = ["01", "0"];
    const temperature = ["00", "0 001110000100", "0 0100", "0 101"];
    const humidity = ["10", "0 110 101011111000", "11 00000010", "0 10 0100"];
    const voltage = ["10", "0 10 110000100000", "0 0 0001", "10"];
    const expected = [times, temperature, humidity, voltage].flat().join("").replaceAll(" ", "");
    expect(bitsOf(items[9])).toBe(expected.padEnd(88, "0"));
    expect(payloadOf(quarterHours).length).toBe(39);
  });

  test("pays for uneven times only what is uneven, in bits", () => {
    const even = Array.from({ length: 96 }, (_, i) => 10 + 900 * i);
    const sizeOf = (times: number[]) => payloadOf({ ...quarterHours, codes: [], times, values: [] }).length;
    const wavering = even.map((at, i) => at + (i % 2));
    expect(sizeOf(wavering) - sizeOf(even)).toBeLessThan(36);
    const late = even.map((at, i) => (i < 50 ? at : at + 7000));
    expect(sizeOf(late) - sizeOf(even)).toBeLessThan(18 + 12);
  });

  test.each([
    ["none", [], [0, 0, 0]],
    ["one", [77], [77, 0, 1]],
    ["two", [77, 977], [77, 900, 2]],
  ])("says the times of few readings: %s", (_, times, expected) => {
    expect(itemsOf({ ...quarterHours, codes: [], times }).slice(5, 8)).toEqual(expected);
  });

  test("says what is unknown or lost", () => {
    const items = itemsOf({ ...quarterHours, offset: undefined, times: [], codes: [], skipped: [[4, 2, 1], [9, 1, 2]] }); // prettier-ignore
    expect(items[3]).toBe(0);
    expect(items.slice(10)).toEqual([4, 2, 1, 9, 1, 2]);
  });

  test("costs less than a byte per value: 24 hours of temperature and humidity in less than 66 bytes", () => {
    const times = Array.from({ length: 24 }, (_, i) => 3600 * i);
    const values = times.flatMap((_, i) => [
      Math.round(500 + 20 * Math.sin(i / 4)),
      Math.round(5500 + 20 * Math.cos(i / 4)),
    ]);
    expect(payloadOf({ ...quarterHours, times, codes: [1, 2], values }).length).toBeLessThan(66);
  });

  test("says cheaply that a sensor is read at every fourth reading only, or does not answer at all", () => {
    const times = Array.from({ length: 96 }, (_, i) => 900 * i);
    const sizeOf = (cell: (i: number) => number) =>
      payloadOf({ ...quarterHours, times, codes: [1], values: times.map((_, i) => cell(i)) }).length;
    const whole = sizeOf((i) => 2000 + ((i * 5) % 7));
    expect(sizeOf((i) => (i % 4 ? ABSENT : 2000 + ((i * 5) % 7)))).toBeLessThan(whole + 2);
    expect(sizeOf(() => FAULT + NAK)).toBeLessThan(whole);
  });

  test("is what telemetry.cddl says, 500 random ones", () => {
    const check = cddl(join(repository, "lib/encode/telemetry.cddl"));
    fc.assert(
      fc.property(batches, (readings) => check(itemsOf(readings), "batch-2")),
      { numRuns: 500 },
    );
    const version1 = [1, 7, 100, [1700000000, 60], [10, 900, 1], [1, [2000, [2]]], [[1, 2, 3]]];
    expect(check(version1, "batch")).toBe(true);
    expect(check(version1, "batch-2")).toBe(false);
    expect(check([...itemsOf(quarterHours), 5], "batch")).toBe(false);
    expect(check(itemsOf(quarterHours).with(8, 5), "batch")).toBe(false);
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
