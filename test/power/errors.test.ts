import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { powerReport } from "../../tools/power/power.ts";
import { onlyLevel, sampleRun } from "../../tools/power/sample.ts";
import { survivalReport } from "../../tools/power/survival.ts";
import { loadScenarioFile } from "../../tools/scenario-file.ts";
import { evaluator } from "../../tools/tune/evaluate.ts";
import { tune } from "../../tools/tune/tune.ts";
import { dialsOf } from "../../tools/tune/knobs.ts";

const folder = mkdtempSync(join(process.cwd(), "node_modules/.hibernode-weak-"));
const entry = "firmware/cold-chain/node.ts";
const scenarioFile = join(folder, "scenario.ts");
let bundle: string;
beforeAll(async () => {
  const base = join(process.cwd(), "firmware/cold-chain/scenario.ts");
  // an AA bobbin cell from the shelf, in the cold
  writeFileSync(
    scenarioFile,
    `import base from ${JSON.stringify(base)};
import { constant } from "hibernode/simulator";
const cargo = { temperature: constant(-20), humidity: constant(50) };
export default { ...base, cell: "er14505", world: { ...base.world, cargo } };
`,
  );
  ({ bundle } = await buildFirmware({ entry, typeCheck: false }));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const options = async () => ({
  ...{ scenario: await loadScenarioFile(scenarioFile), scenarioFile, bundle, name: "weak", seed: "1", sample: "6h" },
  ...{ runs: 10, nodes: 1, years: 1, visit: 0 },
});
const sag =
  /ER14505.* cannot carry the node: \d\.\d\d V reach the chip at \d+ mA \([\w :]+, -20 °C\), and it restarts below 2\.43 V/;

test("a cell that cannot start the modem is an error that names voltage, current, cause and limit", async () => {
  await expect(powerReport(await options())).rejects.toMatchObject({
    message: expect.stringMatching(sag) as unknown,
    fix: expect.stringMatching(/hybrid capacitor/) as unknown,
  });
}); // prettier-ignore

test("tune says the same, whatever the knobs", async () => {
  const scenario = await loadScenarioFile(scenarioFile);
  const dials = dialsOf("firmware/cold-chain", scenario, ["report"]);
  const { simulate, lifeYears } = evaluator({ entry, scenario, scenarioFile, dials, seed: "1", sample: "6h" });
  const few = (settings: Parameters<typeof simulate>[0]) => simulate(settings.slice(0, 2));
  await expect(tune({ dials, constraints: [], simulate: few, lifeYears, evaluations: 2 })).rejects.toThrow(sag);
}, 60_000);

test.each([0, 1, 2])("at coverage level %d a wake that transmits is a report, not a sample", async (level) => {
  const file = join(process.cwd(), "firmware/cold-chain/scenario.ts");
  const { load } = await sampleRun({ scenarioFile: file, bundle, seed: "1", lasts: "2d", shares: onlyLevel(level) });
  const count = (kind: string): number =>
    load.classes.reduce((sum, one) => sum + (one.kind === kind ? one.count : 0), 0);
  // every six hours, and the first at the start
  expect(count("report")).toBeGreaterThanOrEqual(6);
  expect(count("sample")).toBeGreaterThan(150);
});

test("a harvester that brings nothing in the time that is sampled is an error", async () => {
  const file = join(process.cwd(), "firmware/rail-harvester/scenario.ts");
  const scenario = await loadScenarioFile(file);
  const { bundle: code } = await buildFirmware({ entry: "firmware/rail-harvester/node.ts", typeCheck: false });
  // no train runs before five in the morning
  const report = survivalReport({ scenario, scenarioFile: file, bundle: code, name: "rail", seed: "1", sample: "4h", runs: 1 });
  await expect(report).rejects.toThrow(/nothing is harvested in this time/);
}, 60_000); // prettier-ignore
