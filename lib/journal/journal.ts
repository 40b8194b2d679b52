/**
 * A ring of records in raw flash that keeps what was appended until it is released. One record per slot, numbered
 * without gaps; a page starts with a header that names its first number and describes its records, so that a page
 * written by an older firmware stays readable. Nothing is ever rewritten: flash bits only clear, pages are erased whole.
 *
 *   page    header · slot · slot · …
 *   header  "HJ" · version · header length · slot length · 0 · 0 · 0 · journal id (u32) · first number (u32)
 *           · CRC-32 of header and schema without these four bytes · schema
 *   slot    low 16 bits of the payload's CRC-32 · payload
 *
 * When the ring is full the oldest page is erased: its records are dropped, which `first()` then tells.
 */
import type { FlashPort } from "../platform/ports.ts";
import { i32, le16, le32, u16 } from "./bytes.ts";
import { isErased, PAGE, usedSlots } from "./slots.ts";

const VERSION = 1;
const HEADER = 20;

export interface JournalLayout {
  /** Address of the first page. */
  readonly base: number;
  readonly pages: number;
}

interface Page {
  /** Index in the ring; -1 when nothing was ever written. */
  readonly index: number;
  /** Number of the first record. */
  readonly first: number;
  readonly slotBytes: number;
  readonly schema: string;
  /** Bytes before the first slot. */
  readonly head: number;
}

export interface Journal {
  /** Number that the next record will get. */
  next(): number;
  /** Number of the oldest record still held. */
  first(): number;
  /** Stores a payload; durable when it returns. Its number, or -1 when the flash refused every attempt. */
  append(payload: string): number;
  /** The payload of a record; undefined when the write was torn or the record is no longer held. */
  read(number: number): Uint8Array | undefined;
  /** How the payload of that record is laid out: the schema of its page ("" when no longer held). */
  schema(number: number): string;
  /** Index of the page in use: handing it to the next `openJournal` spares a search. */
  page(): number;
}

/**
 * Opens the journal and finds its end, after a power cut as well.
 * @param id chosen when the journal was formatted: pages with another id are leftovers and count as empty
 * @param schema describes the payloads appended from now on
 * @param payloadBytes length of those payloads
 * @param hint page in use when last known; a wrong one costs a search, nothing else
 */
export function openJournal(
  flash: FlashPort,
  { base, pages }: JournalLayout,
  id: number,
  schema: string,
  payloadBytes: number,
  hint: number,
): Journal {
  const nothing: Page = { index: -1, first: 0, slotBytes: 4, schema: "", head: PAGE };

  const header = (index: number): Page | undefined => {
    const at = base + index * PAGE;
    const bytes = flash.read(HEADER, at);
    const head = bytes[3]!;
    if (bytes[0] !== 72 || bytes[1] !== 74 || bytes[2] !== VERSION || i32(bytes, 8) !== (id | 0) || head < HEADER)
      return;
    const text = head > HEADER ? flash.text(flash.read(head - HEADER, at + HEADER)) : "";
    const first = i32(bytes, 12) >>> 0;
    if (i32(bytes, 16) !== (flash.crc32(headerBytes(first, bytes[4]!, text)) | 0)) return;
    return { index, first, slotBytes: bytes[4]!, schema: text, head };
  };

  const headerBytes = (first: number, slotBytes: number, text: string): string =>
    "HJ" + String.fromCharCode(VERSION, HEADER + text.length, slotBytes, 0, 0, 0) + le32(id) + le32(first) + text;

  const capacity = (page: Page): number => ((PAGE - page.head) / page.slotBytes) | 0;

  const previous = (page: Page): Page | undefined => {
    const before = header((page.index + pages - 1) % pages);
    return before && before.first < page.first ? before : undefined;
  };

  /** The newest page: the hint and what follows it, or else the one with the highest numbers. */
  const newest = (): Page => {
    let found = hint >= 0 ? header(hint % pages) : undefined;
    if (!found) {
      for (let i = 0; i < pages; i++) {
        const page = header(i);
        if (page && (!found || page.first >= found.first)) found = page;
      }
      return found || nothing;
    }
    for (;;) {
      const after = header((found.index + 1) % pages);
      if (!after || after.first <= found.first) return found;
      found = after;
    }
  };

  let current = newest();
  let used =
    current.index < 0
      ? 0
      : usedSlots(flash, base + current.index * PAGE + current.head, current.slotBytes, capacity(current));
  let cursor = current;
  let cursorEnd = current.first + used;
  const slotBytes = (payloadBytes + 5) & ~3; // CRC in front, and whole words: the driver writes words

  const openPage = (): void => {
    const index = (current.index + 1) % pages;
    const at = base + index * PAGE;
    const first = current.first + used;
    if (!isErased(flash, at, PAGE)) flash.erasePage(at);
    const text = headerBytes(first, slotBytes, schema);
    const crc = le32(flash.crc32(text));
    flash.write(text.substr(0, 16) + crc + schema, at);
    current = { index, first, slotBytes, schema, head: HEADER + schema.length };
    used = 0;
  };

  /** Leaves `cursor` on the page that holds the record. */
  const locate = (number: number): boolean => {
    if (number >= cursorEnd || number < cursor.first) {
      cursor = current;
      cursorEnd = current.first + used;
    }
    while (number < cursor.first) {
      const before = previous(cursor);
      if (!before || before.index === current.index) return false;
      cursorEnd = cursor.first;
      cursor = before;
    }
    return number < cursorEnd;
  };

  return {
    next: () => current.first + used,
    first() {
      let page: Page | undefined = current;
      let oldest = current;
      for (let i = 1; i < pages && page; i++) {
        page = previous(page);
        if (page) oldest = page;
      }
      return oldest.first;
    },
    append(payload) {
      while (payload.length < slotBytes - 2) payload += "\xff";
      const slot = le16(flash.crc32(payload)) + payload;
      for (let attempt = 0; attempt < 3; attempt++) {
        if (current.schema !== schema || current.slotBytes !== slotBytes || used >= capacity(current)) openPage();
        const at = base + current.index * PAGE + current.head + used * slotBytes;
        flash.write(slot, at);
        used++;
        if (flash.crc32(flash.read(slot.length, at)) === flash.crc32(slot)) return current.first + used - 1;
      }
      return -1;
    },
    read(number) {
      if (!locate(number)) return;
      const bytes = flash.read(
        cursor.slotBytes,
        base + cursor.index * PAGE + cursor.head + (number - cursor.first) * cursor.slotBytes,
      );
      const payload = new Uint8Array(bytes.buffer, 2);
      return u16(bytes, 0) === (flash.crc32(payload) & 65535) ? payload : undefined;
    },
    schema: (number) => (locate(number) ? cursor.schema : ""),
    page: () => current.index,
  };
}
