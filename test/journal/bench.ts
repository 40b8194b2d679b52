/** A journal on flash in memory, opened as often as a node wakes. */
import { openJournal, type Journal, type JournalMemory } from "../../lib/journal/journal.ts";
import { NorFlash } from "../twins/flash.ts";

export const BASE = 0x314000;
export const SCHEMA = "\x01\x02\x02\x02\x03\x02";
export const PERIOD = 900;

export interface Bench {
  readonly flash: NorFlash;
  readonly memory: { -readonly [K in keyof JournalMemory]: JournalMemory[K] };
  saves: number;
  wake(options?: { reset?: boolean; schema?: string }): Journal;
}

export function bench(pages: number, flash = new NorFlash(BASE, pages)): Bench {
  const memory = { id: 0, page: -1, released: 0, aheadEnd: 0, floor: 0 };
  const self: Bench = {
    flash,
    memory,
    saves: 0,
    wake: ({ reset = false, schema = SCHEMA } = {}) =>
      openJournal(
        flash,
        BASE,
        pages,
        schema,
        memory,
        () => self.saves++,
        () => 0xdeadbeef,
        reset,
      ),
  };
  return self;
}

/** Reading n of a quiet world: every delta fits one unit. */
export const at = (n: number): number => 1000 + PERIOD * n;
export const values = (n: number): number[] => [2000 + (n % 50), 5000 - (n % 30), 3600];
export const fill = (journal: Journal, from: number, count: number, segment = 3): void => {
  for (let n = from; n < from + count; n++) journal.append(segment, at(n), values(n));
};

/** Numbers of the readings that are there and right. */
export function held(journal: Journal, from = 0): number[] {
  const numbers: number[] = [];
  journal.each(from, ({ number, at: when, columns }) => {
    if (when === at(number) && columns.join() === values(number).join()) numbers.push(number);
    return false;
  });
  return numbers;
}

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
