/**
 * Seeded random numbers. A stream is named, so that adding a part or a source changes nobody else's numbers; a draw can
 * also be tied to an index (a time, a count) instead of a stream, so that it does not depend on what was asked before.
 */
import type { Random } from "../hardware.ts";

/** 32 bits of a string: FNV-1a over its UTF-16 units, finished with `scramble`. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return scramble(hash);
}

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the output. */
function scramble(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** The stream of that name: sfc32 (Doty-Humphrey's small fast counting generator; period at least 2^32, passes PractRand). */
export function randomFor(seed: number | string, name: string): Random {
  const key = hashText(`${seed}/${name}`);
  let a = scramble(key + 1);
  let b = scramble(key + 2);
  let c = scramble(key + 3);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return { next, normal: () => boxMuller(next(), next()) };
}

/** Uniform in [0, 1), a function of `key` and `index` (a whole number up to 2^53) alone. */
export function uniformAt(key: number, index: number): number {
  const low = scramble(key ^ Math.imul(index | 0, 0x9e3779b1));
  return scramble(low + Math.floor(index / 0x1_0000_0000)) / 0x1_0000_0000;
}

/** Standard normal, a function of `key` and `index` alone. */
export function normalAt(key: number, index: number): number {
  return boxMuller(uniformAt(key, index), uniformAt(key ^ 0x5bd1e995, index));
}

/** One normal number from two uniform ones in [0, 1). */
const boxMuller = (first: number, second: number): number =>
  Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
