import { describe, expect, it } from "vitest";
import { keepAlarms, thinOut, type WhenFull } from "../../lib/journal/when-full.ts";
import { at, bench, fill, PERIOD, values } from "./bench.ts";

/** Quarter hours per day. */
const DAY = 96;
const PAGES = 12;

/** A node that nobody hears for `days`; one reading a day is an alarm. */
function silent(policy: WhenFull | undefined, days: number): { numbers: number[]; times: number[]; alarms: number } {
  const node = bench(PAGES);
  const alarms = new Set<number>();
  for (let n = 0; n < days * DAY; n++) {
    const plain = node.wake();
    const journal = policy ? policy(plain, PAGES, PERIOD, { released: 0 }) : plain;
    const urgent = n % DAY === 50;
    journal.append(3, at(n), values(n), urgent ? 1 : 0);
    if (urgent) alarms.add(at(n));
  }
  const numbers: number[] = [];
  const times: number[] = [];
  node.wake().each(0, (reading) => {
    numbers.push(reading.number);
    times.push(reading.at);
    return false;
  });
  return { numbers, times, alarms: times.filter((time) => alarms.has(time)).length };
}

describe("a ring that fills up", () => {
  it("drops the oldest when nothing else is said", () => {
    const { numbers, times } = silent(undefined, 150);
    expect(times[0]! / PERIOD / DAY).toBeGreaterThan(50);
    expect(numbers.length).toBeGreaterThan(91 * DAY);
  });

  it("thins out: after 250 days the first day is still there, the latest is coarser", () => {
    const { numbers, times } = silent(thinOut, 250);
    expect(times[0]).toBe(at(0));
    expect(numbers).toEqual(numbers.map((_, i) => i));
    const gaps = times.slice(1).map((time, i) => (time - times[i]!) / PERIOD);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(12);
    expect(gaps.slice(0, 40 * DAY).every((gap) => gap === 1)).toBe(true);
    expect(gaps.at(-1)).toBeGreaterThan(1);
  }, 120_000);

  it("keeps alarms: beyond the last two pages nothing else is stored", () => {
    const days = 150;
    const { times, alarms } = silent(keepAlarms, days);
    expect(times[0]).toBe(at(0));
    expect(alarms).toBe(days);
  }, 120_000);

  it("reads nothing more than usual while little waits", () => {
    const node = bench(PAGES);
    fill(node.wake(), 0, 90);
    const journal = thinOut(node.wake(), PAGES, PERIOD, { released: 0 });
    node.flash.reads = 0;
    journal.append(3, at(90), values(90));
    expect(node.flash.reads).toBe(1);
  });
});
