/** What nobody plans for: periods of seconds and seasons, weeks without the time, a year that comes twice, a store that dies and revives. */
import { describe, expect, it } from "vitest";
import { capacitor } from "../../tools/simulator/energy/cells/rechargeable.ts";
import type { Run } from "../../tools/simulator/run.ts";
import { boots, firmware, live, ownSettings, stillScenario } from "./schedule-firmware.ts";

const healthy = (lived: Run): void => {
  expect(lived.broken).toEqual([]);
  expect(lived.uncaughtErrors).toBe(0);
};

describe("a period of", () => {
  it.each([
    ["7s", 0.1, 8640 / 7],
    ["90d", 200, 3],
  ] as const)("%s wakes as often as it says", async (sample, days, expected) => {
    const lived = await live(
      await firmware(`odd-${sample}`, { sample: `every("${sample}")`, report: 'every("30d", { slack: "1d" })' }),
      { lasts: `${days}d` },
    );
    healthy(lived);
    expect(lived.stored!.stored).toBeGreaterThanOrEqual(Math.floor(expected * 0.95) - 1);
    expect(lived.stored!.stored).toBeLessThanOrEqual(expected * 1.01 + 3);
  });

  it("nothing, by a mistake in the settings, is taken as an hour", async () => {
    const lived = await live(
      await firmware("odd-nothing", {
        before: `const { sample } = ${ownSettings};`,
        sample: "every(sample)",
      }),
      { lasts: "2d", scenario: { ...stillScenario, settings: { ...stillScenario.settings, sample: "0s" } } },
    );
    healthy(lived);
    expect(lived.stored!.stored).toBeGreaterThanOrEqual(47);
    // an hour is two hops
    expect(lived.wakes).toBeLessThan(110);
  });
});

describe("three weeks without the time, after a change of battery", () => {
  it("cost no sample, and all of them have their time within minutes once it is known: the drift was", async () => {
    const told: number[] = [];
    const lived = await live(await firmware("plain"), {
      lasts: "26d",
      timeline: true,
      faults: ["power-cut@3d..3d1h", "no-coverage@3d..24d"],
      received: ({ rows }) =>
        rows.forEach(({ unix, quantity }) => unix !== undefined && quantity === "temperature" && told.push(unix)),
    });
    healthy(lived);
    const wakes = boots(lived);
    const after = told.map((unix) => unix - lived.startsAtUnix).filter((at) => at > 4 * 86400);
    expect(after.length).toBeGreaterThan(21.5 * 96);
    const off = after.map((at) => Math.min(...wakes.map((wake) => Math.abs(at - wake))));
    expect(Math.max(...off)).toBeLessThan(180);
    const gaps = wakes.map((at, i) => at - (wakes[i - 1] ?? at)).filter((_, i) => wakes[i]! > 4 * 86400);
    expect(Math.max(...gaps)).toBeLessThan(1100);
  });
});

describe("a network whose clock falls back by a year", () => {
  it("moves a run by at most a period, and nothing is sent twice as often", async () => {
    let told = 0;
    const lived = await live(await firmware("plain"), {
      lasts: "10d",
      timeline: true,
      probe: (rig) => {
        const unixNow = rig.network.unixNow;
        rig.network.unixNow = () =>
          unixNow() - (rig.clock.now > 4 * 86400 && rig.clock.now < 7 * 86400 ? 365 * 86400 : 0);
        return () => {};
      },
      received: () => told++,
    });
    healthy(lived);
    const wakes = boots(lived).filter((at) => at > 86400);
    const gaps = wakes.slice(1).map((at, i) => at - wakes[i]!);
    expect(Math.max(...gaps)).toBeLessThan(900 * 1.25 + 125);
    expect(lived.wakes).toBeLessThan(10 * 96 + 15);
    expect(told).toBeLessThan(50);
  });
});

describe("a capacitor", () => {
  it("that runs dry and is filled again brings the node back, with what it had stored", async () => {
    const dark = (s: number): boolean => s > 2 * 86400 && s < 12 * 86400;
    const lived = await live(await firmware("plain"), {
      lasts: "20d",
      scenario: {
        ...stillScenario,
        world: {
          ...stillScenario.world,
          sun: { power: { start: () => ({ at: (s: number) => (dark(s) ? 0 : 0.003) }) } },
        },
        cell: capacitor({ farads: 60, fullVolts: 4.2, emptyVolts: 3.4, restartVolts: 3.7 }),
        harvester: "sun",
      },
    });
    expect(lived.battery.deaths).toBe(1);
    expect(lived.broken.filter((line) => !line.startsWith("the cell was empty"))).toEqual([]);
    expect(lived.uncaughtErrors).toBe(0);
    // it lived before and after, and everything that it stored has arrived or waits
    expect(lived.stored!.stored).toBeGreaterThan(11 * 96);
    expect(lived.stored!.stored - lived.collected.readings).toBeLessThan(30);
    expect(lived.wakes).toBeLessThan(20 * 96 + 20);
  });
});
