/** Pages of NOR flash as rows of equal slots that are filled in order, and records that check themselves. */
import type { FlashPort } from "../platform/ports.ts";

export const PAGE = 4096;

/** How many of the `count` slots (at most 127) from `address` on are used, whole or torn. Reads about log2(count) words and one slot. */
export function usedSlots(flash: FlashPort, address: number, bytes: number, count: number): number {
  const isErased = (slot: number, length: number): boolean =>
    flash.sum(flash.read(length, address + slot * bytes)) === 255 * length;
  let used = 0;
  for (let step = 64; step; step >>= 1) if (used + step <= count && !isErased(used + step - 1, 4)) used += step;
  // a torn write may have left the first word as it was
  while (used < count && !isErased(used, bytes)) used++;
  return used;
}

/** What follows a record's first word, the CRC-32 of this body, up to `end`. "" when it does not check out. */
export function bodyOf(flash: FlashPort, record: Uint8Array, end: number): string {
  const body = flash.text(record).slice(4, end);
  return new Int32Array(record.buffer)[0] === (flash.crc32(body) | 0) ? body : "";
}
