/**
 * How readings lie in flash: a base record carries one reading whole, a delta only what changed since the reading
 * before it. The step is the time that usually lies between two; a delta allows it to waver by a second.
 *
 *   base    words: CRC-32 of the rest · number · raw seconds · step × 256 + segment · the columns, one by one
 *   delta   units of one word for every three columns: zeros (5 bits) · jitter (2 bits) · 1 · change (i8) · change · change
 *
 * `zeros` counts the zero bits of the other 27. Programming flash only clears bits: a word that lost power half-way
 * has fewer zeros than it should, and a count that reads too high. So no torn word ever checks out, whatever the bits
 * (a Berger code); nor does one with a single flipped bit. The bit that is always 1 is for spoiling a word: to clear
 * one bit cannot half succeed.
 */
import { FAULT, RANGE } from "../faults.ts";
import type { Quantity } from "../sensors/quantities.ts";
import { le32 } from "../platform/bytes.ts";

/** In the place of the jitter: the next unit holds the next higher byte of each change. */
export const MORE = 3;

/** A spoilt unit, where nothing had been written. */
export const SPOILT = -129;

/** Segments count up with every loss of the clock; only their low digits are stored. */
export const SEGMENTS = 200;

/** A value in its quantity's unit as the whole number that is stored and sent. */
export function scaled(value: number, quantity: Quantity): number {
  const whole = Math.round(value * quantity[2]);
  const limit = quantity[3] === 2 ? 32767 : FAULT - 1;
  return whole > limit || whole < 255 - limit ? FAULT + RANGE : whole;
}

/** Whether a word of a delta was written whole, and not spoilt. */
export function isWhole(word: number): boolean {
  return !!(word & 128) && (word & 31) === zeros(word >>> 5);
}

/** Zero bits among the lowest 27, the only ones in use. */
function zeros(word: number): number {
  return 28 - word.toString(2).split("1").length;
}

/**
 * The changes from one reading to the next, lowest bytes first: as many units (a word for every three columns) as the
 * largest change needs. @param jitter 0 to 2, stands in the last unit
 */
export function packDelta(jitter: number, from: readonly number[], to: readonly number[]): string {
  let changes = to.map((value, i) => value - from[i]!);
  let out = "";
  for (let more = true; more;) {
    const higher = changes.map((change) => (change - ((change << 24) >> 24)) / 256);
    more = higher.some((change) => change);
    for (let i = 0; i < to.length; i += 3) {
      // a column that is not there counts as 0
      const low = (changes[i]! & 255) | ((changes[i + 1]! & 255) << 8) | ((changes[i + 2]! & 255) << 16);
      const word = (low << 3) | 4 | (more ? MORE : jitter);
      out += le32((word << 5) | zeros(word));
    }
    changes = higher;
  }
  return out;
}
