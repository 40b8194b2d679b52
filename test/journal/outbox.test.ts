import { describe, expect, it } from "vitest";
import { openState } from "../../lib/journal/state.ts";
import { keepAlarms, thinOut } from "../../lib/journal/when-full.ts";
import { loadMemory, saveMemory, STATE_BYTES } from "../../lib/memory.ts";
import { openJournal } from "../../lib/journal/journal.ts";
import { openOutbox, type Outbox } from "../../lib/outbox.ts";
import { Collector } from "../../tools/receive/collect.ts";
import { decodeBatch } from "../../tools/receive/decode.ts";
import { NorFlash } from "../twins/flash.ts";
import { at, PERIOD, range, SCHEMA, values } from "./bench.ts";

const BASE = 0x310000;
const PAGES = 12;

/** A node and its receiver. */
function node(pages = PAGES) {
  const flash = new NorFlash(BASE, pages + 4);
  const store = openState<unknown[]>(flash, BASE, STATE_BYTES, false);
  const memory = loadMemory(store, () => 1);
  const save = () => saveMemory(store, memory);
  const journal = openJournal(flash, BASE + 4 * 4096, pages, SCHEMA, memory, save, () => 99, true);
  const collector = new Collector();
  const order: number[] = [];
  const receive = (message: string) => {
    const batch = decodeBatch(Buffer.from(message, "latin1"));
    for (const seq of new Set(collector.add(batch).map((row) => row.seq))) order.push(seq);
    return batch;
  };
  const outbox = (from = journal): Outbox => openOutbox(from, memory, save, () => at(20_000));
  const drain = (box = outbox()): number => {
    let messages = 0;
    for (let message = box.next(); message; message = box.next()) {
      receive(message);
      box.confirmed();
      messages++;
    }
    return messages;
  };
  const store90 = (from: number, count: number) => {
    for (let n = from; n < from + count; n++) journal.append(3, at(n), values(n));
  };
  return { flash, memory, save, journal, collector, order, receive, outbox, drain, fill: store90 };
}

describe("outbox", () => {
  it("sends a backlog of 7 days in order, each reading once", () => {
    const { fill, drain, order, collector } = node();
    fill(0, 7 * 96);
    expect(drain()).toBe(7);
    expect(order).toEqual(range(0, 672));
    expect(collector.report()).toMatchObject({ readings: 672, duplicates: 0, late: 0, gaps: [] });
  });

  it("sends a backlog of 90 days whole, with no more memory than for one batch", () => {
    const { fill, drain, order, collector } = node();
    fill(0, 90 * 96);
    expect(drain()).toBe(90);
    expect(order).toEqual(range(0, 8640));
    expect(collector.report()).toMatchObject({ duplicates: 0, late: 0, skipped: {}, gaps: [] });
  });

  it("sends an alarm first, then the backlog without it, then what came after", () => {
    const { fill, memory, outbox, receive, drain, order, collector, journal } = node();
    fill(0, 1000);
    memory.aheadFrom = memory.aheadEnd = journal.append(3, at(1000), values(1000));
    fill(1001, 5);
    const box = outbox();
    expect(receive(box.next())).toMatchObject({ seq: 1000, count: 6 });
    box.confirmed();
    fill(1006, 3);
    drain(box);
    expect(order).toEqual([...range(1000, 1006), ...range(0, 1000), ...range(1006, 1009)]);
    expect(collector.report()).toMatchObject({ duplicates: 0, gaps: [] });
  });

  it("lets an alarm wait for its turn when one batch holds all", () => {
    const { fill, memory, drain, order } = node();
    fill(0, 50);
    memory.aheadFrom = memory.aheadEnd = 49;
    expect(drain()).toBe(1);
    expect(order).toEqual(range(0, 50));
  });

  it("sends an alarm ahead again until it is confirmed; the receiver drops the repeat", () => {
    const { fill, memory, outbox, receive, drain, order, collector } = node();
    fill(0, 500);
    memory.aheadFrom = memory.aheadEnd = 499;
    expect(receive(outbox().next()).seq).toBe(499);
    expect(receive(outbox().next()).seq).toBe(499);
    drain();
    expect(order).toEqual([499, ...range(0, 499)]);
    expect(collector.report()).toMatchObject({ duplicates: 2, gaps: [] });
  });

  it("sends the readings of an alarm that a second one made it forget twice, and no other", () => {
    const { fill, memory, outbox, receive, drain, collector } = node();
    fill(0, 400);
    memory.aheadFrom = memory.aheadEnd = 399;
    const box = outbox();
    receive(box.next());
    box.confirmed();
    fill(400, 400);
    memory.aheadFrom = memory.aheadEnd = 799;
    expect(receive(box.next())).toMatchObject({ seq: 799, count: 1 });
    box.confirmed();
    drain(box);
    expect(collector.report()).toMatchObject({ readings: 800, duplicates: 1, gaps: [] });
  });

  it("reports what was dropped, and what cannot be read", () => {
    const { fill, drain, flash, order, collector } = node(3);
    fill(0, 3000);
    const base = 4 * 4096 + 128 + 124 * 3;
    flash.bytes[base + 8] = 0;
    drain();
    const report = collector.report();
    expect(report.gaps).toEqual([]);
    expect(report.skipped).toEqual({ dropped: order[0], unreadable: 25 });
    expect(order.length + order[0]! + 25).toBe(3000);
  });

  it("reports how many readings a policy left out, however often it is asked", () => {
    for (const [policy, days] of [
      [thinOut, 120],
      [keepAlarms, 110],
    ] as const) {
      const { journal, memory, outbox, receive, order } = node();
      let last = 0;
      const limited = policy(journal, PAGES, PERIOD, memory);
      for (let n = 0; n < days * 96; n++) limited.append(3, at((last = n)), values(n), n % 96 ? 0 : 1);
      const box = outbox(limited);
      let thinned = 0;
      for (let message = box.next(); message; message = box.next()) {
        expect(box.next()).toBe(message);
        for (const { reason, count } of receive(message).skipped) if (reason !== "dropped") thinned += count;
        box.confirmed();
      }
      // the last readings may have been left out since
      expect(days * 96 - order.length - thinned).toBeLessThan(96);
      expect(order.length + thinned).toBeLessThanOrEqual(last + 1);
    }
  }, 60_000);
});
