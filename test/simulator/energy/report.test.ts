import { expect, test } from "vitest";
import type { Confidence, Figure } from "../../../boards/types.ts";
import { Clock } from "../../../tools/simulator/clock.ts";
import { lifeYears, selfDischargeAmps, supplyOf } from "../../../tools/simulator/energy/cell.ts";
import { cells } from "../../../tools/simulator/energy/cells.ts";
import { Ledger } from "../../../tools/simulator/energy/ledger.ts";
import { energyReport } from "../../../tools/simulator/energy/report.ts";

const cell = cells.er34615;
const figure = (confidence: Confidence): Figure => ({ value: 1, confidence, source: "test" });

function run(figures: [string, Figure[]][] = []) {
  const clock = new Clock();
  const ledger = new Ledger(clock, supplyOf(cell, 3.3, 4e-6));
  ledger.meter().set(20e-6, "sleep");
  ledger.meter().set(30e-6, "modem");
  clock.runUntil(10 * 86_400e6);
  return energyReport({ causes: ledger.causes(), seconds: clock.now, cell, figures: new Map(figures) });
}

test("a constant load gives its current, its energy a day and the cell's life", () => {
  const report = run();
  const microamps = 54 + selfDischargeAmps(cell) * 1e6;
  expect(report.meanMicroamps).toBeCloseTo(microamps, 9);
  expect(report.joulesPerDay).toBeCloseTo(microamps * 1e-6 * 3.6 * 86_400, 9);
  expect(report.joules).toBeCloseTo(report.joulesPerDay * 10, 9);
  expect(report.lifeYears).toBeCloseTo(lifeYears(cell, 54e-6), 9);
  expect(report.capacityConfidence).toBe("paper");
});

test("shares sum to one, largest first", () => {
  const { shareByCause } = run();
  expect(shareByCause.map(({ cause }) => cause)).toEqual([
    "modem",
    "self-discharge",
    "sleep",
    "regulator",
    "regulator quiescent",
  ]);
  expect(shareByCause.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 12);
  expect(shareByCause[0]!.microamps).toBeCloseTo((30 * 3.3) / 3.6, 9);
});

test("a cause is as sure as the weakest of its figures, and without any it is unverified", () => {
  const report = run([
    ["sleep", [figure("datasheet"), figure("paper")]],
    ["modem", [figure("datasheet"), figure("memory"), figure("reported")]],
  ]);
  const of = (name: string) => report.shareByCause.find(({ cause }) => cause === name)!;
  expect(["sleep", "modem", "self-discharge", "regulator"].map((name) => of(name).confidence)).toEqual([
    "paper",
    "memory",
    "computed",
    undefined,
  ]);
  const unverified = ["modem", "regulator", "regulator quiescent"].map((name) => of(name).share);
  expect(report.unverifiedShare).toBeCloseTo(
    unverified.reduce((sum, share) => sum + share, 0),
    12,
  );
});

test("a hybrid cell's self-discharge is as unsure as its capacitor's leakage", () => {
  const causes = new Map([["self-discharge", 1]]);
  const report = energyReport({ causes, seconds: 1, cell: cells["er34615-hpc1550"], figures: new Map() });
  expect([report.shareByCause[0]!.confidence, report.unverifiedShare]).toEqual(["memory", 1]);
});

test("the report is plain data", () => {
  const report = run([
    ["sleep", [figure("paper")]],
    ["modem", [figure("paper")]],
    ["regulator", [figure("paper")]],
  ]);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(() => energyReport({ causes: new Map(), seconds: 0, cell, figures: new Map() })).toThrow(RangeError);
});

test("a node that draws nothing has shares of nothing", () => {
  const report = energyReport({ causes: new Map([["sleep", 0]]), seconds: 1, cell, figures: new Map() });
  expect([report.joules, report.shareByCause[0]!.share, report.unverifiedShare]).toEqual([0, 0, 0]);
});
