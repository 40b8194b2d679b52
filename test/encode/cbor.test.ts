import { decode } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { array, bytes, int, map, text } from "../../lib/encode/cbor.ts";

const hex = (bytes: string) => Buffer.from(bytes, "latin1").toString("hex");

/** RFC 8949 appendix A: what this subset can say. */
const appendixA: [item: string, expected: string][] = [
  [int(0), "00"],
  [int(1), "01"],
  [int(10), "0a"],
  [int(23), "17"],
  [int(24), "1818"],
  [int(25), "1819"],
  [int(100), "1864"],
  [int(1000), "1903e8"],
  [int(1000000), "1a000f4240"],
  [int(1000000000000), "1b000000e8d4a51000"],
  [int(-1), "20"],
  [int(-10), "29"],
  [int(-100), "3863"],
  [int(-1000), "3903e7"],
  [bytes(""), "40"],
  [bytes("\x01\x02\x03\x04"), "4401020304"],
  [text(""), "60"],
  [text("a"), "6161"],
  [text("IETF"), "6449455446"],
  [text('"\\'), "62225c"],
  [text("\xc3\xbc"), "62c3bc"],
  [text("\xe6\xb0\xb4"), "63e6b0b4"],
  [text("\xf0\x90\x85\x91"), "64f0908591"],
  [array(0), "80"],
  [array(3) + int(1) + int(2) + int(3), "83010203"],
  [array(3) + int(1) + array(2) + int(2) + int(3) + array(2) + int(4) + int(5), "8301820203820405"],
  [
    array(25) + Array.from({ length: 25 }, (_, i) => int(i + 1)).join(""),
    "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
  ],
  [map(0), "a0"],
  [map(2) + int(1) + int(2) + int(3) + int(4), "a201020304"],
  [map(2) + text("a") + int(1) + text("b") + array(2) + int(2) + int(3), "a26161016162820203"],
  [array(2) + text("a") + map(1) + text("b") + text("c"), "826161a161626163"],
  [
    map(5) + [..."abcde"].map((key) => text(key) + text(key.toUpperCase())).join(""),
    "a56161614161626142616361436164614461656145",
  ],
];

describe("the CBOR writer", () => {
  test.each(appendixA)("writes RFC 8949 appendix A: %# → %s", (item, expected) => {
    expect(hex(item)).toBe(expected);
  });

  test.each([
    [23, 1],
    [24, 2],
    [255, 2],
    [256, 3],
    [65535, 3],
    [65536, 5],
    [4294967295, 5],
    [4294967296, 9],
    [1700000000123, 9],
    [Number.MAX_SAFE_INTEGER, 9],
  ])("takes the shortest head: %d in %d bytes", (value, size) => {
    expect(int(value).length).toBe(size);
    expect(decode(Buffer.from(int(value), "latin1"), { strict: true })).toBe(value);
  });

  test("writes every whole number so that a strict reader accepts it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.maxSafeInteger()), (value) => {
        expect(decode(Buffer.from(int(value), "latin1"), { strict: true })).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  test("keeps every byte of a byte string, in every size of head", () => {
    for (const size of [0, 23, 24, 255, 256, 65535, 65536]) {
      const content = Buffer.alloc(size, 0xc3);
      const item = bytes(content.toString("latin1"));
      expect(decode(Buffer.from(item, "latin1"), { strict: true })).toEqual(new Uint8Array(content));
    }
  });
});
