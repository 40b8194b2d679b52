/**
 * The few numbers that a node must not forget, kept over deep sleep and power cuts: two flash pages of equal slots,
 * filled in order; the newest slot that checks out wins. While one page is erased the other holds the last state.
 *
 *   slot   length of the text (u16) · counter (u32) · CRC-32 of counter and text (u32) · text: a JSON array, its version first
 */
import type { FlashPort } from "../platform/ports.ts";
import { i32, le16, le32, u16 } from "./bytes.ts";
import { PAGE, usedSlots } from "./slots.ts";

const SLOT = 256;
const SLOTS = PAGE / SLOT;
const HEAD = 10;

export interface StateStore {
  /** The newest state, or undefined on a new or erased flash. */
  load(): (number | null)[] | undefined;
  /** Durable when it returns. At most 246 characters of JSON. */
  save(values: readonly (number | null)[]): void;
}

/** @param base address of the first of the two pages */
export function openState(flash: FlashPort, base: number): StateStore {
  let page = 0;
  let used = 0;
  let counter = 0;

  const text = (at: number): string | undefined => {
    const head = flash.read(HEAD, at);
    const length = u16(head, 0);
    if (length > SLOT - HEAD) return;
    const out = flash.text(flash.read(length, at + HEAD));
    const count = i32(head, 2);
    if ((flash.crc32(le32(count) + out) | 0) !== i32(head, 6)) return;
    counter = count;
    return out;
  };

  /** Counter of a page's first slot, or -1: the page with the higher one was filled later. */
  const age = (index: number): number => (text(base + index * PAGE) ? counter : -1);

  const newestIn = (index: number): string | undefined => {
    page = index;
    used = usedSlots(flash, base + index * PAGE, SLOT, SLOTS);
    for (let slot = used; slot--;) {
      const found = text(base + index * PAGE + slot * SLOT);
      if (found) return found;
    }
    return;
  };

  return {
    load() {
      const later = age(1) > age(0) ? 1 : 0;
      const found = newestIn(later) || newestIn(1 - later);
      return found ? JSON.parse(found) : undefined;
    },
    save(values) {
      const json = JSON.stringify(values);
      for (let attempt = 0; attempt < 3; attempt++) {
        if (used >= SLOTS || !used) {
          // an unused page may carry the residue of a torn erase: start it clean
          if (used) page = 1 - page;
          flash.erasePage(base + page * PAGE);
          used = 0;
        }
        counter++;
        const at = base + page * PAGE + used * SLOT;
        const count = le32(counter);
        flash.write(le16(json.length) + count + le32(flash.crc32(count + json)) + json, at);
        used++;
        if (text(at) === json) return;
      }
    },
  };
}
