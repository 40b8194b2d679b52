import { encode } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UserError } from "../../tools/errors.ts";
import { decodeBatch } from "../../tools/receive/decode.ts";
import { batches, payloadOf } from "../encode/batches.ts";

const message = (change: (items: unknown[]) => void) => {
  const items: unknown[] = [1, 7, 100, [1700000000, 60], [10, 900, 1], [1, [2000, 1]]];
  change(items);
  return encode(items);
};

/** Version 2: two readings, 20.00 and 20.01 °C. */
const dense = (change: (items: unknown[]) => void) => {
  const items: unknown[] = [
    2,
    7,
    100,
    1700000000,
    60,
    10,
    900,
    2,
    Uint8Array.of(1),
    bits("01 0  00 0111110100000 0 0010"),
  ];
  change(items);
  return encode(items);
};

/** Bytes from digits, filled with zeros. */
const bits = (digits: string): Uint8Array =>
  Uint8Array.from(digits.replaceAll(" ", "").match(/.{1,8}/g) ?? [], (byte) => parseInt(byte.padEnd(8, "0"), 2));

const body = (digits: string) => dense((items) => (items[9] = bits(digits)));

const refused: [what: string, payload: Uint8Array, message: RegExp][] = [
  ["nothing", new Uint8Array(), /ends in the middle/],
  ["text", Buffer.from("hello"), /major type 3/],
  ["JSON", Buffer.from('{"t":21.5}'), /major type 3/],
  ["a number", encode(5), /expected an array, got 5/],
  ["a message cut short", message(() => {}).slice(0, -1), /ends in the middle/],
  ["bytes behind the message", Buffer.concat([message(() => {}), Buffer.from([0])]), /1 bytes follow/],
  ["an indefinite length", Buffer.from("9f01ff", "hex"), /indefinite/],
  ["a length that cannot be", Buffer.from("9affffffff", "hex"), /ends in the middle/],
  ["a length in eight bytes", Buffer.from("9b00ffffffffffffff00", "hex"), /ends in the middle/],
  ["a float", Buffer.from("81f93c00", "hex"), /major type 7/],
  ["a tag", Buffer.from("c11a514b67b0", "hex"), /major type 6/],
  ["deep nesting", Buffer.from("81".repeat(3000) + "00", "hex"), /nested more than 5/],
  ["too much", new Uint8Array(70000), /more than 65536/],
  ["another version", message((items) => (items[0] = 3)), /version: expected 1 or 2, got 3/],
  ["missing items", message((items) => items.pop()), /expected 6 or 7 items, got 5/],
  [
    "a negative sequence number",
    message((items) => (items[2] = -1)),
    /sequence number: expected a whole number from 0/,
  ],
  ["a number beyond 32 bits", message((items) => (items[1] = 2 ** 40)), /journal id/],
  ["a clock of one item", message((items) => (items[3] = [5])), /clock: expected 2 items/],
  ["two times", message((items) => (items[4] = [5, 6])), /times: expected 0 or 3 items, got 2/],
  ["more readings than bytes", message((items) => (items[4] = [0, 1, 1e9])), /number of further readings/],
  ["time before the start of the clock", message((items) => (items[4] = [10, -11, 1])), /time of a reading/],
  ["a code without cells", message((items) => (items[5] = [1])), /pairs of code and cells/],
  ["a cell too few", message((items) => (items[5] = [1, [2000]])), /column: expected 2 cells, one per time, got 1/],
  ["a fault of two codes", message((items) => (items[5] = [1, [2000, [1, 2]]])), /expected a fault as an array of 1/],
  ["a sum beyond 32 bits", message((items) => (items[5] = [1, [2 ** 31 - 1, 1]])), /sum of deltas/],
  ["a skip of nothing", message((items) => items.push([[1, 0, 1]])), /skipped count/],
  ["a dense message without a body", dense((items) => items.pop()), /expected 10 items and 3 for each skip, got 9/],
  ["half a skip", dense((items) => items.push(4, 2)), /3 for each skip, got 12/],
  ["a skip without a reason", dense((items) => items.push(4, 2, 0)), /reason of a skip/],
  ["a body that is a number", dense((items) => (items[9] = 4)), /body: expected a byte string/],
  ["codes that are an array", dense((items) => (items[8] = [1])), /codes of the columns: expected a byte string/],
  ["a byte string cut short", Buffer.from("82025803aa", "hex"), /middle of a byte string/],
  ["more readings than a node sends", dense((items) => (items[7] = 1001)), /number of readings/],
  ["a body without the column", body("01 0"), /ends in the middle of a column/],
  ["a body of no reading that is not empty", dense((items) => (items[7] = 0)), /bits follow the last column/],
  ["a byte behind the last column", body("01 0  00 0111110100000 0 0010  00000000"), /bits follow the last column/],
  ["padding that is not zero", body("01 0  00 0111110100000 0 0010 1"), /last bits are not zero/],
  ["a reading without a time", body("10 10 0"), /without a time/],
  ["times before the start of the clock", dense((items) => (items[6] = -11)), /time of a reading/],
  ["a cell that means a fault", body("01 0  00 111111111 01111111000000000000000000000001 0"), /a cell of 2130706433/],
];

describe("decoding", () => {
  test("reads the bits that telemetry.cddl describes", () => {
    expect(decodeBatch(dense(() => {})).rows).toMatchObject([
      { seq: 100, rawSeconds: 10, unix: 1700000010, quantity: "temperature", value: 20 },
      { seq: 101, rawSeconds: 910, unix: 1700000910, quantity: "temperature", value: 20.01 },
    ]);
  });

  test.each(refused)("refuses %s", (_, payload, reason) => {
    expect(() => decodeBatch(payload)).toThrow(UserError);
    expect(() => decodeBatch(payload)).toThrow(reason);
  });

  test("keeps what a newer firmware measures under its number", () => {
    const { rows } = decodeBatch(message((items) => (items[5] = [0 + 64, [2000, 1]])));
    expect(rows.map(({ sensor, quantity, value }) => [sensor, quantity, value])).toEqual([
      [2, "quantity-0", 2000],
      [2, "quantity-0", 2001],
    ]);
  });

  test("answers random bytes with a UserError, 50,000 times", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodeBatch(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 50000 },
    );
  });

  test("survives every change of a byte in real messages", () => {
    fc.assert(
      fc.property(batches, fc.nat(), fc.integer({ min: 1, max: 255 }), (batch, where, flip) => {
        const bytes = Buffer.from(payloadOf(batch));
        bytes[where % bytes.length]! ^= flip;
        try {
          decodeBatch(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
