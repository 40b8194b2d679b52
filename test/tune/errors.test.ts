import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import scenario from "../../firmware/cold-chain/scenario.ts";
import type { Knob, Scenario } from "../../tools/simulator/scenario.ts";
import { dialsOf } from "../../tools/tune/knobs.ts";

const folder = mkdtempSync(join(tmpdir(), "hibernode-tune-"));
writeFileSync(join(folder, "config.ts"), 'export const sample = "15m";\nexport const report = "6h";\n');
afterAll(() => rmSync(folder, { recursive: true }));

const withKnobs = (knobs: Record<string, unknown>): Scenario => ({
  ...scenario,
  knobs: knobs as Readonly<Record<string, Knob>>,
});

test.each([
  ["a knob without a range", withKnobs({ sample: {} }), [], /the knob "sample" has no range/],
  ["a range that is turned round", withKnobs({ sample: { from: "1h", to: "5m" } }), [], /the knob "sample" has no range/],
  ["a knob that the scenario does not name", withKnobs({ sample: { from: "5m", to: "1h" } }), ["report"], /the knob "report" has no range/],
  ["a knob that config.ts does not have", withKnobs({ smaple: { from: "5m", to: "1h" } }), [], /no constant in config.ts|smaple/],
  ["no knobs at all", withKnobs({}), [], /no knob may be turned/],
  ["a range without units", withKnobs({ sample: { from: "5", to: "1h" } }), [], /"5" has no unit/],
])("%s is refused by name", (_, given, only, message) => {
  expect(() => dialsOf(folder, given, only)).toThrow(message);
}); // prettier-ignore

test("a firmware without config.ts is told what to write", () => {
  expect(() => dialsOf(tmpdir(), scenario)).toThrow(/no config.ts/);
});

test("durations, numbers and lists become dials from end to end", () => {
  const [sample, report] = dialsOf(
    folder,
    withKnobs({ sample: { from: "5m", to: "1h" }, report: { among: ["6h", "1d"] } }),
  );
  expect([sample!.values[0], sample!.values.at(-1), sample!.current]).toEqual(["5m", "1h", "15m"]);
  expect(report!.values).toEqual(["6h", "1d"]);
});
