import { describe, expect, test } from "vitest";
import { constantsOf, changedLines, withConstants } from "../../tools/build/config-file.ts";
import { UserError } from "../../tools/errors.ts";
import type { Constants } from "../../tools/build/config-file.ts";
import { parseDuration } from "../../tools/duration.ts";
import { keeps, paretoFront, type Constraint, type Outcome } from "../../tools/tune/constraints.ts";
import { allPositions, settingOf, type Dial } from "../../tools/tune/knobs.ts";
import { tune } from "../../tools/tune/tune.ts";

const dial = (name: string, values: readonly string[]): Dial => ({
  name,
  values,
  numbers: values.map((value) => parseDuration(value)),
  current: values[0]!,
});
const dials = [
  dial("sample", ["5m", "10m", "15m", "20m", "30m", "45m", "1h"]),
  dial("report", ["1h", "2h", "3h", "4h", "6h", "8h", "12h", "18h", "1d"]),
];
const lifeYears = (amps: number): number => 19 / (amps + 25e-6) / 8766;

/** A node whose current is what its wakes cost, with reports that grow with what they carry. */
const node = (sampleJoules: number, reportJoules: number, perReading: number) => (setting: Constants) => {
  const [sample, report] = [parseDuration(String(setting["sample"])), parseDuration(String(setting["report"]))];
  const amps =
    20e-6 + sampleJoules / 3.6 / sample + (reportJoules + perReading * Math.sqrt(report / sample)) / 3.6 / report;
  const outcome: Outcome = {
    lifeYears: lifeYears(amps),
    ageSeconds: report * 0.95 + 40,
    alarmSeconds: sample,
    bytesPerMonth: (2.63e6 / report) * (40 + (4 * report) / sample),
    readingsPerDay: 86400 / sample,
  };
  return { amps, outcome };
};

const limits: readonly Constraint[] = [
  { measure: "ageSeconds", limit: 8 * 3600, atLeast: false },
  { measure: "readingsPerDay", limit: 40, atLeast: true },
];

describe.each([
  ["a thermometer", node(0.1, 2.5, 0.02)],
  ["a node with a costly radio", node(0.05, 25, 0.5)],
  ["a node with a costly sensor", node(2, 1, 0.01)],
])("%s", (_, physics) => {
  const run = (constraints: readonly Constraint[]) =>
    tune({
      ...{ dials, constraints, lifeYears, evaluations: 24 },
      simulate: (settings) => Promise.resolve(settings.map(physics)),
    });

  test("the best of an exhaustive grid is found with a third of its simulations", async () => {
    const { best, evaluations, front } = await run(limits);
    const grid = allPositions(dials).map((positions) => physics(settingOf(dials, positions)).outcome);
    const longest = Math.max(...grid.filter((outcome) => keeps(limits, outcome)).map((outcome) => outcome.lifeYears));
    expect(best.outcome.lifeYears / longest).toBeGreaterThan(0.99);
    expect(evaluations).toBeLessThanOrEqual(grid.length / 3 + 3);
    expect(paretoFront(front)).toEqual(front);
  });

  test("the constraint that keeps it from living longer is named, with the knob that it holds", async () => {
    expect((await run(limits)).binding).toMatch(
      /^(age of data at most 8h|readings a day at least 40.0): without it \w+/,
    );
    expect((await run([])).binding).toMatch(/^the range of (sample|report)|^nothing/);
  });
});

test("constraints that exclude each other are named", async () => {
  const wish = (constraints: readonly Constraint[]) =>
    tune({
      ...{ dials, constraints, lifeYears, evaluations: 24 },
      simulate: (settings) => Promise.resolve(settings.map(node(0.1, 2.5, 0.02))),
    });
  await expect(wish([{ measure: "lifeYears", limit: 90, atLeast: true }])).rejects.toThrow(
    /^life at least 90.0 years cannot be kept by any setting: the nearest is .* years, with sample 1h, report 1d$/,
  );
  await expect(
    wish([
      { measure: "lifeYears", limit: 25, atLeast: true },
      { measure: "ageSeconds", limit: 7200, atLeast: false },
    ]),
  ).rejects.toThrow(/exclude each other/);
  await expect(wish([{ measure: "lifeYears", limit: 90, atLeast: true }])).rejects.toThrow(UserError);
});

const file = `/** Why. */
export const sample = "15m";
export const report: Duration = "6h"; // often enough
export const retries = 3;
const hidden = "x";
`;

test("config.ts is read and rewritten line by line, and nothing else of it changes", () => {
  expect(constantsOf(file)).toEqual({ sample: "15m", report: "6h", retries: 3 });
  const after = withConstants(file, { report: "8h", retries: 5, unknown: 1 });
  expect(constantsOf(after)).toEqual({ sample: "15m", report: "8h", retries: 5 });
  expect(changedLines(file, after)).toEqual([
    '- export const report: Duration = "6h"; // often enough',
    '+ export const report: Duration = "8h"; // often enough',
    "- export const retries = 3;",
    "+ export const retries = 5;",
  ]);
});
