import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { every, seconds, type Job } from "../../lib/schedule/every.ts";
import { backOff, dueAt, jitter, nextWake } from "../../lib/schedule/plan.ts";

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
    ["run on time", 900, 1800],
    ["run a little early", 899.4, 1800],
    ["run late", 1500, 1800],
    ["run a little before, since the clock was set back", 1690, 2700],
    ["missed for a day", 900 + 86400, 1800 + 86400],
  ])("when %s", (_, last, due) => expect(dueAt(job, last)).toBe(due));

  it("is never further away than one period and a quarter, whatever the clock did", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: -1e10, max: 1e10, noNaN: true }),
        (period, last) => {
          const away = dueAt({ period, slack: 0 }, last) - last;
          expect(away).toBeGreaterThan(-1e-5);
          expect(away).toBeLessThanOrEqual(period * 1.25 + 1e-5);
        },
      ),
    );
  });
});

interface Lived {
  readonly wakes: readonly number[];
  readonly runs: readonly (readonly number[])[];
}

/** Lives by the plan; wakes come as late as `wakeLate` says. */
function liveBy(jobs: readonly Job[], until: number, wakeLate = (_: number): number => 0): Lived {
  const last = jobs.map(() => 0);
  const wakes: number[] = [];
  const runs: number[][] = jobs.map(() => []);
  for (;;) {
    const due = jobs.map((job, i) => dueAt(job, last[i]!));
    const wake = nextWake(jobs, due) + wakeLate(wakes.length);
    if (wake > until) return { wakes, runs };
    wakes.push(wake);
    jobs.forEach((_, i) => {
      if (due[i]! > wake) return;
      last[i] = wake;
      runs[i]!.push(wake);
    });
  }
}

/** Windows of all jobs that are over before the end. */
const windowsOf = (jobs: readonly Job[], until: number): [number, number][] =>
  jobs.flatMap(({ period, slack }) => {
    const windows: [number, number][] = [];
    for (let due = period; due + slack <= until; due += period) windows.push([due, due + slack]);
    return windows;
  });

/** Fewest points that hit every window, by trying all sets of deadlines: some best set consists of deadlines. */
function fewest(windows: readonly [number, number][]): number {
  const points = [...new Set(windows.map(([, deadline]) => deadline))];
  let best = points.length;
  for (let set = 0; set < 1 << points.length; set++) {
    const chosen = points.filter((_, i) => set & (1 << i));
    if (chosen.length >= best) continue;
    if (windows.every(([from, to]) => chosen.some((point) => point >= from && point <= to))) best = chosen.length;
  }
  return best;
}

const jobSet = (largest: number, count: number): fc.Arbitrary<Job[]> =>
  fc.array(
    fc
      .record({ period: fc.integer({ min: 10, max: largest }), share: fc.double({ min: 0, max: 0.5, noNaN: true }) })
      .map(({ period, share }) => ({ period, slack: Math.floor(period * share) })),
    { minLength: 1, maxLength: count },
  );

describe("nextWake", () => {
  it("shares a wake with what falls due within the slack", () => {
    expect(nextWake([every("10m", { slack: "2m" }), every("11m")], [600, 660])).toBe(660);
  });

  it("does not delay a job beyond its slack", () => {
    expect(nextWake([every("10m", { slack: "30s" }), every("11m")], [600, 660])).toBe(600);
  });

  it("needs exactly as many wakes as the best plan that there is, by exhaustive search", () => {
    fc.assert(
      fc.property(jobSet(40, 4), (jobs) => {
        // as far as the search can go: a dozen windows
        const ends = windowsOf(jobs, 400)
          .map(([, deadline]) => deadline)
          .sort((a, b) => a - b);
        const until = ends[Math.min(ends.length, 12) - 1]!;
        const windows = windowsOf(jobs, until);
        if (new Set(windows.map(([, deadline]) => deadline)).size > 13) return;
        const { wakes } = liveBy(jobs, until);
        const used = wakes.filter((wake) => windows.some(([from, to]) => wake >= from && wake <= to));
        // wakes for windows that end after the horizon only are not the search's business
        const serving = used.filter((wake) =>
          windows.some(
            ([from, to]) => wake >= from && wake <= to && !used.some((other) => other < wake && other >= from),
          ),
        );
        expect(serving.length).toBe(fewest(windows));
      }),
      { numRuns: 300 },
    );
  });

  it("runs every job once in each of its windows, and no job starves", () => {
    fc.assert(
      fc.property(jobSet(5000, 10), (jobs) => {
        const until = 30000;
        const { runs, wakes } = liveBy(jobs, until);
        jobs.forEach(({ period, slack }, i) => {
          for (let n = 1; n * period + slack <= until; n++) {
            const inside = runs[i]!.filter((at) => at >= n * period && at <= n * period + slack);
            expect(inside.length).toBe(1);
          }
        });
        const naive = new Set(
          jobs.flatMap(({ period }) => Array.from({ length: Math.floor(until / period) }, (_, n) => (n + 1) * period)),
        );
        expect(wakes.length).toBeLessThanOrEqual(naive.size);
      }),
    );
  });

  it("is a function of what was last run alone, so a reboot at any point changes nothing", () => {
    fc.assert(
      fc.property(jobSet(5000, 6), fc.nat(20000), (jobs, rebootAt) => {
        const { wakes, runs } = liveBy(jobs, 30000);
        // after the reboot only the journal's and the memory's times are known
        const last = runs.map((times) => times.filter((at) => at <= rebootAt).at(-1) ?? 0);
        const planned = nextWake(
          jobs,
          jobs.map((job, i) => dueAt(job, last[i]!)),
        );
        expect(planned).toBe(wakes.find((wake) => wake > rebootAt));
      }),
    );
  });

  it("catches up with one run after sleeping too long", () => {
    const jobs = [every("10m", { slack: "1m" }), every("1h")];
    const { runs } = liveBy(jobs, 86400, (wake) => (wake === 5 ? 7200 : 0));
    expect(runs[0]!.filter((at) => at > 3000 && at < 12000).length).toBeLessThan(10);
    expect(Math.max(...runs[0]!.map((at, i, all) => (i ? at - all[i - 1]! : 0)))).toBeLessThanOrEqual(7200 + 660);
  });
});

describe("a mistake in the declaration", () => {
  it.each([
    ["0s", 3600],
    ["-5m", 300],
    ["soon", 3600],
  ])("period %s does not make a boot follow on the other: it counts as %d s", (text, period) =>
    expect(every(text as "1s")).toEqual({ period, slack: 0 }),
  );

  it.each(["-2m", "some", ""])("slack %j delays nothing for ever", (slack) => {
    const jobs = [every("10m", { slack: slack as "1s" }), every("6h")];
    const wake = nextWake(jobs, [600, 21600]);
    expect(wake).toBeGreaterThanOrEqual(600);
    expect(wake).toBeLessThanOrEqual(720);
  });

  it("slack beyond the period starves nobody: each job runs within its period, a quarter, and its slack", () => {
    const jobSets = fc.array(
      fc.record({ period: fc.integer({ min: 10, max: 5000 }), slack: fc.integer({ min: 0, max: 15000 }) }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(jobSets, (jobs) => {
        const { runs } = liveBy(jobs, 60000);
        jobs.forEach(({ period, slack }, i) => {
          const gaps = [0, ...runs[i]!, 60000].map((at, n, all) => at - (all[n - 1] ?? 0));
          expect(Math.max(...gaps)).toBeLessThanOrEqual(period * 1.25 + slack + 1e-6);
        });
      }),
    );
  });

  it.each([7, 90 * 86400, 365 * 86400])("a period of %d s runs at each of its multiples", (period) => {
    const { runs } = liveBy([{ period, slack: 0 }], period * 50);
    expect(runs[0]).toEqual(Array.from({ length: 50 }, (_, n) => (n + 1) * period));
  });

  it("hundreds of jobs are planned like a few, and at once", () => {
    const jobs = Array.from({ length: 400 }, (_, i) => ({ period: 300 + i * 7, slack: 20 + (i % 50) }));
    const { runs } = liveBy(jobs, 20000);
    jobs.forEach(({ period, slack }, i) => {
      for (let n = 1; n * period + slack <= 20000; n++)
        expect(runs[i]!.filter((at) => at >= n * period && at <= n * period + slack).length).toBe(1);
    });
  });
});

describe("backOff", () => {
  it("doubles up to the longest", () => {
    expect([1, 2, 3, 9, 2000].map((failures) => backOff(failures, 900, 21600))).toEqual([
      900, 1800, 3600, 21600, 21600,
    ]);
  });

  it("differs from node to node by up to a quarter", () => {
    expect([0, 0x80000000, 0xffffffff].map(jitter)).toEqual([0.75, expect.closeTo(0.875, 3), expect.closeTo(1, 3)]);
  });
});
