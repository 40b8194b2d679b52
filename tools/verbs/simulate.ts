/** `hibernode simulate`: the bundle that would be flashed lives through its scenario, against a real broker. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario, type Firmware } from "../firmware.ts";
import { checkPeak } from "../simulator/peak-check.ts";
import { checkScenario } from "../simulator/rig.ts";
import { checkFaults, run, type Message, type Run, type RunOptions } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { brokenTrial } from "../simulator/trial.ts";
import type { Output } from "../terminal/output.ts";
import { chosenInterpreter, INTERPRETER_FLAG, INTERPRETER_HELP, type InterpreterOptions } from "./interpreter.ts";
import { modulesIn, openServer, traced, type ServerOptions, type TraceOptions } from "./simulate-inputs.ts";
import { printRun, runDocument, type Ran } from "./simulate-report.ts";
import type { Run as RunVerb, Verb } from "./verb.ts";

interface Options extends TraceOptions, ServerOptions, InterpreterOptions {
  readonly for?: string;
  readonly scenario?: string;
  readonly fault: readonly string[];
  readonly trial?: boolean;
  readonly seed: string;
  readonly modules?: string;
  readonly out?: string;
}

const collect = (value: string, list: readonly string[]): string[] => [...list, value];

export const simulateVerb: Verb = (run: RunVerb) =>
  new Command("simulate")
    .description("build a firmware and let it live through its scenario, in virtual time; or run any Espruino script")
    .argument("<firmware>", "folder with node.ts and scenario.ts, for instance firmware/cold-chain; or a .js file")
    .option("--for <TIME>", "how long: 30d, 1y, 10y (default: what the scenario says)")
    .option("--scenario <FILE>", "another scenario than the scenario.ts beside the firmware or script")
    .option("--trace <FILE>", "recording that replaces the scenario's: CSV, plain or gzipped")
    .option("--column <NAME>", "its column")
    .option("--unit <UNIT>", "the unit of that column: °C, °F, %, V ...")
    .option("--time-column <NAME>", "its column of times (default: found by its name)")
    .option("--from <WHEN>", "where in the recording to start: 2013-12-20 or 30d")
    .option("--broker <URL>", "send to this broker (mqtt://host:port) instead of the one in this process")
    .option("--listen <PORT>", "let other programs on this machine subscribe to the broker in this process")
    .option("--sink", "no broker: answer at once and count, for long runs")
    .option("--fault <SPEC>", "KIND[:SENSOR]@WHEN, for instance no-coverage@2d..3d; may be repeated", collect, [])
    .option("--trial", "what the scenario's trial says: its time, its faults, and what must hold")
    .option("--seed <SEED>", "of everything random", "1")
    .option(INTERPRETER_FLAG, INTERPRETER_HELP)
    .option("--modules <DIR>", "folder of Espruino modules (NAME.js) that the script requires")
    .option("--out <DIR>", "write the timeline (CSV, VCD) and the messages there")
    .action(run(simulate));

async function simulate(output: Output, path: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(path);
  const scenario = traced(await loadScenario(firmware, options.scenario), options);
  const trial = options.trial ? trialOf(scenario) : undefined;
  const faults = [...(trial?.faults ?? []), ...options.fault];
  const lasts = options.for ?? (trial ?? scenario).lasts;
  parseDuration(lasts, options.for === undefined ? "scenario, lasts" : "--for");
  checkFaults(scenario, faults);
  checkScenario(scenario);
  checkPeak(scenario).forEach((warning) => output.warn(warning));
  const modules = options.modules === undefined ? {} : { modules: modulesIn(options.modules) };
  const interpreter = chosenInterpreter(options);
  if (interpreter) output.step("interpreter", `Espruino ${interpreter.version} instead of the fast engine`);
  const { server, close } = await openServer(options, (port) =>
    output.step("broker", `listens on mqtt://127.0.0.1:${port}`),
  );
  const { closed, document, sensors, flashed } = await load(output, firmware).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  // what a script prints is its result: it gets the lines that the bar would take
  const bar = firmware.script ? undefined : output.progress("simulate");
  const began = performance.now();
  const messages: Message[] = [];
  let done: Run;
  try {
    done = await run({
      scenario,
      ...flashed,
      closed,
      cpu: true,
      seed: options.seed,
      lasts,
      faults,
      server,
      ...modules,
      ...(interpreter && { interpreter }),
      ...(bar ? { progress: (share: number) => bar.update(share) } : { console: printConsole(output) }),
      ...(options.out === undefined
        ? {}
        : { timeline: true, received: (message: Message) => void messages.push(message) }),
    });
  } finally {
    bar?.done();
  }
  if (trial) done = { ...done, broken: [...done.broken, ...brokenTrial(scenario, done)] };
  const ran: Ran = {
    run: done,
    wallMs: performance.now() - began,
    firmware,
    scenario,
    sensors,
  };
  printRun(output, ran);
  if (done.memory) output.fact("memory", `${done.memory.loaded} JsVars after load, ${done.memory.peak} at the peak`);
  if (options.out !== undefined) writeFiles(output, options.out, done, messages);
  output.result(runDocument(ran, document));
  return done.broken.length === 0;
}

function trialOf({ trial }: Scenario): NonNullable<Scenario["trial"]> {
  if (trial) return trial;
  throw new UserError("the scenario has no trial", {
    where: "--trial",
    fix: 'add to it, for instance: trial: { lasts: "30d", faults: ["no-coverage@3d..4d"], alarmWithin: "20m" }',
  });
}

interface Loaded {
  readonly bundle: string;
  /** What the board starts: the bundle, or with updates the loader before it. */
  readonly flashed: Pick<RunOptions, "bundle" | "storageFiles">;
  readonly closed: boolean;
  /** What the JSON document says about it. */
  readonly document: object;
  readonly sensors: readonly string[];
}

export async function load(output: Output, { script, entry }: Firmware): Promise<Loaded> {
  if (script) {
    const bundle = readFileSync(entry, "utf8");
    output.step("script", `${Buffer.byteLength(bundle)} bytes, as it is`);
    return { bundle, flashed: { bundle }, closed: false, document: { bytes: Buffer.byteLength(bundle) }, sensors: [] };
  }
  // the compiler takes half a second to load: not before everything else has been checked
  const { buildFirmware } = await import("../build/build.ts");
  const built = await buildFirmware({ entry, onStep: ({ name, detail, ms }) => output.step(name, detail, ms) });
  built.warnings.forEach((warning) => output.warn(warning));
  const { bytes, sha256 } = built.manifest;
  // the build has proved that the bundle keeps to itself: it runs many times faster
  const { sensorNames } = await import("../sensor-names.ts");
  const { asFlashed } = await import("../update/image.ts");
  const flashed = await asFlashed(built.bundle, entry);
  if (flashed.storageFiles) output.step("loader", "starts it out of a slot, as on the board");
  return { bundle: built.bundle, flashed, closed: true, document: { bytes, sha256 }, sensors: sensorNames(entry) };
}

function printConsole(output: Output): (text: string, seconds: number) => void {
  return (text, seconds) => output.line(`${seconds.toFixed(3).padStart(14)} s  ${text}`);
}

function writeFiles(output: Output, folder: string, { timeline }: Run, messages: readonly Message[]): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  if (timeline) {
    write("timeline.csv", timeline.csv());
    write("timeline.vcd", timeline.vcd());
    if (timeline.dropped)
      output.warn(
        `the timeline holds the first ${timeline.lines.length} changes; ${timeline.dropped} more were left out`,
      );
  }
  write("messages.ndjson", messages.map((message) => JSON.stringify(message) + "\n").join(""));
  output.fact("written", `${join(folder, "timeline.csv")}, timeline.vcd, messages.ndjson`);
}
