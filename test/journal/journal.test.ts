import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openJournal, type Journal } from "../../lib/journal/journal.ts";
import { NorFlash, PowerCut } from "../twins/flash.ts";

const BASE = 0x312000;
const ID = 0xdeadbeef;
const SCHEMA = "\x01\x02\x02\x02";

const payload = (n: number): string => String.fromCharCode(n % 200, n & 255, (n >> 8) & 255, 1, 2, 3, 4, 5, 6);
const open = (flash: NorFlash, pages: number, { schema = SCHEMA, hint = -1, id = ID } = {}): Journal =>
  openJournal(flash, { base: BASE, pages }, id, schema, 9, hint);
const held = (journal: Journal): number[] => {
  const numbers: number[] = [];
  for (let n = journal.first(); n < journal.next(); n++) {
    const bytes = journal.read(n);
    if (bytes && String.fromCharCode(...bytes.slice(0, 9)) === payload(n)) numbers.push(n);
  }
  return numbers;
};
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe("journal", () => {
  it("starts empty on erased flash", () => {
    const journal = open(new NorFlash(BASE, 3), 3);
    expect([journal.first(), journal.next(), journal.read(0)]).toEqual([0, 0, undefined]);
  });

  it("returns what was appended, after any number of restarts and with any hint", () => {
    const flash = new NorFlash(BASE, 4);
    for (let n = 0; n < 900; n++) expect(open(flash, 4, { hint: n % 7 === 0 ? -1 : n % 4 }).append(payload(n))).toBe(n);
    expect(held(open(flash, 4))).toEqual(range(0, 900));
  });

  it("drops the oldest page when full, and tells so", () => {
    const flash = new NorFlash(BASE, 3);
    const journal = open(flash, 3);
    for (let n = 0; n < 2000; n++) journal.append(payload(n));
    const reopened = open(flash, 3, { hint: journal.page() });
    expect(reopened.next()).toBe(2000);
    expect(reopened.first()).toBeGreaterThan(2000 - 3 * 340);
    expect(held(reopened)).toEqual(range(reopened.first(), 2000));
    expect(reopened.read(reopened.first() - 1)).toBeUndefined();
  });

  it("keeps records of an older schema readable beside the new ones", () => {
    const flash = new NorFlash(BASE, 4);
    const old = open(flash, 4);
    for (let n = 0; n < 10; n++) old.append(payload(n));
    const now = open(flash, 4, { schema: "\x01\x02\x02\x02\x03\x02" });
    for (let n = 10; n < 20; n++) now.append(payload(n));
    const reopened = open(flash, 4);
    expect(held(reopened)).toEqual(range(0, 20));
    expect([reopened.schema(9).length, reopened.schema(10).length]).toEqual([4, 6]);
  });

  it("ignores pages of another journal", () => {
    const flash = new NorFlash(BASE, 3);
    const old = open(flash, 3);
    for (let n = 0; n < 400; n++) old.append(payload(n));
    const fresh = open(flash, 3, { id: 7 });
    expect(fresh.next()).toBe(0);
    for (let n = 0; n < 400; n++) fresh.append(payload(n));
    expect(held(open(flash, 3, { id: 7 }))).toEqual(range(0, 400));
  });

  it("recovers with few reads however full the ring is", () => {
    const flash = new NorFlash(BASE, 14);
    const journal = open(flash, 14);
    for (let n = 0; n < 3000; n++) journal.append(payload(n));
    flash.reads = 0;
    open(flash, 14, { hint: journal.page() });
    expect(flash.reads).toBeLessThan(16);
  });

  it("finds every flipped bit in a record", () => {
    const flash = new NorFlash(BASE, 2);
    const journal = open(flash, 2);
    for (let n = 0; n < 5; n++) journal.append(payload(n));
    const at = flash.bytes.findIndex((_, i) => i > 20 && flash.bytes[i + 2] === 2 && flash.bytes[i + 3] === 2);
    for (let bit = 0; bit < 12 * 8; bit++) {
      flash.bytes[at + (bit >> 3)]! ^= 1 << (bit & 7);
      expect(open(flash, 2).read(2)).toBeUndefined();
      flash.bytes[at + (bit >> 3)]! ^= 1 << (bit & 7);
    }
    expect(open(flash, 2).read(2)).toBeDefined();
  });

  it("loses nothing that was stored, wherever the power fails", () => {
    let cuts = 0;
    for (let cutAfter = 0; cutAfter < 700; cutAfter += cutAfter > 330 && cutAfter < 350 ? 1 : 9) {
      for (const cutBytes of [0, 1, 2, 7, 11, 20, 23, 2000]) {
        const flash = new NorFlash(BASE, 2);
        let stored = 0;
        let journal = open(flash, 2);
        flash.cutAfter = cutAfter;
        flash.cutBytes = cutBytes;
        expect(() => {
          for (;;) stored = journal.append(payload(stored)) + 1;
        }).toThrow(PowerCut);
        flash.cutAfter = Infinity;
        journal = open(flash, 2);
        const first = journal.first();
        expect(journal.next() - stored).toBeLessThanOrEqual(1);
        expect(journal.next()).toBeGreaterThanOrEqual(stored);
        expect(held(journal).slice(0, stored - first)).toEqual(range(first, stored));
        const after = journal.next();
        for (let n = after; n < after + 30; n++) journal.append(payload(n));
        expect(held(open(flash, 2)).slice(-30)).toEqual(range(after, after + 30));
        cuts++;
      }
    }
    expect(cuts).toBeGreaterThan(700);
  });

  it("agrees with a list over random appends, restarts and cuts", () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ do: fc.constant("append" as const), count: fc.integer({ min: 1, max: 200 }) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), count: fc.constant(0) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("cut" as const), count: fc.integer({ min: 0, max: 30 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const flash = new NorFlash(BASE, 3);
        let journal = open(flash, 3);
        for (const { do: what, count } of steps) {
          if (what === "cut") {
            flash.cutAfter = flash.operations + (count >> 1);
            flash.cutBytes = count;
          }
          const stored = new Set(held(journal));
          try {
            for (let i = 0; i < (what === "append" ? count : what === "cut" ? 40 : 0); i++) {
              const n = journal.append(payload(journal.next()));
              stored.add(n);
            }
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
          }
          flash.cutAfter = Infinity;
          if (what !== "append") journal = open(flash, 3, { hint: count % 4 });
          const first = journal.first();
          expect(held(journal).filter((n) => stored.has(n))).toEqual([...stored].filter((n) => n >= first));
        }
      }),
      { numRuns: 60 },
    );
  });
});
