import { expect, test } from "vitest";
import { activeTimeBits, periodicTauBits } from "../../lib/modems/psm-timers.ts";

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
])("codes a periodic TAU of %d s as %s", (seconds, bits) => {
  expect(periodicTauBits(seconds)).toBe(bits);
});

test("takes the greatest TAU not above one that cannot be said", () => {
  expect(periodicTauBits(604800)).toBe("01010000"); // 7 days → 160 h
  expect(periodicTauBits(940)).toBe("10011111"); // 930 s, not 900
  expect(periodicTauBits(1e9)).toBe("11011111");
});

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
  [99999, "01011111"],
])("codes an active time of %d s as %s", (seconds, bits) => {
  expect(activeTimeBits(seconds)).toBe(bits);
});
