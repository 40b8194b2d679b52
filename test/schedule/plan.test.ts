import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { every, seconds } from "../../lib/schedule/every.ts";
import { backOff, dueAt, nextWake } from "../../lib/schedule/plan.ts";

describe("every", () => {
  it.each([
    ["90s", 90],
    ["15m", 900],
    ["1.5h", 5400],
    ["1d", 86400],
  ] as const)("%s is %d seconds", (text, expected) => expect(seconds(text)).toBe(expected));
});

describe("dueAt", () => {
  const job = every("15m");
  it.each([
    ["never run", undefined, 0],
    ["run on time", 900, 1800],
    ["run a little early", 899.4, 1800],
    ["run late", 1700, 1800],
    ["missed for a day", 900 + 86400, 1800 + 86400],
  ])("when %s", (_, last, due) => expect(dueAt(job, last)).toBe(due));
});

describe("nextWake", () => {
  it("shares a wake with what falls due within the slack", () => {
    expect(nextWake([every("10m", { slack: "2m" }), every("11m")], [600, 660])).toBe(660);
  });

  it("does not delay a job beyond its slack", () => {
    expect(nextWake([every("10m", { slack: "30s" }), every("11m")], [600, 660])).toBe(600);
  });

  it("never misses a deadline and never wakes before anything is due", () => {
    const jobs = fc.array(
      fc.record({
        period: fc.integer({ min: 60, max: 86400 }),
        slack: fc.integer({ min: 0, max: 3600 }),
        due: fc.integer({ min: 0, max: 1e6 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(jobs, (set) => {
        const wake = nextWake(
          set,
          set.map((job) => job.due),
        );
        expect(wake).toBeLessThanOrEqual(Math.min(...set.map((job) => job.due + job.slack)));
        expect(set.some((job) => job.due === wake)).toBe(true);
      }),
    );
  });
});

describe("backOff", () => {
  it("doubles up to the longest, and differs by up to a quarter", () => {
    expect([1, 2, 3, 9].map((failures) => backOff(failures, 900, 21600, 1))).toEqual([900, 1800, 3600, 21600]);
    expect(backOff(3, 900, 21600, 0)).toBe(2700);
  });
});
