/**
 * The few values that a node must not forget, kept over deep sleep and power cuts: two flash pages of equal slots,
 * filled in order; the newest slot that checks out wins. While one page is erased the other holds the last state.
 *
 *   slot   words: CRC-32 of the rest · counter · version × 65536 + length of the text, then the text: JSON and blanks
 */
import { le32 } from "../platform/bytes.ts";
import type { FlashPort } from "../platform/ports.ts";
import { bodyOf, PAGE } from "./slots.ts";

/** Of a slot. A slot of another version counts as empty. */
const VERSION = 1;
const HEAD = 12;

export interface StateStore<T> {
  /** The newest state, or undefined on a new or erased flash. */
  load(): T | undefined;
  /** Durable when it returns true. False when the JSON is too long for a slot, or the flash refused every attempt. */
  save(state: T): boolean;
}

/**
 * @param base address of the first of the two pages
 * @param size bytes of a slot, a divisor of 4096: holds size - 12 characters of JSON
 * @param reset whether power may have failed in the middle of a save: false only after a deep sleep
 */
export function openState<T>(flash: FlashPort, base: number, size: number, reset: boolean): StateStore<T> {
  // whole: the flash driver refuses an address that came from a division
  const slots = (PAGE / size) | 0;
  /** Slot in use, through both pages. */
  let newest = -1;
  let counter = 0;
  /** Counter of the slot that was read last. */
  let seen = 0;

  const addressOf = (slot: number): number => base + slot * size;

  /** "" when the slot does not check out. */
  const text = (slot: number): string => {
    const bytes = flash.read(size, addressOf(slot));
    const words = new Int32Array(bytes.buffer);
    seen = words[1]!;
    return bodyOf(flash, bytes, HEAD + words[2]! - VERSION * 65536).slice(8);
  };

  const write = (json: string): boolean => {
    while (json.length & 3) json += " "; // the driver writes whole words
    for (let attempts = json.length > size - HEAD ? 0 : 3; attempts--;) {
      newest = (newest + 1) % (2 * slots);
      // even an unused page may carry the residue of a torn erase
      if (newest % slots === 0) flash.erasePage(addressOf(newest));
      const body = le32(++counter) + le32(VERSION * 65536 + json.length) + json;
      flash.write(le32(flash.crc32(body)) + body, addressOf(newest));
      if (text(newest) === json) return true;
    }
    return false;
  };

  return {
    load() {
      let found = "";
      for (let slot = 2 * slots; slot--;) {
        const json = text(slot);
        if (!json) continue;
        if (seen >= counter) {
          counter = seen;
          newest = slot;
          found = json;
        }
        // what lies before it in this page is older
        slot -= slot % slots;
      }
      if (!found) return;
      if (reset) {
        // Bits of a save that was cut may read one way now and another way later. Fix what was found; a copy then
        // spoils the place where the cut save may lie without showing it.
        flash.write(flash.read(size, addressOf(newest)), addressOf(newest));
        write(found);
      }
      return JSON.parse(found);
    },
    save: (state) => write(JSON.stringify(state)),
  };
}
