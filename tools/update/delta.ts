/** Blocks of a new image as copies out of the old one and literal bytes (lib/update/blocks.ts reads them). */
import { BLOCK } from "../../lib/update/blocks.ts";

/** A copy takes 3 bytes, and ends a run of literal bytes, which takes another. */
const SHORTEST = 5;
const SHORT_COPY = 4;
const LONGEST_SHORT_COPY = 130;
const LONGEST_LITERAL = 128;
/** Places that are tried for the longest match. */
const TRIES = 512;

/** Ops of each block, one after the other; with an empty `base` all are literal. */
export function encodeBlocks(image: Uint8Array, base: Uint8Array, blockBytes = BLOCK): Buffer[] {
  const places = indexOf(base);
  return blocksOf(image, blockBytes).map((block) => encodeBlock(block, base, places));
}

export const blocksOf = (image: Uint8Array, blockBytes = BLOCK): Uint8Array[] =>
  Array.from({ length: Math.ceil(image.length / blockBytes) }, (_, block) =>
    image.subarray(block * blockBytes, (block + 1) * blockBytes),
  );

const keyOf = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) ^ (bytes[at + 4]! << 11);

function indexOf(base: Uint8Array): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (let at = 0; at + SHORTEST <= base.length; at++) {
    const key = keyOf(base, at);
    const list = places.get(key);
    if (list) list.push(at);
    else places.set(key, [at]);
  }
  return places;
}

function encodeBlock(block: Uint8Array, base: Uint8Array, places: ReadonlyMap<number, readonly number[]>): Buffer {
  const out: Buffer[] = [];
  let literal = 0;
  const flush = (end: number): void => {
    for (; literal < end; literal += LONGEST_LITERAL) {
      const bytes = block.subarray(literal, Math.min(literal + LONGEST_LITERAL, end));
      out.push(Buffer.from([bytes.length - 1]), Buffer.from(bytes));
    }
    literal = end;
  };
  const longest = (at: number): { length: number; from: number } => {
    let best = { length: 0, from: 0 };
    if (at + SHORTEST > block.length) return best;
    for (const from of (places.get(keyOf(block, at)) ?? []).slice(0, TRIES)) {
      let length = 0;
      while (at + length < block.length && from + length < base.length && block[at + length] === base[from + length])
        length++;
      if (length > best.length) best = { length, from };
    }
    return best;
  };
  for (let at = 0; at < block.length;) {
    const match = longest(at);
    // a longer match one byte on is worth that byte
    if (match.length < SHORTEST || longest(at + 1).length > match.length + 1) {
      at++;
      continue;
    }
    flush(at);
    const { length, from } = match;
    out.push(
      length <= LONGEST_SHORT_COPY
        ? Buffer.from([length - SHORT_COPY + 128, from >> 8, from & 255])
        : Buffer.from([255, length >> 8, length & 255, from >> 8, from & 255]),
    );
    at += length;
    literal = at;
  }
  flush(block.length);
  return Buffer.concat(out);
}
