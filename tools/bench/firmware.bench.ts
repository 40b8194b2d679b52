/**
 * Every firmware of the package: life, traffic, size and memory, as the table of firmware/README.md. With WRITE=1 the page gets
 * it; ESPRUINO adds the memory.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { buildFirmware } from "../build/build.ts";
import { firmwareTable, withTable, type FirmwareFigures } from "../firmware-table.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import { packageFolder } from "../package-folder.ts";
import { powerReport } from "../power/power.ts";
import { sensorNames } from "../sensor-names.ts";
import { findCell } from "../simulator/energy/cells.ts";
import { findInterpreter } from "../simulator/interpreter/probe.ts";
import { createSink } from "../simulator/network/sink.ts";
import { run, type RunOptions } from "../simulator/run.ts";

const folder = join(packageFolder, "firmware");
const program = process.env["ESPRUINO"];
const figures: Record<string, FirmwareFigures> = {};

for (const name of readdirSync(folder).filter((name) => existsSync(join(folder, name, "node.ts")))) {
  const firmware = findFirmware(join(folder, name));
  const scenario = await loadScenario(firmware);
  const { bundle, manifest } = await buildFirmware({ entry: firmware.entry });
  const live = (options: Partial<RunOptions>) =>
    run({
      scenario,
      bundle,
      closed: true,
      cpu: true,
      server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
      ...options,
    });
  const calm = await live({ lasts: "5d" });
  // a node that stays awake has no wakes to count, and one that harvests lives on: for these, how long the cell alone carries it
  const { lifeYears } = calm.energy;
  const lives =
    scenario.staysAwake || scenario.harvester !== undefined
      ? { p10: lifeYears, p50: lifeYears, p90: lifeYears }
      : (
          await powerReport({
            ...{ scenario, scenarioFile: join(firmware.folder, "scenario.ts"), bundle, name },
            ...{ seed: "1", sample: "5d", runs: 100, nodes: 1, years: 10, visit: 0 },
          })
        ).lives;
  const memory = program
    ? (await live({ lasts: "13h", interpreter: findInterpreter(program), measureMemory: true })).memory
    : undefined;
  figures[name] = {
    sensors: sensorNames(firmware.entry),
    decides: scenario.decides ?? "",
    cell: findCell(scenario.cell).name,
    p10: lives.p10,
    p50: lives.p50,
    p90: lives.p90,
    bytesPerDay: (calm.messages.bytes / calm.seconds) * 86400,
    bundleBytes: manifest.bytes,
    ...(memory && { peakJsVars: memory.peak }),
  };
  process.stderr.write(`${name} done\n`);
}

const table = firmwareTable(figures);
process.stdout.write(`${table}\n`);
if (process.env["WRITE"]) {
  const page = join(folder, "README.md");
  writeFileSync(
    page,
    await format(withTable(readFileSync(page, "utf8"), table), { parser: "markdown", printWidth: 120 }),
  );
}
