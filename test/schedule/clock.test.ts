import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceTime, setClock, type ClockState } from "../../lib/schedule/clock.ts";
import { dueAt } from "../../lib/schedule/plan.ts";

const HOUR = 3600;
const START = Date.UTC(2026, 0, 1) / 1000;
const fresh = (): ClockState => ({ offset: null, syncedAt: 0, drift: 0, gained: 0 });
const planTime = (clock: ClockState, raw: number): number => deviceTime(clock, raw) + (clock.offset ?? 0);

/** The network tells whole seconds, up to two seconds late, every `every` seconds of true time. */
function disciplined(
  driftPpm: number,
  every: number,
  days: number,
  late: (n: number) => number,
): { clock: ClockState; raw: number; unix: number } {
  const clock = fresh();
  let raw = 0;
  let unix = START;
  for (let n = 0; unix < START + days * 24 * HOUR; n++) {
    setClock(clock, Math.floor(raw), Math.floor(unix - late(n)));
    unix += every;
    raw += every * (1 + driftPpm / 1e6);
  }
  return { clock, raw, unix };
}

describe("the drift", () => {
  it.each([-50000, -5000, 0, 5000, 50000])(
    "of %d ppm is found within 150 ppm after three days of reports every 6 hours",
    (ppm) => {
      const { clock, raw, unix } = disciplined(ppm, 6 * HOUR, 3, (n) => (n * 7) % 3);
      const found = clock.drift / (1 - clock.drift / 1e6);
      expect(Math.abs(found - ppm)).toBeLessThan(150);
      // and the plan's clock is within seconds just before the next correction
      expect(Math.abs(planTime(clock, raw) - unix)).toBeLessThan(5);
    },
  );

  it("is not learned from a clock that somebody set", () => {
    const { clock, raw, unix } = disciplined(5000, 6 * HOUR, 3, () => 0);
    const before = clock.drift;
    setClock(clock, raw, unix + 86400);
    setClock(clock, raw + 6 * HOUR, unix + 6 * HOUR - 86400);
    expect(clock.drift).toBe(before);
  });

  it("survives a change of battery: the new raw clock is corrected from the start", () => {
    const { clock } = disciplined(5000, 6 * HOUR, 3, () => 0);
    clock.offset = null;
    clock.syncedAt = clock.gained = 0;
    expect(planTime(clock, 86400 * 1.005)).toBeCloseTo(86400, -1);
  });
});

describe("device time", () => {
  it("goes on evenly when the network corrects the clock: what was stored before keeps its right time", () => {
    const { clock, raw, unix } = disciplined(5000, 6 * HOUR, 3, (n) => (n * 7) % 3);
    const stored = deviceTime(clock, raw - 3 * HOUR);
    const [before, offset] = [deviceTime(clock, raw), clock.offset!];
    setClock(clock, raw, unix);
    expect(Math.abs(deviceTime(clock, raw) - before)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(clock.offset! - offset)).toBeLessThan(5);
    expect(Math.abs(stored + clock.offset! - (unix - (3 * HOUR) / 1.005))).toBeLessThan(5);
  });

  it("keeps its offset while the network's whole seconds agree", () => {
    const { clock, raw, unix } = disciplined(-20000, 6 * HOUR, 20, () => 0);
    const offset = clock.offset;
    for (const late of [0, 1, 1, 0]) setClock(clock, raw, Math.round(unix) - late);
    expect(clock.offset).toBe(offset);
  });
});

describe("a jump of the network's time", () => {
  it("of any size moves the next run by at most a period and a quarter", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 2 * 86400 }),
        fc.integer({ min: -800 * 86400, max: 800 * 86400 }),
        fc.nat(86400),
        (period, jump, sinceRun) => {
          const { clock, raw, unix } = disciplined(5000, 6 * HOUR, 2, () => 0);
          setClock(clock, raw, unix);
          const ranAt = raw - Math.min(sinceRun, period);
          setClock(clock, raw + 10, unix + 10 + jump);
          const wait = dueAt({ period, slack: 0 }, planTime(clock, ranAt)) - planTime(clock, raw + 10);
          expect(wait).toBeLessThanOrEqual(period * 1.25);
        },
      ),
    );
  });

  it("of exactly a day, there and back, keeps the phase", () => {
    const { clock, raw, unix } = disciplined(0, 6 * HOUR, 2, () => 0);
    const next = (): number => dueAt({ period: 900, slack: 0 }, planTime(clock, raw)) - planTime(clock, raw);
    setClock(clock, raw, unix);
    const before = next();
    for (const days of [1, -1, 0]) {
      setClock(clock, raw, unix + days * 86400);
      expect(next()).toBe(before);
    }
  });
});
