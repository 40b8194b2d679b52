/** What a wake may spend, what a job costs and until when it is of use: who decides, and what is written down. */
import { describe, expect, it } from "vitest";
import { capacitor } from "../../tools/simulator/energy/cells/rechargeable.ts";
import type { Run } from "../../tools/simulator/run.ts";
import { boots, coulombs, firmware, live, stillScenario } from "./schedule-firmware.ts";

const healthy = (lived: Run): void => {
  expect(lived.broken).toEqual([]);
  expect(lived.uncaughtErrors).toBe(0);
};
const budget = (joules: number): string => `energyBudget({ joules: ${joules}, draw })`;
const imports = 'import { energyBudget } from "hibernode/schedule/energy-budget";';
const board = "board, { draw }";

describe("a budget of energy", () => {
  it("ends a search that costs too much; what a good report costs fits in it", async () => {
    const faults = ["no-coverage@1d..9d"];
    const without = await live(await firmware("budget-none"), { lasts: "10d", faults });
    const bundle = await firmware("budget-search", { imports, board, more: `use: ${budget(12)},` });
    const within = await live(bundle, { lasts: "10d", faults });
    const calm = await live(bundle, { lasts: "10d" });
    for (const lived of [without, within, calm]) healthy(lived);
    console.log(
      `no coverage: ${(coulombs(without) / 10).toFixed(1)} C/day, with a budget of 12 J a wake ${(coulombs(within) / 10).toFixed(1)} C/day; longest wake ${without.longestWakeSeconds.toFixed(0)} and ${within.longestWakeSeconds.toFixed(0)} s`,
    );
    expect(within.longestWakeSeconds).toBeLessThan(without.longestWakeSeconds / 2);
    expect(coulombs(within)).toBeLessThan(coulombs(without) * 0.6);
    expect(within.collected.readings).toBeGreaterThan(10 * 96 - 30);
    expect(calm.messages.count).toBeGreaterThanOrEqual(40);
  });

  it("ends a measurement that takes too long, and the broker hears `energy`", async () => {
    const words = new Set<string>();
    const lived = await live(
      await firmware("budget-sensor", {
        imports,
        board,
        before: `const slow = { quantities: [["pressure", 5, 1, 4]] as const, start: () => 110000, read: () => [1] };`,
        sensors: "cargo: sht4x(board.i2c.main), slow",
        more: `use: ${budget(8)},`,
      }),
      { lasts: "3d", received: ({ rows }) => rows.forEach(({ fault }) => fault !== undefined && words.add(fault)) },
    );
    healthy(lived);
    expect([...words]).toContain("energy");
    expect(lived.longestWakeSeconds).toBeLessThan(75);
  });

  it("gives each of two dear jobs a wake of its own, and runs a dearer one all the same", async () => {
    const printed: string[] = [];
    const job = (name: string, joules: number): string =>
      `recurring(every("6h"), (done) => { print("${name}"); done(); }, { joules: ${joules} })`;
    const lived = await live(
      await firmware("budget-jobs", {
        imports: `${imports}
import { all } from "hibernode/schedule/extensions";
import { recurring, work } from "hibernode/schedule/work";`,
        board,
        more: `use: all([work([${job("a", 3)}, ${job("b", 4)}, ${job("c", 30)}]), ${budget(6)}]),`,
      }),
      { lasts: "4d", timeline: true, console: (line, seconds) => void printed.push(`${line} ${seconds}`) },
    );
    healthy(lived);
    for (const name of ["a", "b", "c"]) {
      const count = printed.filter((line) => line.startsWith(`${name} `)).length;
      expect(count).toBeGreaterThanOrEqual(16);
      expect(count).toBeLessThanOrEqual(20);
    }
    const wakes = boots(lived);
    const wakeOf = (line: string): number => wakes.findLastIndex((at) => at <= +line.split(" ")[1]! + 1e-3);
    const shared = printed.filter((line, i) => i && wakeOf(line) === wakeOf(printed[i - 1]!));
    expect(shared).toEqual([]);
  });
});

describe("a deadline", () => {
  it("ends the retries of a job that fails: it waits for its next time", async () => {
    const printed: [string, number][] = [];
    const daily = (name: string, more: string): string =>
      `recurring(every("1d"), (done) => { print("${name}"); if (getTime() < 4 * 86400 && getTime() > 3 * 86400) throw new Error("x"); done(); }${more})`;
    const lived = await live(
      await firmware("deadline", {
        imports: 'import { recurring, work } from "hibernode/schedule/work";',
        more: `use: work([${daily("any time", "")}, ${daily("in time", ', { deadline: "1h" }')}]),`,
      }),
      { lasts: "8d", console: (line, seconds) => void printed.push([line, seconds / 3600]) },
    );
    healthy(lived);
    const hours = (name: string): number[] => printed.filter(([line]) => line === name).map(([, hour]) => hour);
    const phase = hours("in time").at(-1)! % 24;
    const after = (hour: number): number => (hour - phase + 24.02) % 24;
    expect(hours("in time").filter((hour) => hour > 48 && after(hour) > 1.05)).toEqual([]);
    expect(hours("in time").length).toBeGreaterThan(7);
    expect(hours("any time").filter((hour) => hour > 48 && after(hour) > 1.05).length).toBeGreaterThan(0);
  });
});

describe("a policy", () => {
  it("puts dear jobs off while the battery is low, and lets cheap ones run", async () => {
    const printed: [string, number][] = [];
    const lived = await live(
      await firmware("dear-jobs", {
        imports: `import { batteryBands } from "hibernode/schedule/battery-bands";
import { all } from "hibernode/schedule/extensions";
import { recurring, work } from "hibernode/schedule/work";`,
        more: `use: all([
          batteryBands((r) => r.battery.voltage, {
            sample: every("1h"), report: every("1d"),
            bands: [{ below: 3.8, sample: every("1h"), report: every("1d"), most: 1 }],
          }),
          work([
            recurring(every("6h"), (done) => { print("dear"); done(); }, { joules: 5 }),
            recurring(every("6h"), (done) => { print("cheap"); done(); }, { joules: 0.2 }),
          ]),
        ]),`,
      }),
      {
        lasts: "20d",
        scenario: {
          ...stillScenario,
          world: {
            ...stillScenario.world,
            sun: { power: { start: () => ({ at: (s: number) => (s > 12 * 86400 ? 0.005 : 0) }) } },
          },
          cell: capacitor({ farads: 200, fullVolts: 4.2, emptyVolts: 3.3, restartVolts: 3.6 }),
          charge: 0.7 / 0.9,
          harvester: "sun",
        },
        console: (line, seconds) => void printed.push([line, seconds / 86400]),
      },
    );
    healthy(lived);
    const days = (name: string): number[] => printed.filter(([line]) => line === name).map(([, day]) => day);
    const gaps = days("dear").map((day, i, all) => day - (all[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBeGreaterThan(2);
    expect(Math.max(...days("dear"))).toBeGreaterThan(17);
    expect(days("cheap").length).toBeGreaterThanOrEqual(78);
  });
});
