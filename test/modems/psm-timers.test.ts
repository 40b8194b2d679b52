import { describe, expect, test } from "vitest";
import { ACTIVE_UNITS, TAU_UNITS, timerBits, timerSeconds } from "../../lib/modems/psm-timers.ts";
import {
  decodeActiveTime,
  decodePeriodicTau,
  encodeActiveTime,
  encodePeriodicTau,
} from "../../tools/simulator/network/timers.ts";

/** TS 24.008 tables 10.5.163a and 10.5.163: what every code means, in seconds. */
const PERIODIC = [600, 3600, 36000, 2, 30, 60, 1152000, NaN];
const ACTIVE = [2, 60, 360, 60, 60, 60, 60, NaN];
const every = Array.from({ length: 256 }, (_, code) => code);
const bits = (code: number) => code.toString(2).padStart(8, "0");
const meaning = (units: readonly number[], code: number) => units[code >> 5]! * (code & 31);

describe("a periodic TAU", () => {
  test.each([
    [10, "01100101"],
    [60, "01111110"],
    [600, "10010100"],
    [1800, "10111110"],
    [3600, "00000110"],
    [4200, "00000111"],
    [21600, "00100110"],
    [86400, "00111000"],
    [252000, "01000111"],
    [310 * 3600, "01011111"],
    [35712000, "11011111"],
  ])("of %d s is %s, and back, on the device and in the network", (seconds, code) => {
    expect(timerBits(seconds, TAU_UNITS)).toBe(code);
    expect(timerSeconds(`"${code}"`, TAU_UNITS)).toBe(seconds);
    expect(encodePeriodicTau(seconds)).toEqual({ code, seconds });
    expect(decodePeriodicTau(code)).toBe(seconds);
  });

  test("that cannot be said becomes the greatest that is not above it", () => {
    expect(timerBits(604800, TAU_UNITS)).toBe("01010000"); // 7 days → 160 h
    expect(timerBits(940, TAU_UNITS)).toBe("10011111"); // 930 s, not 900
    expect(timerBits(1e9, TAU_UNITS)).toBe("11011111");
  });

  test("has the same meaning in all 256 codes, aliases included; deactivated is no time", () => {
    for (const code of every) {
      const seconds = meaning(PERIODIC, code);
      expect(timerSeconds(`"${bits(code)}"`, TAU_UNITS), bits(code)).toBe(seconds);
      expect(decodePeriodicTau(bits(code)), bits(code)).toBe(Number.isNaN(seconds) ? undefined : seconds);
      if (!(seconds >= 0)) continue;
      const again = timerBits(seconds, TAU_UNITS);
      expect(meaning(PERIODIC, parseInt(again, 2)), `${bits(code)} → ${again}`).toBe(seconds);
      expect(encodePeriodicTau(seconds).code).toBe(again);
    }
  });

  test("of one minute has three codes, which are the same time", () => {
    expect(["01111110", "10000010", "10100001"].map((code) => timerSeconds(`"${code}"`, TAU_UNITS))).toEqual([
      60, 60, 60,
    ]);
  });
});

describe("an active time", () => {
  test.each([
    [0, "00000000"],
    [2, "00000001"],
    [10, "00000101"],
    [20, "00001010"],
    [30, "00001111"],
    [60, "00011110"],
    [240, "00100100"],
    [300, "00100101"],
    [1800, "00111110"],
    [11160, "01011111"],
  ])("of %d s is %s, and back, on the device and in the network", (seconds, code) => {
    expect(timerBits(seconds, ACTIVE_UNITS)).toBe(code);
    expect(timerSeconds(`"${code}"`, ACTIVE_UNITS)).toBe(seconds);
    expect(encodeActiveTime(seconds)).toEqual({ code, seconds });
    expect(decodeActiveTime(code)).toBe(seconds);
  });

  test("has the same meaning in all 256 codes that a network may send; deactivated is none: no PSM", () => {
    for (const code of every) {
      const seconds = meaning(ACTIVE, code);
      expect(decodeActiveTime(bits(code)), bits(code)).toBe(Number.isNaN(seconds) ? undefined : seconds);
      // the device does not know the reserved units, and takes them for a refusal: the modem is switched off
      if (code < 96 || code > 223) expect(timerSeconds(`"${bits(code)}"`, ACTIVE_UNITS), bits(code)).toBe(seconds);
      else expect(timerSeconds(`"${bits(code)}"`, ACTIVE_UNITS)).toBeNaN();
    }
    expect(timerBits(99999, ACTIVE_UNITS)).toBe("01011111");
  });
});
