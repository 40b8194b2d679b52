import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ABSENT, FAULT, NAK } from "../../lib/faults.ts";
import { at, bench, fill, held, PERIOD, range, SCHEMA, values } from "./bench.ts";

/** 32 groups of 25 fit a page of 4096 bytes when all deltas are small. */
const PER_PAGE = 32 * 25;

describe("journal", () => {
  it("starts empty on erased flash", () => {
    const journal = bench(3).wake({ reset: true });
    expect([journal.next(), journal.newest(), held(journal), journal.pagesFrom(0)]).toEqual([0, undefined, [], 0]);
  });

  it("returns what was appended, after any number of wakes", () => {
    const node = bench(4);
    for (let n = 0; n < 900; n++) expect(node.wake({ reset: n % 97 === 0 }).append(3, at(n), values(n))).toBe(n);
    const journal = node.wake();
    expect(held(journal)).toEqual(range(0, 900));
    expect(held(journal, 333)).toEqual(range(333, 900));
    expect(journal.newest()).toMatchObject({ number: 899, segment: 3, at: at(899), step: PERIOD, schema: SCHEMA });
  });

  it("stores faults, absent values and changes of any size as they are", () => {
    const cell = fc.oneof(
      fc.integer({ min: -32000, max: 32000 }),
      fc.integer(),
      fc.constant(FAULT + NAK),
      fc.constant(ABSENT),
    );
    const reading = fc.record({
      gap: fc.oneof(fc.constantFrom(PERIOD - 1, PERIOD, PERIOD + 1), fc.integer({ min: 0, max: 2_000_000_000 })),
      segment: fc.integer({ min: 0, max: 2 }),
      cells: fc.array(cell, { minLength: 7, maxLength: 7 }),
      wake: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (readings, width) => {
        const node = bench(6);
        const schema = "\x01\x04".repeat(width);
        let journal = node.wake({ schema });
        let time = 0;
        const expected = readings.map(({ gap, segment, cells, wake }) => {
          if (wake) journal = node.wake({ schema });
          time = (time + gap) % 4294967296;
          journal.append(segment, time, cells.slice(0, width));
          return [segment, time, ...cells.slice(0, width)];
        });
        const found: number[][] = [];
        node.wake({ schema }).each(0, ({ segment, at: when, columns }) => void found.push([segment, when, ...columns]));
        expect(found).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it("holds 91 days of quarter hours in the 11 pages that are never being erased", () => {
    const node = bench(12);
    const journal = node.wake();
    fill(journal, 0, 20_000);
    const oldest = held(journal)[0]!;
    expect(20_000 - oldest).toBeGreaterThanOrEqual(11 * PER_PAGE);
    expect((11 * PER_PAGE) / 96).toBeGreaterThan(91);
  });

  it("drops the oldest page when full, and tells so", () => {
    const node = bench(3);
    fill(node.wake(), 0, 5 * PER_PAGE);
    const journal = node.wake();
    let oldest = -1;
    journal.each(0, (_, first) => {
      oldest = first;
      return true;
    });
    // the first group holds one reading: the step to the next was not known yet
    const dropped = 3 * PER_PAGE - 24;
    expect(oldest).toBe(dropped);
    expect(held(journal)).toEqual(range(dropped, 5 * PER_PAGE));
  });

  it("keeps readings of an older firmware readable beside the new ones, and of a newer one too", () => {
    const node = bench(5);
    fill(node.wake(), 0, 10);
    const wider = `${SCHEMA}\x21\x04`;
    const journal = node.wake({ schema: wider });
    for (let n = 10; n < 20; n++) journal.append(3, at(n), [...values(n), n]);
    fill(node.wake(), 20, 10);
    const schemas: string[] = [];
    node.wake().each(0, ({ schema }) => void schemas.push(schema));
    expect(schemas).toEqual([
      ...range(0, 10).map(() => SCHEMA),
      ...range(0, 10).map(() => wider),
      ...range(0, 10).map(() => SCHEMA),
    ]);
  });

  it("ignores pages of another journal", () => {
    const node = bench(3);
    fill(node.wake(), 0, 400);
    const other = bench(3, node.flash);
    other.memory.id = 7;
    expect(other.wake({ reset: true }).next()).toBe(0);
    fill(other.wake(), 0, 2000);
    expect(held(other.wake()).at(-1)).toBe(1999);
  });

  it("is found again by a node that has lost its memory, and starts anew on a flash that was wiped", () => {
    const node = bench(3);
    fill(node.wake(), 0, 900);
    const amnesiac = bench(3, node.flash);
    expect(held(amnesiac.wake({ reset: true }))).toEqual(range(0, 900));
    expect(amnesiac.memory.id).toBe(0xdeadbeef);
  });

  it("never gives a confirmed number again, even when the flash has lost everything", () => {
    const node = bench(3);
    fill(node.wake(), 0, 50);
    node.memory.released = 48;
    node.memory.aheadEnd = 50;
    node.flash.bytes.fill(255);
    const journal = node.wake({ reset: true });
    expect([journal.next(), journal.append(3, at(50), values(50))]).toEqual([50, 50]);
    expect(held(node.wake())).toEqual([50]);
  });

  it("reads 9 times at a wake however full the ring is, and not the whole ring after a reset", () => {
    for (const readings of [100, 5 * PER_PAGE, 30 * PER_PAGE]) {
      const node = bench(12);
      fill(node.wake(), 0, readings);
      node.flash.reads = node.flash.bytesRead = 0;
      node.wake();
      expect(node.flash.reads).toBeLessThanOrEqual(9);
      expect(node.flash.bytesRead).toBeLessThan(1000);
      node.flash.reads = node.flash.bytesRead = 0;
      node.wake({ reset: true });
      expect(node.flash.reads).toBeLessThanOrEqual(12 * 2 + 10);
      expect(node.flash.bytesRead).toBeLessThan(2600);
    }
  });

  it("writes whole words: 4 bytes for a reading, and reads them back", () => {
    const node = bench(3);
    fill(node.wake(), 0, 3);
    const { flash } = node;
    flash.writes = flash.bytesWritten = 0;
    fill(node.wake(), 3, 10);
    expect([flash.writes, flash.bytesWritten]).toEqual([10, 40]);
  });

  it("goes on elsewhere when the flash does not take what is written", () => {
    const node = bench(4);
    fill(node.wake(), 0, 30);
    const { flash } = node;
    const write = flash.write.bind(flash);
    let bad = 0;
    flash.write = (data, address) => {
      write(bad++ % 5 === 0 ? "\0".repeat(data.length) : data, address);
    };
    const journal = node.wake();
    const numbers = range(0, 60).map((n) => journal.append(3, at(30 + n), values(30 + n)));
    flash.write = write;
    expect(numbers).toEqual(range(30, 90));
    expect(held(node.wake())).toEqual(range(0, 90));
  });

  it("says so when the flash takes nothing any more", () => {
    const node = bench(2);
    const { flash } = node;
    flash.write = () => undefined;
    expect(node.wake().append(3, at(0), values(0))).toBe(-1);
  });
});
