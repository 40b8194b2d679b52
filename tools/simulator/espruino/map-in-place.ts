/**
 * `E.mapInPlace`, as the interpreter computes it: elements are taken apart into (or put together to) fields of `bits`
 * bits without sign, looked up, and stored. An array of 8 bits with sign is therefore looked up as 0 to 255.
 */
import type { Callback } from "./machine.ts";
import { toInt } from "./data.ts";

type Elements = ArrayLike<number> & { readonly BYTES_PER_ELEMENT: number };
export type Map = Callback | ArrayLike<unknown> | undefined;

/** @param width bits of a field, most significant first; negative: least significant first; 0: one element each */
export function mapInPlace(from: Elements, to: Record<number, unknown>, length: number, map: Map, width: number): void {
  const elementBits = 8 * from.BYTES_PER_ELEMENT;
  const bits = Math.abs(width) || elementBits;
  const mask = bits >= 32 ? -1 : (1 << bits) - 1;
  let held = 0;
  let heldBits = 0;
  let next = 0;
  for (let at = 0; at < length && (next < from.length || heldBits >= bits); at++) {
    const index = next;
    while (heldBits < bits) {
      const element = next < from.length ? toInt(from[next]) : 0;
      held = width >= 0 ? (elementBits < 32 ? held << elementBits : 0) | element : held | (element << heldBits);
      heldBits += elementBits;
      next++;
    }
    let field = width >= 0 ? (held >> (heldBits - bits)) & mask : held & mask;
    if (width < 0) held >>= bits;
    heldBits -= bits;
    if (bits === 32) field |= 0;
    to[at] = typeof map === "function" ? map(field, index) : map === undefined ? field : (map[field] ?? 0);
  }
}
