/** A page of NOR flash used as a row of equal slots that are filled in order and never rewritten. */
import type { FlashPort } from "../platform/ports.ts";

export const PAGE = 4096;

/** True when every byte reads 0xFF: nothing was ever written, not even half. */
export function isErased(flash: FlashPort, address: number, length: number): boolean {
  return flash.sum(flash.read(length, address)) === 255 * length;
}

/** How many of the `count` slots from `address` on are used, whole or torn. Reads about log2(count) words and one slot. */
export function usedSlots(flash: FlashPort, address: number, bytes: number, count: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isErased(flash, address + middle * bytes, 4)) high = middle;
    else low = middle + 1;
  }
  // a torn write may have left the first word as it was
  while (low < count && !isErased(flash, address + low * bytes, bytes)) low++;
  return low;
}
