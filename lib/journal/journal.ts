/**
 * A ring of readings in raw flash that keeps what was appended until it is released. Readings are numbered without
 * gaps. A page starts with a header that says how its readings are laid out, so that pages of an older firmware stay
 * readable; then come groups of equal size: a base record and up to `DELTAS` deltas. Nothing is ever rewritten with
 * other data: flash bits only clear, pages are erased whole, and what is spoilt on purpose is cleared to zero.
 *
 *   page    header · the same header again · group · group · …
 *   header  words: CRC-32 of the rest · version × 256 + length of the schema · journal id · number of the page's first
 *           reading, then the schema and filler
 *   group   base · delta · delta · …      (reading.ts; the first word that is erased or zero ends the group)
 *
 * When the ring is full the oldest page is erased: its readings are dropped.
 */
import { le32, VOID } from "../platform/bytes.ts";
import type { FlashPort } from "../platform/ports.ts";
import { isWhole, MORE, packDelta, SPOILT } from "./reading.ts";
import { bodyOf, PAGE, usedSlots } from "./slots.ts";

const VERSION = 1;
/** Bytes of a header before the schema (two characters per column), and of the longest: 24 columns. */
const FIXED = 16;
const HEADER = 64;
/** Bytes before the first group. */
const HEAD = 2 * HEADER;
/** Deltas in a group: more save flash, fewer save time at every wake and lose less to a damaged base. */
const DELTAS = 24;

/** What the journal needs to have remembered for it over a sleep. */
export interface JournalMemory {
  /** Id of this journal: pages with another one are leftovers and count as empty. 0 = not known yet. */
  id: number;
  /** Page in use: spares a search. */
  page: number;
  /** Numbers below these three are never given again, whatever happened to the flash: confirmed, or refused by it. */
  readonly released: number;
  readonly aheadEnd: number;
  floor: number;
}

/** One reading as it lies in flash. */
export interface Stored {
  readonly number: number;
  readonly segment: number;
  /** Raw seconds. */
  readonly at: number;
  /** Seconds between readings here, give or take the jitter; 0 = not known. */
  readonly step: number;
  /** A whole number or `FAULT` + code each. Only good during the visit. */
  readonly columns: readonly number[];
  readonly schema: string;
}

/** @param oldest number of the oldest reading that can still be there: what lies before it was dropped */
export type Visit = (reading: Stored, oldest: number) => boolean | undefined;

/** Readings that are not there: first number, how many, why (a reason of lib/encode/batch.ts). */
export type Skip = [first: number, count: number, reason: number];

export interface Journal {
  /** Number that the next reading will get. */
  next(): number;
  /** The newest reading, if the page in use holds one. */
  newest(): Stored | undefined;
  /**
   * Stores one reading, at raw second `at` of a clock segment: a whole number or `FAULT` + code per column. Durable
   * when it returns its number. -1 when the flash refused every attempt: then its number shows as unreadable.
   * @param urgent what a policy (when-full.ts) may leave out is kept all the same when this is not 0
   */
  append(segment: number, at: number, values: number[], urgent?: number): number;
  /**
   * Visits the readings from number `from` on, in order, until `visit` returns true. Unreadable ones are left out.
   * @param skipped where a policy (when-full.ts) adds what it left out
   */
  each(from: number, visit: Visit, skipped?: Skip[]): void;
  /** Pages from the one that holds number `from`, or else the oldest, to the one in use. */
  pagesFrom(from: number): number;
}

interface Page {
  readonly _id: number;
  readonly _index: number;
  /** Number of its first reading. */
  readonly _first: number;
  readonly _schema: string;
  /** Bytes of a base record, of a delta, of a group. */
  readonly _base: number;
  readonly _delta: number;
  readonly _size: number;
  readonly _groups: number;
}

/** A group as far as it has been read: its latest reading, and how it ends. */
interface Group extends Stored {
  number: number;
  at: number;
  columns: number[];
  /** Number after the last reading that it holds or held, readable or not; counted from 0 when it is not sound. */
  _next: number;
  /** Offset after that reading. */
  _end: number;
  /** Whether its base checks out, and whether another delta may follow. */
  readonly _sound: boolean;
  _open: boolean;
}

/**
 * Opens the journal and finds its end, after a power cut as well.
 * @param schema two characters per column of the readings appended from now on: code and bytes
 * @param save makes `memory` durable
 * @param random 32 random bits, for the id of a new journal
 * @param reset whether power may have failed in the middle of a write: false only after a deep sleep
 */
export function openJournal(
  flash: FlashPort,
  base: number,
  pages: number,
  schema: string,
  memory: JournalMemory,
  save: () => void,
  random: () => number,
  reset: boolean,
): Journal {
  let current: Page | undefined;
  let groups = 0;
  /** The group that holds the newest reading. */
  let last: Group | undefined;
  let next = 0;
  let oldest = 0;

  const startOf = (index: number): number => base + (index % pages) * PAGE;

  const pageAt = (index: number, copy: number): Page | undefined => {
    const bytes = flash.read(HEADER, startOf(index) + copy);
    const words = new Int32Array(bytes.buffer);
    const length = words[1]! - VERSION * 256;
    const body = bodyOf(flash, bytes, FIXED + length);
    if (!body) return copy ? undefined : pageAt(index, HEADER);
    const id = words[2]! >>> 0;
    if (memory.id && id !== memory.id) return;
    const delta = (((length + 5) / 6) | 0) * 4;
    const size = FIXED + length * 2 + DELTAS * delta;
    return {
      _id: id,
      _index: index % pages,
      _first: words[3]!,
      _schema: body.slice(12),
      _base: FIXED + length * 2,
      _delta: delta,
      _size: size,
      _groups: ((PAGE - HEAD) / size) | 0,
    };
  };

  const addressOf = (page: Page, group: number): number => startOf(page._index) + HEAD + group * page._size;

  /** Undefined when `visit` has seen enough. */
  const readGroup = (page: Page, index: number, visit: (reading: Stored) => boolean | undefined): Group | undefined => {
    const address = addressOf(page, index);
    const bytes = flash.read(page._size, address);
    const words = new Int32Array(bytes.buffer);
    const sound = !!bodyOf(flash, bytes, page._base);
    const number = sound ? words[1]! : 0;
    // Bits of a write that was cut may read one way now and another way later. Fix them as they read.
    if (reset) flash.write(bytes, address);
    const columns: number[] = [];
    let at = 4;
    while (at < page._base / 4) columns.push(words[at++]!);
    // neither erased nor spoilt
    const used = (words[0]! + 1) & ~1;
    const group: Group = {
      number,
      segment: words[3]! & 255,
      at: words[2]! >>> 0,
      step: words[3]! >>> 8,
      columns,
      schema: page._schema,
      _next: used ? number + 1 : 0,
      _end: 0,
      _sound: sound,
      _open: sound,
    };
    if (sound && visit(group)) return;
    let weight = 1;
    while (used && at < page._size / 4) {
      let word = words[at]!;
      if (word === SPOILT || word === -1) break;
      const jitter = (word >> 5) & 3;
      for (let i = 0; i < columns.length; i++) {
        if (i % 3 === 0) {
          word = words[at++]!;
          if (!isWhole(word)) group._open = false;
        }
        columns[i]! += ((word << 16) >> 24) * weight;
        word >>= 8;
      }
      weight *= 256;
      if (group._open && jitter === MORE) continue;
      group._next++;
      weight = 1;
      if (!group._open) continue;
      group.number++;
      group.at += group.step + jitter - 1;
      if (visit(group)) return;
    }
    group._end = at * 4;
    return group;
  };

  const spoilHeader = (index: number): void => {
    flash.write(VOID, startOf(index));
    flash.write(VOID, startOf(index) + HEADER);
  };

  const newPage = (): void => {
    // a page without a single reading is started afresh
    let index = current ? current._index + (next > current._first ? 1 : 0) : 0;
    current = undefined;
    for (let i = pages; i-- && !current; index++) {
      // a torn erase must not leave a header that still checks out
      spoilHeader(index);
      flash.erasePage(startOf(index));
      let text = le32(VERSION * 256 + schema.length) + le32(memory.id) + le32(next) + schema;
      text = le32(flash.crc32(text)) + text;
      while (text.length < HEADER) text += "\xff";
      flash.write(text + text, startOf(index));
      current = pageAt(index, 0);
    }
    groups = 0;
    remember();
  };

  const remember = (): void => {
    if (!current || memory.page === current._index) return;
    memory.page = current._index;
    save();
  };

  if (!reset && memory.page >= 0) current = pageAt(memory.page, 0);
  for (let i = current ? 0 : pages; i--;) {
    const page = pageAt(i, 0);
    if (page && (!current || page._first > current._first)) current = page;
  }
  memory.id = memory.id || (current && current._id) || random() || 1;
  if (current) {
    groups = usedSlots(flash, addressOf(current, 0), current._size, current._groups);
    for (let index = groups; index-- && !last;) {
      const group = readGroup(current, index, () => false)!;
      next += group._next;
      if (reset || index < groups - 1) group._open = false;
      // one of the places where the next write could go may be written already without showing it
      if (reset && group._end < current._size) flash.write(le32(SPOILT), addressOf(current, index) + group._end);
      if (group._sound) last = group;
    }
    if (!last) next += current._first;
    if (reset) {
      const start = startOf(current._index);
      flash.write(flash.read(HEAD, start), start);
      if (groups < current._groups) flash.write(VOID, addressOf(current, groups++));
      if (!pageAt(current._index + 1, 0)) spoilHeader(current._index + 1);
    }
    remember();
  }
  reset = false;
  const floor = Math.max(memory.released, memory.aheadEnd, memory.floor);
  if (next < floor) {
    next = floor;
    if (current) groups = current._groups;
    last = undefined;
  }

  const pagesFrom = (from: number): number => {
    let found = 0;
    for (let i = 0; current && i < pages; i++) {
      const page = pageAt(current._index + pages - i, 0);
      if (!page) continue;
      oldest = page._first;
      found = i + 1;
      if (oldest <= from) break;
    }
    return found;
  };

  return {
    next: () => next,
    newest: () => last,
    append(segment, at, values) {
      let step = last && last.segment === segment ? at - last.at : 0;
      for (let attempts = 3; attempts--;) {
        let text = "";
        let start = 0;
        if (last && last._open && last.segment === segment && last.schema === schema) {
          const jitter = step - last.step + 1;
          if (jitter >= 0 && jitter < MORE) text = packDelta(jitter, last.columns, values);
          if (last._end + text.length > current!._size) text = "";
          start = addressOf(current!, groups - 1) + last._end;
        }
        if (text) {
          flash.write(text, start);
          if (flash.text(flash.read(text.length, start)) === text) {
            last!._end += text.length;
            last!.at = at;
            last!.columns = values;
            return (last!.number = next++);
          }
        } else {
          if (!current || groups >= current._groups || current._schema !== schema) newPage();
          if (!current) break;
          start = addressOf(current, groups);
          // one reading came late, and this one is in time again
          if (last && last._open && last._end === current._base && Math.abs(step - last.step) * 2 < step)
            step = (step + last.step) >> 1;
          [next, at, (step === (step & 0xffffff) ? step : 0) * 256 + segment]
            .concat(values)
            .forEach((word) => (text += le32(word)));
          flash.write(le32(flash.crc32(text)) + text, start);
          last = readGroup(current, groups++, () => false)!;
          if (last._open) return next++;
        }
        flash.write(VOID, start);
        last!._open = false;
      }
      memory.floor = ++next;
      save();
      return -1;
    },
    each(from, visit) {
      for (let i = pagesFrom(from); i--;) {
        const page = pageAt(current!._index + pages - i, 0);
        if (!page) continue;
        const end = i ? page._groups : groups;
        // no group holds more than this, so none before it can hold the number
        for (let group = Math.max(0, ((from - page._first) / (DELTAS + 1)) | 0); group < end; group++)
          if (!readGroup(page, group, (reading) => reading.number >= from && visit(reading, oldest))) return;
      }
    },
    pagesFrom,
  };
}
