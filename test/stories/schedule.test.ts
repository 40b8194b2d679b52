/** The scheduler over days: clocks that drift, periods beyond the timer's range, the turn of the year, other work. */
import { describe, expect, it } from "vitest";
import type { Run, RunOptions } from "../../tools/simulator/run.ts";
import { boots, coulombs, firmware, live, stillScenario, type FirmwareText, ownSettings } from "./schedule-firmware.ts";

/** Seconds from boot to boot, after the first day. */
const spacing = (lived: Run): number[] =>
  boots(lived)
    .filter((at) => at > 86400)
    .map((at, i, all) => at - (all[i - 1] ?? NaN))
    .slice(1);

const healthy = (lived: Run): void => {
  expect(lived.broken).toEqual([]);
  expect(lived.uncaughtErrors).toBe(0);
};

describe("a clock that drifts by", () => {
  it.each([-50000, -5000, 0, 5000, 50000])(
    "%d ppm, samples come every 15 minutes of true time, and are told with the time at which they were taken",
    async (ppm) => {
      const told: number[] = [];
      const sentAt: number[] = [];
      let bytes = 0;
      const lived = await live(await firmware("plain"), {
        lasts: "10d",
        timeline: true,
        scenario: { ...stillScenario, clockDriftPpm: ppm },
        received: (message) => {
          bytes = message.bytes;
          sentAt.push(message.atUnix);
          for (const { unix, quantity } of message.rows)
            if (unix !== undefined && quantity === "temperature") told.push(unix);
        },
      });
      healthy(lived);
      const wakes = boots(lived);
      // the retry of a report that failed takes the next sample along, within its slack; nothing else is ever late
      for (const [i, gap] of spacing(lived).entries()) {
        if (Math.abs(gap - 900) < 4) continue;
        expect(Math.abs(gap - 900)).toBeLessThan(124);
        const after = wakes.filter((at) => at > 86400)[i + 1]!;
        const since = sentAt.map((unix) => unix - lived.startsAtUnix - after);
        expect(since.some((seconds) => (seconds > 0 && seconds < 120) || (seconds > -1100 && seconds < -700))).toBe(
          true,
        );
      }
      const off = told
        .map((unix) => unix - lived.startsAtUnix)
        .filter((at) => at > 86400)
        .map((at) => Math.min(...wakes.map((wake) => Math.abs(at - wake))));
      expect(Math.max(...off)).toBeLessThan(4);
      // 24 readings: evenly spaced times take three numbers
      expect(bytes).toBeLessThan(120);
      expect(lived.wakes).toBeLessThanOrEqual(10 * 96 + 6);
      expect(lived.stored!.stored).toBeGreaterThanOrEqual(10 * 96);
      expect(lived.messages.count).toBeGreaterThanOrEqual(40);
    },
  );
});

/** Periods come from the settings, so that one bundle serves all. */
const periods: FirmwareText = {
  before: `const { sample, report } = ${ownSettings};`,
  sample: "every(sample)",
  report: "every(report)",
};

describe("a period of", () => {
  it.each([
    ["2147s", 2147, 2],
    ["2148s", 2148, 2],
    ["36m", 2160, 2],
    ["4294s", 4294, 2],
    ["72m", 4320, 3],
    ["2h", 7200, 4],
    ["1d", 86400, 41],
    ["7d", 604800, 283],
  ] as const)("%s really wakes, with the fewest hops", async (sample, seconds, hops) => {
    const days = Math.max(10, (seconds / 86400) * 5);
    const settings = { ...stillScenario.settings, sample, report: seconds > 86400 ? "7d" : "1d" };
    const lived = await live(await firmware("periods", periods), {
      lasts: `${days}d`,
      scenario: { ...stillScenario, settings },
    });
    healthy(lived);
    const expected = (days * 86400) / seconds;
    expect(lived.stored!.stored).toBeGreaterThanOrEqual(Math.floor(expected));
    expect(lived.stored!.stored).toBeLessThanOrEqual(Math.ceil(expected) + 2);
    // the last part of a chain, and a hop that the drift adds
    expect(lived.wakes / expected).toBeLessThanOrEqual(hops + 1.2);
  });

  it("a day is chained in hops that cost a boot each and nothing else", async () => {
    const settings = { ...stillScenario.settings, sample: "1d", report: "7d" };
    const lived = await live(await firmware("periods", periods), {
      lasts: "28d",
      scenario: { ...stillScenario, settings },
    });
    healthy(lived);
    const boot = lived.energy.shareByCause.find(({ cause }) => cause === "boot")!;
    const awake = lived.energy.shareByCause.find(({ cause }) => cause === "awake")!;
    // 41 boots of 31.5 mC a day; nothing but the bundle's own start between boot and sleep
    expect(boot.joules / 3.3 / 28).toBeCloseTo(41 * 0.0315, 1);
    expect(awake.joules / 3.3).toBeLessThan(6 * 45e-3 * 40);
  });
});

describe("the turn of", () => {
  it.each(["2026-12-31T12:00:00Z", "2028-02-28T12:00:00Z", "2027-03-27T12:00:00Z", "2038-01-18T12:00:00Z"])(
    "the day after %s changes nothing: rhythm and times are right",
    async (start) => {
      const times: number[] = [];
      const startsAt = Date.parse(start) / 1000;
      const lived = await live(await firmware("plain"), {
        lasts: "2d",
        timeline: true,
        scenario: { ...stillScenario, startsAt, clockDriftPpm: 0 },
        received: ({ rows }) => rows.forEach(({ unix }) => unix !== undefined && times.push(unix)),
      });
      healthy(lived);
      expect(Math.max(...spacing(lived).map((gap) => Math.abs(gap - 900)))).toBeLessThan(4);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(startsAt - 3);
      expect(Math.max(...times)).toBeLessThanOrEqual(startsAt + 2 * 86400);
    },
  );
});

describe("the phase", () => {
  it("is the same after power cuts and restarts, once the time is known again", async () => {
    const lived = await live(await firmware("plain"), {
      lasts: "8d",
      timeline: true,
      faults: ["power-cut@3d5m", "power-cut@5d1h+2h"],
    });
    healthy(lived);
    const phases = boots(lived)
      .filter((at) => (at > 86400 && at < 3 * 86400) || (at > 4 * 86400 && at < 5 * 86400) || at > 6 * 86400)
      .map((at) => at % 900);
    expect(Math.max(...phases) - Math.min(...phases)).toBeLessThan(8);
  });

  it("differs from node to node, so that a fleet does not send at once", async () => {
    const bundle = await firmware("plain");
    const second = async (seed: number): Promise<number> =>
      boots(await live(bundle, { lasts: "1d", timeline: true, seed })).at(-1)! % 900;
    const phases = await Promise.all([1, 2, 3, 4].map(second));
    expect(new Set(phases.map((phase) => Math.round(phase / 10))).size).toBeGreaterThan(2);
  });
});

describe("work of the author's own", () => {
  it("runs by the day, once, and at a restart, beside sampling", async () => {
    const printed: string[] = [];
    const lived = await live(
      await firmware("work", {
        imports:
          'import { onWake, once, recurring, work } from "hibernode/schedule/work";\nimport { RESET } from "hibernode/schedule/extensions";',
        more: `use: work([
          recurring(every("1d", { slack: "1h" }), (done) => { print("daily"); done(); }),
          once("10m", "5m", (done) => { print("once"); done(); }),
          onWake(RESET, (done) => { print("restart"); done(); }),
        ]),`,
      }),
      { lasts: "30d", faults: ["power-cut@20d"], console: (line) => void printed.push(line) },
    );
    healthy(lived);
    const count = (word: string): number => printed.filter((line) => line === word).length;
    expect(count("once")).toBe(1);
    expect(count("restart")).toBe(2);
    expect(count("daily")).toBeGreaterThanOrEqual(30);
    expect(count("daily")).toBeLessThanOrEqual(33);
    // all of it in wakes that sampling needs anyway
    expect(lived.wakes).toBeLessThanOrEqual(30 * 96 + 12);
  });
});

describe("short gaps", () => {
  const every10s = { sample: 'every("10s")', report: 'every("6h", { slack: "20m" })' };
  it("are spent in light sleep where the build has it, else in deep sleep: whichever costs less", async () => {
    const own = await live(await firmware("fast-deep", every10s), { lasts: "8h" });
    const bundle = await firmware("fast", {
      ...every10s,
      board: "board, { breakEven }",
      imports: 'import { cheapestSleep } from "hibernode/schedule/light-sleep";',
      more: "use: cheapestSleep(breakEven),",
    });
    const stock = await live(bundle, { lasts: "8h" });
    const light = await live(bundle, { lasts: "8h", scenario: { ...stillScenario, lightSleep: true } });
    for (const lived of [own, stock, light]) expect(lived.stored!.stored).toBeGreaterThan(2850);
    expect(Math.abs(stock.wakes - own.wakes)).toBeLessThan(10);
    expect(light.wakes).toBeLessThan(5);
    // 31.5 mC every 10 s against 0.8 mA and a report of two thousand readings, in whatever coverage
    expect(coulombs(own)).toBeGreaterThan(90);
    expect(coulombs(light)).toBeLessThan(60);
  });
});

describe("waiting for the network in light sleep", () => {
  const lightSleep = { ...stillScenario, lightSleep: true };
  it.each([
    // what it saves per day is what the chip drew while it waited: more where the modem has to search
    ["PSM is granted", {}, 0.98],
    ["the modem is switched off between reports", { network: (p) => ({ ...p, activeTime: "refused" as const }) }, 0.86],
    ["there is no coverage for eight of ten days", { faults: ["no-coverage@1d..9d"] }, 0.62],
  ] as readonly [string, Partial<RunOptions>, number][])(
    "loses nothing and costs less where %s",
    async (_, more, most) => {
      const awake = await live(await firmware("search-awake"), { lasts: "10d", scenario: lightSleep, ...more });
      const bundle = await firmware("search-asleep", {
        imports: 'import { pause } from "hibernode/schedule/light-sleep";',
        modem: "pause",
      });
      const asleep = await live(bundle, { lasts: "10d", scenario: lightSleep, ...more });
      const stock = await live(bundle, { lasts: "10d", ...more });
      for (const lived of [awake, asleep, stock]) healthy(lived);
      expect(asleep.collected.readings).toBeGreaterThanOrEqual(awake.collected.readings - 2);
      expect(coulombs(asleep)).toBeLessThan(coulombs(awake) * most);
      // a build without light sleep waits in the idle loop
      expect(coulombs(stock)).toBeCloseTo(coulombs(awake), 0);
    },
  );
});
