import { encode } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBatch } from "../../lib/encode/batch.ts";
import { UserError } from "../../tools/errors.ts";
import { decodeBatch } from "../../tools/receive/decode.ts";
import { batches } from "../encode/batches.ts";

const message = (change: (items: unknown[]) => void) => {
  const items: unknown[] = [1, 7, 100, [1700000000, 60], [10, 900, 1], [1, [2000, 1]]];
  change(items);
  return encode(items);
};

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
  ["another version", message((items) => (items[0] = 2)), /version: expected 1, got 2/],
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
  [
    "a cell too few",
    message((items) => (items[5] = [1, [2000]])),
    /temperature: expected 2 cells, one per time, got 1/,
  ],
  ["a fault of two codes", message((items) => (items[5] = [1, [2000, [1, 2]]])), /expected a fault as an array of 1/],
  ["a sum beyond 32 bits", message((items) => (items[5] = [1, [2 ** 31 - 1, 1]])), /sum of deltas/],
  ["a skip of nothing", message((items) => items.push([[1, 0, 1]])), /skipped count/],
];

describe("decoding", () => {
  test.each(refused)("refuses %s", (_, payload, reason) => {
    expect(() => decodeBatch(payload)).toThrow(UserError);
    expect(() => decodeBatch(payload)).toThrow(reason);
  });

  test("keeps what a newer firmware measures under its number", () => {
    const { rows } = decodeBatch(message((items) => (items[5] = [30 + 64, [2000, 1]])));
    expect(rows.map(({ sensor, quantity, value }) => [sensor, quantity, value])).toEqual([
      [2, "quantity-30", 2000],
      [2, "quantity-30", 2001],
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
        const bytes = Buffer.from(encodeBatch(batch), "latin1");
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
