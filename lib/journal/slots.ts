/** Pages of NOR flash as rows of equal slots that are filled in order, and records that check themselves. */
import type { FlashPort } from "../platform/ports.ts";

export const PAGE = 4096;

/** How many of the `count` slots from `address` on are used, whole or torn. Reads about log2(count) words and one slot. */
export function usedSlots(flash: FlashPort, address: number, bytes: number, count: number): number {
  const isErased = (slot: number, length: number): boolean =>
    flash.sum(flash.read(length, address + slot * bytes)) === 255 * length;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isErased(middle, 4)) high = middle;
    else low = middle + 1;
  }
  // a torn write may have left the first word as it was
  while (low < count && !isErased(low, bytes)) low++;
  return low;
}

/** What follows a record's first word, the CRC-32 of this body, up to `end`. "" when it does not check out. */
export function bodyOf(flash: FlashPort, record: Uint8Array, end: number): string {
  const body = flash.text(record).slice(4, end);
  return new Int32Array(record.buffer)[0] === (flash.crc32(body) | 0) ? body : "";
}
