import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Collector } from "../../tools/receive/collect.ts";
import { message } from "./messages.ts";

const seqs = (rows: readonly { seq: number }[]) => rows.map(({ seq }) => seq);

describe("a collector", () => {
  test("hands on each reading once, and only what is new of a repeated message", () => {
    const collector = new Collector();
    expect(seqs(collector.add(message(0, 3)))).toEqual([0, 1, 2]);
    expect(seqs(collector.add(message(0, 3)))).toEqual([]);
    expect(seqs(collector.add(message(2, 3)))).toEqual([3, 4]);
    expect(collector.report()).toEqual({
      messages: 3,
      readings: 5,
      duplicates: 4,
      late: 0,
      disordered: 0,
      skipped: {},
      thinned: 0,
      gaps: [],
    });
  });

  test("finds gaps and closes them when the readings come late", () => {
    const collector = new Collector();
    collector.add(message(0, 2));
    collector.add(message(5, 2));
    expect(collector.report().gaps).toEqual([{ journal: 7, first: 2, count: 3 }]);
    expect(seqs(collector.add(message(3, 1)))).toEqual([3]);
    expect(collector.report()).toMatchObject({
      late: 1,
      gaps: [
        { journal: 7, first: 2, count: 1 },
        { journal: 7, first: 4, count: 1 },
      ],
    });
  });

  test("honours what the device gave up, unless it came nevertheless", () => {
    const collector = new Collector();
    collector.add(message(0, 2));
    collector.add(message(6, 1, { skipped: [[1, 4, 1], [5, 1, 2]] })); // prettier-ignore
    collector.add(message(6, 1, { skipped: [[1, 4, 1]] }));
    expect(collector.report()).toMatchObject({ skipped: { dropped: 3, unreadable: 1 }, gaps: [], duplicates: 1 });
  });

  test("counts once what was left out, though a message says so again, and more", () => {
    const collector = new Collector();
    collector.add(message(4, 2, { skipped: [[4, 5, 3]] }));
    collector.add(message(4, 3, { skipped: [[4, 8, 3]] }));
    expect(collector.report()).toMatchObject({ skipped: {}, thinned: 8, gaps: [] });
  });

  test("takes a backlog that an alarm overtook for late, and anything else for disorder", () => {
    const collector = new Collector();
    collector.add(message(0, 2));
    collector.add(message(90, 1));
    collector.add(message(2, 40));
    collector.add(message(44, 46, { skipped: [[42, 2, 1]] }));
    expect(collector.report()).toMatchObject({ late: 86, disordered: 0, gaps: [] });
    collector.add(message(200, 1));
    collector.add(message(150, 1));
    expect(collector.report()).toMatchObject({ late: 87, disordered: 1 });
  });

  test("takes a message that only says what was lost", () => {
    const collector = new Collector();
    expect(collector.add(message(3, 0, { skipped: [[0, 3, 1]] }))).toEqual([]);
    expect(collector.report()).toMatchObject({ readings: 0, skipped: { dropped: 3 }, gaps: [] });
  });

  test("keeps the journals of a device apart: a wiped device starts at 0 again", () => {
    const collector = new Collector();
    collector.add(message(0, 2));
    expect(seqs(collector.add(message(0, 2, { journal: 8 })))).toEqual([0, 1]);
    expect(collector.report()).toMatchObject({ readings: 4, duplicates: 0 });
  });

  test("counts like a plain set, whatever arrives in whatever order", () => {
    const span = fc.tuple(fc.nat(60), fc.nat(8));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 30 }), (spans) => {
        const collector = new Collector();
        const seen = new Set<number>();
        for (const [seq, count] of spans) {
          const numbers = Array.from({ length: count }, (_, i) => seq + i);
          expect(seqs(collector.add(message(seq, count)))).toEqual(numbers.filter((number) => !seen.has(number)));
          for (const number of numbers) seen.add(number);
        }
        const low = Math.min(...seen);
        const missing = seen.size ? Math.max(...seen) - low + 1 - seen.size : 0;
        const { readings, gaps } = collector.report();
        expect(readings).toBe(seen.size);
        expect(gaps.reduce((sum, { count }) => sum + count, 0)).toBe(missing);
      }),
      { numRuns: 500 },
    );
  });
});
