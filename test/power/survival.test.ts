import { beforeAll, describe, expect, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { survivalCsvFiles } from "../../tools/power/csv.ts";
import { sampleRun } from "../../tools/power/sample.ts";
import { survivalHtml } from "../../tools/power/survival-html.ts";
import { survivalReport, type SurvivalReport } from "../../tools/power/survival.ts";
import { loadScenarioFile } from "../../tools/scenario-file.ts";
import { cells } from "../../tools/simulator/energy/cells.ts";
import { selfDischargeAmps } from "../../tools/simulator/energy/cell.ts";
import { variedCell } from "../../tools/simulator/energy/variation.ts";

const folder = "firmware/rail-harvester";
const scenarioFile = `${process.cwd()}/${folder}/scenario.ts`;
let bundle: string;
let report: SurvivalReport;
beforeAll(async () => {
  ({ bundle } = await buildFirmware({ entry: `${folder}/node.ts`, typeCheck: false }));
  const scenario = await loadScenarioFile(scenarioFile);
  report = await survivalReport({ scenario, scenarioFile, bundle, name: "rail", seed: "1", sample: "2d", runs: 3 });
}, 120_000);

describe("a node that lives on its harvest", () => {
  test("comes through as its trial does, though its mean load is near what the trains bring", () => {
    expect(report.survived).toBe(3);
    expect(report.nominal.survived).toBe(true);
    expect(report.nominal.lowestCharge).toBeGreaterThan(0.3);
    expect(report.broken).toEqual([]);
  });

  test("has its charge day by day, what it brings, and how long it is silent", () => {
    expect(report.band).toHaveLength(2);
    for (const { p10, p50, p90 } of report.band) expect(p10 <= p50 && p50 <= p90).toBe(true);
    expect(report.readingsPerDay.p50).toBeGreaterThan(10);
    expect(report.silenceDays.p90).toBeLessThan(1.2);
    expect(report.harvest.usedJoulesPerDay).toBeLessThanOrEqual(report.harvest.offeredJoulesPerDay);
  });

  test("reads less when half the harvest comes", () => {
    const half = report.whatIf.find(({ change }) => change === "half the harvest")!;
    expect(half.readingsPerDay).toBeLessThan(report.nominal.readingsPerDay);
  });

  test("is reported on a page without requests, and as tables", () => {
    const html = survivalHtml(report);
    expect(html).toContain("3 of 3 nodes come through 2d");
    expect(html).not.toMatch(/<script|src=|href="http/);
    expect(survivalCsvFiles(report).get("nodes.csv")!.trim().split("\n")).toHaveLength(4);
  });
});

describe("one node of many", () => {
  test("draws what its factors say, and its causes still sum to what the battery lost", async () => {
    const job = { scenarioFile, bundle, seed: "1", lasts: "6h" };
    const usual = await sampleRun(job);
    const hungry = await sampleRun({ ...job, variation: { causes: { "sleep floor": 2 } } });
    const watts = ({ energy }: typeof usual): number =>
      energy.shareByCause.find(({ cause }) => cause === "sleep floor")!.joules;
    expect(watts(hungry) / watts(usual)).toBeCloseTo(2, 1);
    expect(hungry.broken).toEqual(usual.broken);
  });

  test("loses inside what its own factors say, whatever its capacity", () => {
    const cell = cells.er34615;
    const varied = variedCell(cell, { capacity: 0.8, selfDischarge: 1.5, ohms: 2 });
    expect(selfDischargeAmps(varied) / selfDischargeAmps(cell)).toBeCloseTo(1.5, 9);
    expect(varied.capacity[0]!.ampHours.value / cell.capacity[0]!.ampHours.value).toBeCloseTo(0.8, 9);
    expect(varied.passivation!.ohms.value / cell.passivation!.ohms.value).toBe(2);
  });
});
