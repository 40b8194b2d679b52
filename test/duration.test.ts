import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration, parseWindow } from "../tools/duration.ts";
import { UserError } from "../tools/errors.ts";

const errorOf = (run: () => unknown): UserError => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("no error");
};

describe("durations", () => {
  test.each([
    ["15m", 900],
    ["90s", 90],
    ["30d", 2_592_000],
    ["1.5h", 5400],
    ["10y", 315_576_000],
    ["250ms", 0.25],
    ["9ms", 0.009],
    ["100us", 0.0001],
    ["100µs", 0.0001],
    ["2w", 1_209_600],
    ["3d12h", 302_400],
    ["3d 12h", 302_400],
    ["5 min", 300],
    [".5h", 1800],
    ["0s", 0],
  ])("%s is %d seconds", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  test("a number without a unit is refused, and the message shows the fix", () => {
    const error = errorOf(() => parseDuration("300", "--for"));
    expect(error.message).toBe('"300" has no unit');
    expect(error.where).toBe("--for");
    expect(error.fix).toContain("300s, 300m");
  });

  test.each([
    ["2d12", /"12" in "2d12" has no unit/, /add one of/],
    ["3mo", /unknown unit "mo"/, /^units: us, ms/],
    ["3 hours", /unknown unit "hours"/, /did you mean "h"/],
    ["5minutes", /unknown unit "minutes"/, /did you mean "m"/],
    ["1D", /unknown unit "D"/, /did you mean "d"/],
    ["", /not a duration/, /write for example/],
    ["-5m", /must not be negative/, /write for example/],
    ["soon", /not a duration/, /write for example/],
    ["5m!", /stuck at "!"/, /write for example/],
    ["1e3s", /unknown unit "e"/, /units/],
    ["..", /has no unit|not a duration/, /./],
  ])("%j is refused", (text, message, fix) => {
    const error = errorOf(() => parseDuration(text));
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
  });

  test.each([
    [0, "0us"],
    [0.0000125, "12.5us"],
    [0.0069, "6.9ms"],
    [0.9996, "1s"],
    [59.97, "1m"],
    [90, "1m 30s"],
    [900, "15m"],
    [3599.9, "1h"],
    [5400, "1h 30m"],
    [86_399, "1d"],
    [194_400, "2d 6h"],
    [315_576_000, "10y"],
    [9.87 * 31_557_600, "9.87y"],
    [250 * 31_557_600, "250y"],
    [Infinity, "∞"],
  ])("%d seconds are shown as %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test("what is shown can be read back, to two units or three digits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 3e10, noNaN: true }), (seconds) => {
        const back = parseDuration(formatDuration(seconds));
        expect(Math.abs(back - seconds)).toBeLessThanOrEqual(seconds * 0.021);
      }),
    );
  });
});

describe("windows", () => {
  test.each([
    ["2d", 172_800, undefined],
    ["2d..3d12h", 172_800, 302_400],
    ["2d+6h", 172_800, 194_400],
    ["2d..", 172_800, Infinity],
    ["0s..1h", 0, 3600],
  ])("%s", (text, from, until) => expect(parseWindow(text)).toEqual({ from, until }));

  test.each([
    ["3d..2d", /ends before it starts/],
    ["3d+0s", /ends before it starts/],
    ["2d..3", /has no unit/],
    ["2..3d", /has no unit/],
    ["..3d", /not a duration/],
    ["2d+", /not a duration/],
  ])("%s is refused", (text, message) => expect(errorOf(() => parseWindow(text)).message).toMatch(message));
});
