/** One wake of a node as far as its flash goes, and what must be true whenever it looks at the flash. */
import { ABSENT, FAULT, NAK } from "../../lib/faults.ts";
import { NorFlash } from "../twins/flash.ts";
import type { Library } from "./library.ts";

export interface Geometry {
  readonly pageBytes: number;
  /** Of the journal; two more hold the state. */
  readonly pages: number;
  /** Deltas per group: few, so that short workloads meet every boundary. */
  readonly deltas: number;
}

export interface Wake {
  /** After power-on rather than a deep sleep. */
  readonly reset?: boolean;
  /** Readings to store. */
  readonly store?: number;
  /** Readings to release, oldest first. */
  readonly release?: number;
  /** Columns of this firmware. */
  readonly columns?: number;
}

export const BASE = 0x310000;
const codes = "\x01\x02\x02\x02\x03\x02\x21\x04\x22\x02";

/** Reading number k of the world: mostly small changes, sometimes large ones, faults, late ones. */
export function reading(k: number, columns: number): { at: number; values: number[] } {
  const values = [2000 + ((k * 37) % 90), 5000 + ((k * k) % 200) * (k % 11 ? 1 : 30), k % 13 ? 3600 - k : FAULT + NAK];
  if (columns > 3) values.push(k % 7 ? k * 100000 : ABSENT, -k);
  return { at: 900 * k + (k % 17 === 16 ? 400 : k % 3), values: values.slice(0, columns) };
}

const keyOf = (segment: number, at: number, values: readonly number[]): string => `${segment} ${at} ${values.join()}`;

/** What the outside knows: which readings were stored for sure, which may have been. */
export class Model {
  /** By number: the reading, once `append` has returned. */
  readonly stored: (string | undefined)[];
  /** By number: readings in flight when the power failed. They may be there, whole, or not. */
  readonly possible: Map<number, string[]>;
  /** By number: those of them that were read: they may have been sent, so the number is theirs. */
  readonly seen: Map<number, string>;
  produced = 0;
  released = 0;
  /** A release that was being saved when the power failed. */
  releasing: number | undefined;
  cuts = 0;
  ids = 0;

  constructor(from?: Model) {
    this.stored = from ? from.stored.slice() : [];
    this.possible = new Map(from?.possible);
    this.seen = new Map(from?.seen);
    if (from) ({ produced: this.produced, released: this.released, cuts: this.cuts, ids: this.ids } = from);
    this.releasing = from?.releasing;
  }
}

export class Violation extends Error {}

function demand(condition: boolean, what: () => string): void {
  if (!condition) throw new Violation(what());
}

/** Compares everything that the journal gives with the model. */
function inspect(journal: ReturnType<Library["openJournal"]>, model: Model, geometry: Geometry): void {
  let lastNumber = -1;
  let oldest = 0;
  const found = new Set<number>();
  journal.each(0, (stored, first) => {
    const { number } = stored;
    demand(first <= number, () => `number ${number} is older than the oldest, ${first}`);
    // a page that is being dropped may waver between the two looks
    oldest = Math.max(oldest, first);
    demand(number > lastNumber, () => `number ${number} comes after ${lastNumber}`);
    lastNumber = number;
    found.add(number);
    const key = keyOf(stored.segment, stored.at, stored.columns);
    const sure = model.stored[number];
    if (sure !== undefined) demand(sure === key, () => `number ${number} is ${key}, but ${sure} was stored`);
    else {
      demand(!!model.possible.get(number)?.includes(key), () => `number ${number} is invented: ${key}`);
      const before = model.seen.get(number) ?? key;
      demand(before === key, () => `number ${number} was ${before} and is now ${key}`);
      model.seen.set(number, key);
    }
    return false;
  });
  const next = journal.next();
  demand(next < 100_000, () => `next is ${next}`);
  let unknown = 0;
  for (let number = Math.max(oldest, model.released); number < next; number++) {
    if (model.stored[number] === undefined) unknown++;
    else demand(found.has(number), () => `number ${number} was stored and is lost`);
  }
  // a torn delta of a fault is five words, and each may have been a reading
  demand(unknown <= 5 * model.cuts, () => `${unknown} numbers burnt by ${model.cuts} cuts`);
  demand(next >= model.stored.length, () => `next is ${next}, but ${model.stored.length - 1} was stored`);
  for (const number of model.seen.keys()) demand(next > number, () => `next is ${next}, but ${number} was read`);
  if (oldest > model.released)
    demand(journal.pagesFrom(0) >= geometry.pages - 1, () => `dropped up to ${oldest} although the ring is not full`);
}

/** Runs one wake. Throws PowerCut when the flash does, Violation when something is wrong. */
export function run(lib: Library, flash: NorFlash, model: Model, geometry: Geometry, wake: Wake): void {
  flash.boot();
  const reset = !!wake.reset;
  const random = (): number => 1000 + model.ids++;
  const store = lib.openState<unknown[]>(flash, BASE, geometry.pageBytes / 2, reset);
  const memory = lib.loadMemory(store, random);
  const acceptable = [model.released, model.releasing].filter((n) => n !== undefined);
  demand(acceptable.includes(memory.released), () => `released is ${memory.released}, not ${acceptable.join(" or ")}`);
  model.released = memory.released;
  model.releasing = undefined;
  const save = (): void => void lib.saveMemory(store, memory);

  const columns = wake.columns ?? 3;
  const journalBase = BASE + 2 * geometry.pageBytes;
  const journal = lib.openJournal(
    flash,
    journalBase,
    geometry.pages,
    codes.slice(0, columns * 2),
    memory,
    save,
    random,
    reset,
  );
  inspect(journal, model, geometry);
  for (let i = 0; i < (wake.store ?? 0); i++) {
    const { at, values } = reading(model.produced++, columns);
    const key = keyOf(7, at, values);
    const expected = journal.next();
    model.possible.set(expected, [...(model.possible.get(expected) ?? []), key]);
    const number = journal.append(7, at, values);
    demand(number === expected, () => `append gave ${number} instead of ${expected}`);
    demand(!model.seen.has(number), () => `number ${number} was read before, and is given again`);
    model.stored[number] = key;
  }
  if (wake.release) {
    model.releasing = Math.min(memory.released + wake.release, journal.next());
    memory.released = model.releasing;
    save();
    model.released = model.releasing;
    model.releasing = undefined;
  }
  if (wake.store || wake.release) inspect(journal, model, geometry);
}

export function newFlash(geometry: Geometry): NorFlash {
  return new NorFlash(BASE, geometry.pages + 2, geometry.pageBytes);
}
