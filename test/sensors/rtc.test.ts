import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { NAK, RANGE, UNREADY } from "../../lib/faults.ts";
import { ds3231 } from "../../lib/sensors/ds3231.ts";
import { pcf8563 } from "../../lib/sensors/pcf8563.ts";
import { bcdOf, unixOf } from "../../lib/sensors/rtc.ts";
import { fakeEspruino, type FakeEspruino } from "../twins/espruino.ts";
import { BUS } from "./wiring.ts";

let espruino: FakeEspruino;
beforeEach(() => {
  espruino = fakeEspruino();
});

const seconds = fc.integer({ min: 946684800, max: 4102444799 });
const unix = (text: string): number => Date.parse(text) / 1000;

describe("time of day", () => {
  it("is what a calendar says, for every second of 2000 to 2099, and back", () => {
    fc.assert(
      fc.property(fc.oneof(seconds, fc.constantFrom(946684800, 4102444799, unix("2024-02-29T23:59:59Z"))), (time) => {
        const date = new Date(time * 1000);
        const bcd = (value: number) => parseInt(String(value), 16);
        const fields = [
          date.getUTCSeconds(),
          date.getUTCMinutes(),
          date.getUTCHours(),
          date.getUTCDate(),
          date.getUTCMonth() + 1,
          date.getUTCFullYear() - 2000,
        ].map(bcd);
        expect(bcdOf(time)).toEqual([...fields, date.getUTCDay()]);
        const [s, m, h, d, mon, y] = fields as [number, number, number, number, number, number];
        expect(unixOf(s, m, h, d, mon, y)).toBe(time);
      }),
      { numRuns: 2000 },
    );
  });

  it("is a fault where a byte is no decimal number or lies beyond its range", () => {
    expect(unixOf(0x59, 0x59, 0x23, 0x31, 0x12, 0x99)).toBe(4102444799);
    for (const bad of [
      [0x60, 0, 0, 1, 1, 0],
      [0x0a, 0, 0, 1, 1, 0],
      [0, 0x60, 0, 1, 1, 0],
      [0, 0, 0x24, 1, 1, 0],
      [0, 0, 0, 0, 1, 0],
      [0, 0, 0, 0x32, 1, 0],
      [0, 0, 0, 1, 0, 0],
      [0, 0, 0, 1, 0x13, 0],
      [0, 0, 0, 1, 1, 0xa0],
    ] as const)
      expect(unixOf(...(bad as unknown as [number, number, number, number, number, number]))).toBe(-RANGE);
  });
});

describe("a clock's registers, which no check covers", () => {
  it.each([
    ["ds3231", 0x68, ds3231, { "00": [0x42, 0x37, 0x13, 7, 0x28, 0x83, 0x26, 0, 0, 0, 0, 0, 0, 0, 0x1c, 0x08] }],
    ["pcf8563", 0x51, pcf8563, { "02": [0x42, 0x37, 0x13, 0x28, 6, 0x83, 0x26] }],
  ] as const)("with any wrong byte give a fault or a time of 2000 to 2099: %s", (_, address, make, answers) => {
    const [[register, good]] = Object.entries(answers) as [[string, readonly number[]]];
    for (let at = 0; at < good.length; at++)
      for (let flip = 1; flip < 256; flip++) {
        espruino.i2c.part(address, { [register]: good.map((byte, i) => (i === at ? byte ^ flip : byte)) });
        const time = make(BUS).time();
        expect(time < 0 || (time >= 946684800 && time <= 4102444799), `byte ${at} ^ ${flip}: ${time}`).toBe(true);
      }
  });
});

describe("DS3231", () => {
  /** 28 March 2026, 13:37:42, a Saturday, with the century bit set. */
  const REGISTERS = [0x42, 0x37, 0x13, 7, 0x28, 0x83, 0x26, 0, 0, 0, 0, 0, 0, 0, 0x1c, 0x08];

  it("reads the time, masks the century, and says when it has stopped or counts to twelve", () => {
    espruino.i2c.part(0x68, { "00": REGISTERS });
    expect(ds3231(BUS).time()).toBe(unix("2026-03-28T13:37:42Z"));
    expect(espruino.i2c.log).toEqual(["w68 00", "r68 16"]);
    espruino.i2c.part(0x68, { "00": [...REGISTERS.slice(0, 15), 0x88] });
    expect(ds3231(BUS).time()).toBe(-UNREADY);
    espruino.i2c.part(0x68, { "00": [0x42, 0x37, 0x61, ...REGISTERS.slice(3)] });
    expect(ds3231(BUS).time()).toBe(-RANGE);
  });

  it("sets time, alarm and flags as the register map says", () => {
    espruino.i2c.part(0x68, { "0f": [0x8b] });
    const clock = ds3231(BUS);
    expect(clock.set(unix("2026-03-29T01:02:03Z"))).toBe(0);
    expect(clock.wakeAt(unix("2026-03-29T04:05:06Z"))).toBe(0);
    expect(espruino.i2c.log).toEqual([
      "w68 0003020101290326",
      "w68 0e0400",
      "w68 0706050429",
      "w68 0f",
      "r68 1",
      // the flag of a stopped clock is kept, those of the alarms and the 32 kHz output are cleared
      "w68 0e0580",
    ]);
  });

  it("says so when it is missing", () => {
    const clock = ds3231(BUS);
    expect([clock.time(), clock.set(1e9), clock.wakeAt(1e9), clock.clear()]).toEqual([-NAK, NAK, NAK, NAK]);
  });
});

describe("PCF8563", () => {
  it("reads the time and says when its voltage was low", () => {
    espruino.i2c.part(0x51, { "02": [0x42, 0xb7, 0xd3, 0xe8, 0xfe, 0x83, 0x26] });
    expect(pcf8563(BUS).time()).toBe(unix("2026-03-28T13:37:42Z"));
    espruino.i2c.part(0x51, { "02": [0xc2, 0x37, 0x13, 0x28, 6, 0x03, 0x26] });
    expect(pcf8563(BUS).time()).toBe(-UNREADY);
  });

  it("sets time and alarm as the register map says, and its clock output off", () => {
    espruino.i2c.part(0x51, {});
    const clock = pcf8563(BUS);
    expect(clock.set(unix("2026-03-29T01:02:03Z"))).toBe(0);
    expect(clock.wakeAt(unix("2026-03-29T23:59:06Z"))).toBe(0);
    expect(clock.clear()).toBe(0);
    expect(espruino.i2c.log).toEqual([
      "w51 000000",
      "w51 0203020129000326",
      "w51 0d00",
      "w51 0e03",
      // up to the next whole minute: midnight of the 30th
      "w51 0900003080",
      "w51 0102",
      "w51 0102",
    ]);
    expect(pcf8563({ ...BUS }).time).toBeTypeOf("function");
  });

  it("says so when it is missing", () => {
    const clock = pcf8563(BUS);
    expect([clock.time(), clock.set(1e9), clock.wakeAt(1e9), clock.clear()]).toEqual([-NAK, NAK, NAK, NAK]);
  });
});
