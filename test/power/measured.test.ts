import { expect, test } from "vitest";
import { calibratedBoard } from "../../tools/power/measured/board-file.ts";
import { compareWake } from "../../tools/power/measured/compare.ts";
import { readTrace } from "../../tools/power/measured/trace-file.ts";
import type { WakeTrace } from "../../tools/power/load.ts";

const wake: WakeTrace = {
  seconds: 4,
  points: [
    { seconds: 0, milliamps: 45, cause: "boot" },
    { seconds: 0.7, milliamps: 45, cause: "awake" },
    { seconds: 1.5, milliamps: 173, cause: "modem: transmit" },
    { seconds: 2, milliamps: 45, cause: "awake" },
    { seconds: 3, milliamps: 0.014, cause: "sleep floor" },
  ],
};

/** The wake with other currents, `late` seconds into a trace. */
const currents = (late: number): [seconds: number, milliamps: number][] =>
  Array.from({ length: 900 }, (_, sample) => {
    const seconds = sample * 0.01;
    const at = seconds - late;
    const point = at < 0 ? undefined : wake.points.findLast((one) => one.seconds <= at);
    const milliamps = { boot: 30, awake: 40, "modem: transmit": 200, "sleep floor": 0.02 }[point?.cause ?? ""] ?? 0.02;
    return [seconds, milliamps];
  });

test.each([
  ["Nordic PPK2", "Timestamp(ms),Current(uA)", 1e3, 1e3],
  ["Otii", 'Timestamp [s],"Main current [A]"', 1, 1e-3],
  ["Nordic PPK2 with its inputs", "Timestamp(ms),Current(uA),D0-D7", 1e3, 1e3],
  ["Joulescope", "#time (s),current (A),voltage (V)", 1, 1e-3],
])("a trace of %s is read, aligned and compared by state", (_, header, perSecond, perMilliamp) => {
  const rows = currents(1.3).map(([seconds, milliamps]) => `${seconds * perSecond},${milliamps * perMilliamp},3.6`);
  const comparison = compareWake(wake, readTrace([header, ...rows].join("\r\n"), "trace.csv"), "trace.csv");
  expect(comparison.shiftSeconds).toBeCloseTo(1.3, 1);
  const of = (cause: string): number => comparison.states.find((state) => state.cause === cause)!.measuredMilliamps;
  expect(of("boot") / 30).toBeCloseTo(1, 1);
  expect(of("awake") / 40).toBeCloseTo(1, 1);
  expect(of("modem: transmit") / 200).toBeCloseTo(1, 1);
  const source = calibratedBoard("firebeetle2-esp32-e", comparison, "trace.csv");
  expect(source).toMatch(/activeMilliamps: \{ value: 4\d(\.\d+)?, confidence: "measured"/);
  expect(source).toMatch(/bootMilliamps: \{ value: 3\d/);
});

test("semicolons, decimal commas and comments are read", () => {
  const rows = Array.from({ length: 12 }, (_, at) => `${at},5;0,0${at}`);
  const { seconds, milliamps } = readTrace(["# made in Malmö", "Timestamp [s];Main current [A]", ...rows].join("\n"), "t.csv");
  expect([seconds[1], milliamps[3]]).toEqual([1, 30]);
}); // prettier-ignore

test.each([
  ["a header without current", "time (s),volts (V)\n", /trace.csv|no current/],
  ["a current without unit", "time (s),current\n", /does not say its unit/],
  ["a word among the numbers", `time (s),current (A)\n0,0.1\n1,oops\n`, /no number in "1,oops"/],
  ["a time that goes back", `time (s),current (A)\n0,0.1\n1,0.1\n0.5,0.1\n`, /does not go on/],
  ["too few samples", `time (s),current (A)\n0,0.1\n1,0.1\n`, /2 samples are no trace/],
  ["nothing at all", "", /no time/],
])("%s is refused", (_, text, message) => {
  expect(() => readTrace(text, "trace.csv")).toThrow(message);
});

test("a trace that is too short, or of something else, is refused", () => {
  const trace = (milliamps: (seconds: number) => number, seconds: number) => {
    const at = Float64Array.from({ length: seconds * 100 }, (_, sample) => sample / 100);
    return { seconds: at, milliamps: at.map(milliamps) };
  };
  expect(() => compareWake(wake, trace(() => 1, 2), "t.csv")).toThrow(/the trace lasts 2.0 s/);
  expect(() => compareWake(wake, trace((at) => 1 + 0.1 * (at % 1), 20), "t.csv")).toThrow(/looks like the simulated wake/);
}); // prettier-ignore
