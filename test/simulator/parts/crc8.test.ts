import { expect, test } from "vitest";
import { crc8 } from "../../../tools/simulator/parts/crc8.ts";

test.each([
  [0xbeef, 0x92],
  [0x01f4, 0x33],
  [0x6667, 0xa2],
  [0x5eb9, 0x3c],
  [0x8000, 0xa2],
  [0x0000, 0x81],
  [0xffff, 0xac],
])("the checksum of %i is %i", (word, crc) => expect(crc8([word >> 8, word & 0xff])).toBe(crc));
