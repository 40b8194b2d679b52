/** What `onPin` makes of causes, alarms and levels that come together. */
import { afterEach, describe, expect, it } from "vitest";
import { PIN, PIN_C3, RESET, TIMER, type Host } from "../../lib/schedule/extensions.ts";
import { onPin, type RtcAlarm } from "../../lib/schedule/wake-pin.ts";

interface World {
  at: number;
  level: 0 | 1;
  /** Pulled by the alarm until it is cleared. */
  rings: boolean;
  answers: boolean;
  slept: string[];
}

const plug = (): World => {
  const world: World = { at: 1000, level: 1, rings: false, answers: true, slept: [] };
  Object.assign(globalThis, {
    getTime: () => world.at,
    digitalRead: () => (world.rings ? 0 : world.level),
    ESP32: {
      deepSleep: (us: number) => void world.slept.push(`timer ${us / 1e6}`),
      deepSleepExt0: () => void world.slept.push("pin"),
    },
  });
  return world;
};
afterEach(() => ["getTime", "digitalRead", "ESP32"].forEach((name) => Reflect.deleteProperty(globalThis, name)));

const alarmOf = (world: World): RtcAlarm => ({
  longest: 27 * 86400,
  set(seconds) {
    world.slept.push(`alarm ${seconds}`);
    return world.answers;
  },
  clear() {
    const rang = world.rings;
    world.rings = false;
    return rang;
  },
});
const hostOf = (cause: number, kept: number[][] = []): Host =>
  ({ kept, cause, save() {}, time: (raw: number) => raw * 0.95, end() {} }) as unknown as Host;
const wake = (world: World, cause: number, kept?: number[][]) =>
  onPin("D27", { level: 0, alarm: alarmOf(world) })(hostOf(cause, kept));

describe("a wake by the pin", () => {
  it.each([PIN, PIN_C3])("with cause %d is an event while the contact is closed", (cause) => {
    const world = plug();
    world.level = 0;
    expect(wake(world, cause).event).toBe(true);
  });

  it("is none when the alarm had pulled it", () => {
    const world = plug();
    world.rings = true;
    expect(wake(world, PIN).event).toBe(false);
  });

  it("is one when contact and alarm came at the same moment", () => {
    const world = plug();
    world.rings = true;
    world.level = 0;
    expect(wake(world, PIN).event).toBe(true);
  });

  it.each([TIMER, RESET])("is not told after cause %d", (cause) => {
    const world = plug();
    world.level = 0;
    expect(wake(world, cause).event).toBe(false);
  });
});

describe("the sleep after it", () => {
  it("is ended by alarm or pin; the alarm counts true seconds, however fast the chip's clock runs", () => {
    const world = plug();
    wake(world, TIMER).sleep!(10000, () => {});
    // the chip has no third way to end a sleep: what comes after `pin` is for one that refused it
    expect(world.slept.slice(0, 2)).toEqual(["alarm 9500", "pin"]);
  });

  it("is the timer's when the alarm cannot be set", () => {
    const world = plug();
    world.answers = false;
    wake(world, TIMER).sleep!(600, () => {});
    expect(world.slept.slice(0, 2)).toEqual(["alarm 570", "timer 600"]);
  });

  it("leaves a contact alone that closes again and again, for twice as long each time, up to two hours", () => {
    const world = plug();
    const kept: number[][] = [];
    const quiet: number[] = [];
    for (let i = 0; i < 12; i++) {
      world.level = 0;
      world.slept = [];
      wake(world, PIN, kept).sleep!(1e6, () => {});
      const seconds = Math.min(2147, +world.slept[0]!.split(" ")[1]!);
      quiet.push(kept[1]![1]! - world.at);
      world.at = kept[1]![1]! + 1;
      expect(seconds).toBeGreaterThan(0);
    }
    expect(quiet.slice(0, 4)).toEqual([60, 120, 240, 480]);
    expect(Math.max(...quiet)).toBe(7680);
  });
});
