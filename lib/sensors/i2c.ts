/** The shared reader of I2C parts that are started by a command and answer with words, each followed by its CRC. */
import type { I2cBus } from "../../boards/types.ts";
import { CRC, NAK, RANGE } from "../faults.ts";
import { i2c } from "../platform/espruino.ts";
import type { I2cPort } from "../platform/ports.ts";
import type { Quantity } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

/** A part as plain data: everything that differs between parts of this kind. */
export interface I2cWords<Name extends string> {
  readonly address: number;
  /** Bytes that start one measurement. */
  readonly start: readonly number[];
  /** Longest conversion time. */
  readonly waitMs: number;
  /** 16-bit words in the answer. */
  readonly words: number;
  readonly quantities: readonly Quantity<Name>[];
  /** Words to values in the quantities' units. NaN = outside of what the part measures. */
  readonly decode: (words: readonly number[]) => readonly number[];
}

/** CRC-8 of Sensirion parts: polynomial 0x31, start 0xFF, not reflected (SHT4x data sheet v6.1, table 7). */
export function crc8(high: number, low: number): number {
  let crc = 0xff ^ high;
  for (let bit = 16; bit; bit--) {
    if (bit === 8) crc ^= low;
    crc = crc & 0x80 ? (crc << 1) ^ 0x131 : crc << 1;
  }
  return crc;
}

/** Checks and splits an answer of words with their CRCs. Returns the words, or a fault. */
export function checkedWords(data: Uint8Array, words: number): number[] | number {
  const out: number[] = [];
  for (let i = 0; i < words * 3; i += 3) {
    if (crc8(data[i]!, data[i + 1]!) !== data[i + 2]) return CRC;
    out.push((data[i]! << 8) | data[i + 1]!);
  }
  return out;
}

export function readWords<Name extends string>(port: I2cPort, part: I2cWords<Name>, address: number): Sensor<Name> {
  return {
    quantities: part.quantities,
    start() {
      try {
        port.writeTo(address, part.start);
      } catch (e) {
        return -NAK;
      }
      return part.waitMs;
    },
    read() {
      let data: Uint8Array;
      try {
        data = port.readFrom(address, part.words * 3);
      } catch (e) {
        return NAK;
      }
      const words = checkedWords(data, part.words);
      if (typeof words === "number") return words;
      const values = part.decode(words);
      for (let i = 0; i < values.length; i++) if (isNaN(values[i]!)) return RANGE;
      return values;
    },
  };
}

/** Makes the function with which a firmware author places the part on a bus. */
export function i2cWords<Name extends string>(
  part: I2cWords<Name>,
): (bus: I2cBus, options?: { readonly address?: number }) => Sensor<Name> {
  return (bus, options) => readWords(i2c(bus), part, (options && options.address) || part.address);
}
