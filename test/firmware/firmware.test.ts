/**
 * Every firmware of the package comes through its scenario's trial: its faults, and what must hold beyond the promises of
 * the library. With ESPRUINO the first days of it run on the real interpreter as well, and must not differ.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildFirmware, type Build } from "../../tools/build/build.ts";
import { loadFigures } from "../../tools/firmware-table.ts";
import { findFirmware, loadScenario } from "../../tools/firmware.ts";
import { compareEngines } from "../../tools/simulator/agreement.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { run } from "../../tools/simulator/run.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";
import { brokenTrial } from "../../tools/simulator/trial.ts";
import { repository } from "../cli/command.ts";

const program = process.env["ESPRUINO"];
const seeds = process.env["SOAK"] ? [1, 2, 3, 4, 5] : [1];
/** Those that sample every few minutes take long: all of their trial only with SOAK. */
const shortened: Readonly<Record<string, string>> = process.env["SOAK"]
  ? {}
  : {
      warehouse: "7d",
      "weather-station": "13d",
      "street-node": "6d",
      "fleet-tracker": "4d",
      "retail-cooler": "14d",
      wearable: "3d",
    };
const names = readdirSync(join(repository, "firmware")).filter((name) =>
  existsSync(join(repository, "firmware", name, "node.ts")),
);

describe.each(names)("%s", (name) => {
  const firmware = findFirmware(join(repository, "firmware", name));
  let built: Build;
  let scenario: Scenario;
  beforeAll(async () => {
    built = await buildFirmware({ entry: firmware.entry, typeCheck: false });
    scenario = await loadScenario(firmware);
  }, 120_000);

  it("has a page, with its wiring", () => {
    const page = readFileSync(join(firmware.folder, "README.md"), "utf8");
    expect(page).toMatch(new RegExp(`^# ${name}\n`));
    expect(page).toContain("## Wiring");
  });

  it("has about the size that the table says", () => {
    const said = loadFigures()[name]!.bundleBytes;
    expect(Math.abs(built.manifest.bytes / said - 1), "npm run bench firmware writes it anew").toBeLessThan(0.06);
  });

  it.each(seeds)("comes through its trial, seed %i", async (seed) => {
    const { lasts, faults } = scenario.trial!;
    const lived = await run({
      scenario,
      bundle: built.bundle,
      closed: true,
      cpu: true,
      seed,
      lasts: shortened[name] ?? lasts,
      faults,
      server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
    });
    expect([...lived.broken, ...brokenTrial(scenario, lived)]).toEqual([]);
    expect(lived.messages.count).toBeGreaterThan(10);
  });

  it.skipIf(!program)("does the same on the real interpreter", { timeout: 600_000 }, async () => {
    const { differences, interpreter } = await compareEngines({
      scenario,
      bundle: built.bundle,
      closed: true,
      seed: 1,
      lasts: process.env["SOAK"] ? scenario.trial!.lasts : "1d",
      faults: scenario.trial!.faults,
      interpreter: findInterpreter(program!),
    });
    expect(differences).toEqual([]);
    expect(interpreter.broken).toEqual([]);
  });
});
