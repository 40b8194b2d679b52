/**
 * Every firmware of the package: life, traffic, size and memory, as the table of firmware/README.md, and the plots of its page.
 * WRITE=1 keeps them (firmware/figures.json, the page, firmware/NAME/*.svg); FIRMWARE=name,name takes only those anew; ESPRUINO adds
 * the memory.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { parseDuration } from "../duration.ts";
import { buildFirmware } from "../build/build.ts";
import { FIGURES_FILE, firmwareTable, loadFigures, withTable, type FirmwareFigures } from "../firmware-table.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import { packageFolder } from "../package-folder.ts";
import { LoadProbe } from "../power/load.ts";
import { asFile, causesPlot, wakePlot } from "../power/plots.ts";
import { powerReport } from "../power/power.ts";
import { sensorNames } from "../sensor-names.ts";
import { findCell } from "../simulator/energy/cells.ts";
import { findInterpreter } from "../simulator/interpreter/probe.ts";
import { createSink } from "../simulator/network/sink.ts";
import { run, type RunOptions } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { constant } from "../simulator/world/sources.ts";

const folder = join(packageFolder, "firmware");
const program = process.env["ESPRUINO"];
const isWriting = process.env["WRITE"] !== undefined;
const named = process.env["FIRMWARE"]?.split(",");
/** So long an unfed node is looked at. */
const UNFED = "60d";

const all = readdirSync(folder).filter((name) => existsSync(join(folder, name, "node.ts")));
const before = existsSync(FIGURES_FILE) ? loadFigures() : {};
const fresh: Record<string, FirmwareFigures> = {};

for (const name of all.filter((name) => !named || named.includes(name))) {
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
  const probe = new LoadProbe();
  const calm = await live({ lasts: "5d", probe: probe.attach });
  const memory = program
    ? (await live({ lasts: "13h", interpreter: findInterpreter(program), measureMemory: true })).memory
    : undefined;
  fresh[name] = {
    sensors: sensorNames(firmware.entry),
    decides: scenario.decides ?? "",
    cell: findCell(scenario.cell).name,
    ...(scenario.harvester === undefined ? { life: await livesOf(firmware, bundle) } : await unfed(live, scenario)),
    bytesPerDay: Math.round((calm.messages.bytes / calm.seconds) * 86400),
    bundleBytes: manifest.bytes,
    ...(memory ? { peakJsVars: memory.peak } : before[name]?.peakJsVars && { peakJsVars: before[name].peakJsVars }),
  };
  if (isWriting) {
    const { wake } = probe.sample();
    const days = calm.seconds / 86400;
    const causes = calm.energy.shareByCause.map((row) => ({ ...row, joulesPerDay: row.joules / days }));
    writeFileSync(join(firmware.folder, "energy.svg"), asFile(causesPlot(causes)));
    // a node that stays awake has no wake to show
    if (wake) writeFileSync(join(firmware.folder, "wake.svg"), asFile(wakePlot(wake)));
  }
  process.stderr.write(`${name} done\n`);
}

/** Of a cell that nothing feeds, by Monte Carlo. */
async function livesOf({ folder, entry }: ReturnType<typeof findFirmware>, bundle: string) {
  const scenarioFile = join(folder, "scenario.ts");
  const { scenario, name } = { scenario: await loadScenario(findFirmware(folder)), name: entry };
  const options = { seed: "1", sample: "5d", runs: 100, nodes: 1, years: 10, visit: 0 };
  const { p10, p50, p90 } = (await powerReport({ scenario, scenarioFile, bundle, name, ...options })).lives;
  const rounded = (years: number): number => Math.round(years * 10) / 10;
  return { p10: rounded(p10), p50: rounded(p50), p90: rounded(p90) };
}

/** From full to empty in a world whose harvester gives nothing. */
async function unfed(live: (options: Partial<RunOptions>) => ReturnType<typeof run>, scenario: Scenario) {
  const place = scenario.harvester!;
  const world = { ...scenario.world, [place]: { ...scenario.world[place], power: constant(0) } };
  const { battery } = await live({ scenario: { ...scenario, world, charge: 1 }, lasts: UNFED });
  const seconds = battery.emptyAt;
  const days = (seconds ?? parseDuration(UNFED, "bench")) / 86400;
  return { unfedDays: Math.round(days * 10) / 10, ...(seconds === undefined && { unfedMore: true }) };
}

const figures = Object.fromEntries(all.flatMap((name) => {
  const of = fresh[name] ?? before[name];
  return of ? [[name, of] as const] : [];
})); // prettier-ignore
const table = firmwareTable(figures);
process.stdout.write(`${table}\n`);
if (isWriting) {
  writeFileSync(FIGURES_FILE, await format(JSON.stringify(figures), { parser: "json", printWidth: 120 }));
  const page = join(folder, "README.md");
  const text = withTable(readFileSync(page, "utf8"), table);
  writeFileSync(page, await format(text, { parser: "markdown", printWidth: 120 }));
}
