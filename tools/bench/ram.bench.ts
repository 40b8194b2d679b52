/**
 * RAM and stack of every firmware of the package: JsVars after load and at the peak, measured on ESPRUINO over 13 hours with eight
 * without coverage, beside the estimate; levels of calls in the same story, beside the bound. FIRMWARE=name,name takes only those.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildFirmware } from "../build/build.ts";
import { callDepth } from "../build/call-depth.ts";
import { estimateRam } from "../build/ram-estimate.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import { packageFolder } from "../package-folder.ts";
import { depthMeter } from "../simulator/cpu/depth.ts";
import { findInterpreter } from "../simulator/interpreter/probe.ts";
import { createSink } from "../simulator/network/sink.ts";
import { run, type RunOptions } from "../simulator/run.ts";

const folder = join(packageFolder, "firmware");
const program = process.env["ESPRUINO"];
const named = process.env["FIRMWARE"]?.split(",");
/** What a classic ESP32 leaves to programs with its radios on: reported, not measured. */
const FREE = 5000;
const STORY = { lasts: "13h", faults: ["no-coverage@1h..9h"] };

const row = (...cells: (string | number)[]): void =>
  void process.stdout.write(`| ${cells.map((cell) => cell.toLocaleString("en")).join(" | ")} |\n`);

row("firmware", "bundle", "after load", "at the peak", `free of ${FREE}`, "estimate", "error", "levels", "bound");
row(...Array<string>(9).fill("---"));
if (!program) process.stderr.write("the measurement is skipped: set ESPRUINO to the interpreter's program\n");

for (const name of readdirSync(folder)) {
  if (!existsSync(join(folder, name, "node.ts")) || (named && !named.includes(name))) continue;
  const firmware = findFirmware(join(folder, name));
  const scenario = await loadScenario(firmware);
  const { bundle, manifest } = await buildFirmware({ entry: firmware.entry });
  const server: RunOptions["server"] = (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false });
  const all = { scenario, bundle, closed: true, server, ...STORY };
  const depth = depthMeter();
  await run({ ...all, cpu: false, depth });
  const memory = program
    ? (await run({ ...all, interpreter: findInterpreter(program), measureMemory: true })).memory
    : undefined;
  const estimate = estimateRam(bundle).peak;
  const measured = memory
    ? [memory.loaded, memory.peak, FREE - memory.peak, estimate, `${Math.round((estimate / memory.peak - 1) * 100)} %`]
    : ["", "", "", estimate, ""];
  row(name, manifest.bytes, ...measured, depth.deepest().length, callDepth(bundle).levels);
}
