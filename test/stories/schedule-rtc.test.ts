/** A clock part on a wake pin in place of chained sleeps: hours in one piece, in true seconds, and never relied on blindly. */
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../tools/simulator/scenario.ts";
import { constant } from "../../tools/simulator/world/sources.ts";
import { coulombs, firmware, live, stillScenario } from "./schedule-firmware.ts";

const jobs = { sample: 'every("6h", { slack: "5m" })', report: 'every("1d", { slack: "1h" })' };
const withAlarm = (part: string) =>
  firmware(`rtc-${part}`, {
    ...jobs,
    imports: `import { onPin } from "hibernode/schedule/wake-pin";\nimport { PIN } from "hibernode/schedule/extensions";
import { ${part} } from "hibernode/schedule/${part}";`,
    more: `use: onPin("D27", { level: 0, alarm: ${part}(board.i2c.main) }), sendNow: (_, woke) => woke === PIN,`,
  });
const scenario = (part: "ds3231" | "pcf8563", more: Partial<Scenario> = {}): Scenario => ({
  ...stillScenario,
  ...more,
  parts: { ...stillScenario.parts, rtc: { part, sda: "D21", scl: "D22", int: "D27", place: "rtc" } as never },
  world: { ...stillScenario.world, rtc: { temperature: constant(20) }, ...more.world },
});

describe("a clock part on the wake pin", () => {
  it.each([
    ["ds3231", 0],
    ["pcf8563", -50000],
    ["pcf8563", 50000],
  ] as const)("%s wakes the node every six hours without a chain, its own clock off by %d ppm", async (part, ppm) => {
    const times: number[] = [];
    const lived = await live(await withAlarm(part), {
      lasts: "15d",
      scenario: scenario(part, { clockDriftPpm: ppm }),
      received: ({ rows }) =>
        rows.forEach(({ unix, quantity }) => quantity === "temperature" && unix !== undefined && times.push(unix)),
    });
    expect(lived.broken).toEqual([]);
    expect(lived.wakes).toBeLessThan(15 * 4 + 10);
    expect(lived.stored!.stored).toBeGreaterThanOrEqual(15 * 4);
    const gaps = times.sort((a, b) => a - b).map((at, i) => at - (times[i - 1] ?? NaN));
    const off = gaps.slice(8).map((gap) => Math.abs(gap - 21600));
    // the retry of a failed report may move a sample within its slack
    expect(Math.max(...off)).toBeLessThanOrEqual(300);
    expect(off.filter((seconds) => seconds > 10).length).toBeLessThanOrEqual(4);
  });
});

describe("the cost of long sleeps", () => {
  it("is less with a PCF8563 than with hops, and more with a DS3231 fed by the rail", async () => {
    const chained = await live(await firmware("rtc-none", jobs), { lasts: "20d" });
    const own = async (part: "ds3231" | "pcf8563") =>
      live(await withAlarm(part), { lasts: "20d", scenario: scenario(part) });
    const [small, large] = [await own("pcf8563"), await own("ds3231")];
    const perDay = [chained, small, large].map((lived) => coulombs(lived) / 20);
    console.log(
      `6 h, C a day: hops ${perDay.map((each) => each.toFixed(2)).join(", pcf8563 ")} (last: ds3231 at the rail); wakes ${[chained, small, large].map(({ wakes }) => wakes).join(", ")}`,
    );
    expect(chained.wakes).toBeGreaterThan(20 * 40);
    expect(perDay[1]).toBeLessThan(perDay[0]! - 1);
    expect(perDay[2]).toBeGreaterThan(perDay[0]!);
  });
});

describe("a clock part that", () => {
  it("does not answer any more is replaced by hops of the chip's own timer", async () => {
    const lived = await live(await withAlarm("pcf8563"), {
      lasts: "10d",
      scenario: scenario("pcf8563"),
      faults: ["nak:rtc@3d..6d"],
    });
    expect(lived.broken).toEqual([]);
    expect(lived.stored!.stored).toBeGreaterThanOrEqual(40);
    expect(lived.wakes).toBeGreaterThan(3 * 40);
    expect(lived.wakes).toBeLessThan(3 * 44 + 7 * 4 + 15);
  });
});
