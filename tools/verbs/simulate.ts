/** `hibernode simulate`: the bundle that would be flashed lives through its scenario, against a real broker. */
import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { buildFirmware } from "../build/build.ts";
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import { createEmbeddedBroker } from "../simulator/network/embedded-broker.ts";
import { createRemoteBroker } from "../simulator/network/remote-broker.ts";
import { createSink } from "../simulator/network/sink.ts";
import { sensorNames } from "../sensor-names.ts";
import { run, type Message, type Run, type RunOptions } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { trace } from "../simulator/world/sources.ts";
import type { Output } from "../terminal/output.ts";
import { printSteps } from "./build.ts";
import { printRun, runDocument } from "./simulate-report.ts";
import type { Run as RunVerb, Verb } from "./verb.ts";

interface Options {
  readonly for?: string;
  readonly trace?: string;
  readonly column?: string;
  readonly unit?: string;
  readonly timeColumn?: string;
  readonly from?: string;
  readonly broker?: string;
  readonly listen?: string;
  readonly sink?: boolean;
  readonly fault: readonly string[];
  readonly seed: string;
  readonly modules?: string;
  readonly out?: string;
}

const collect = (value: string, list: readonly string[]): string[] => [...list, value];

export const simulateVerb: Verb = (run: RunVerb) =>
  new Command("simulate")
    .description("build a firmware and let it live through its scenario, in virtual time")
    .argument("<firmware>", "folder with node.ts and scenario.ts, for instance firmware/cold-chain")
    .option("--for <TIME>", "how long: 30d, 1y, 10y (default: what the scenario says)")
    .option("--trace <FILE>", "recording that replaces the scenario's: CSV, plain or gzipped")
    .option("--column <NAME>", "its column")
    .option("--unit <UNIT>", "the unit of that column: °C, °F, %, V ...")
    .option("--time-column <NAME>", "its column of times (default: found by its name)")
    .option("--from <WHEN>", "where in the recording to start: 2013-12-20 or 30d")
    .option("--broker <URL>", "send to this broker (mqtt://host:port) instead of the one in this process")
    .option("--listen <PORT>", "let other programs on this machine subscribe to the broker in this process")
    .option("--sink", "no broker: answer at once and count, for long runs")
    .option("--fault <SPEC>", "KIND[:SENSOR]@WHEN, for instance no-coverage@2d..3d; may be repeated", collect, [])
    .option("--seed <SEED>", "of everything random", "1")
    .option("--modules <DIR>", "folder of Espruino modules that the firmware requires")
    .option("--out <DIR>", "write the timeline here, as CSV and as VCD, and what was received")
    .action(run(simulate));

async function simulate(output: Output, folder: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(folder);
  const scenario = traced(await loadScenario(firmware), options);
  const built = await buildFirmware({ entry: firmware.entry });
  printSteps(output, built);
  const lasts = options.for ?? scenario.lasts;
  parseDuration(lasts, "--for");
  const bar = output.progress("simulate");
  const began = performance.now();
  const messages: Message[] = [];
  let done: Run;
  try {
    done = await run({
      scenario,
      bundle: built.bundle,
      closed: true,
      seed: options.seed,
      lasts,
      faults: options.fault,
      server: serverOf(options),
      progress: (share) => bar.update(share),
      ...(options.modules === undefined ? {} : { modules: modulesIn(options.modules) }),
      ...(options.out === undefined ? {} : { timeline: true, received: (message: Message) => void messages.push(message) }),
    });
  } finally {
    bar.done();
  }
  if (options.out !== undefined) writeFiles(options.out, done, messages);
  printRun(output, done, { firmware: firmware.name, wallMs: performance.now() - began, sensors: sensorNames(firmware.entry), scenario });
  if (options.out !== undefined) output.line(`\ntimeline (CSV, VCD) and messages in ${options.out}`);
  output.result(runDocument(done, built));
  return done.broken.length === 0;
}

/** The scenario with the recording of the command line in the place that the scenario names. */
function traced(scenario: Scenario, { trace: file, column, unit, timeColumn, from }: Options): Scenario {
  if (file === undefined) {
    const lonely = { "--column": column, "--unit": unit, "--time-column": timeColumn, "--from": from };
    for (const [flag, value] of Object.entries(lonely)) {
      if (value !== undefined) throw new UserError(`${flag} says something about a recording, and there is none`, { where: flag, fix: "add --trace FILE" });
    }
    return scenario;
  }
  if (column === undefined || unit === undefined) {
    throw new UserError("a recording needs its column and its unit", {
      where: "--trace",
      fix: `add ${[column === undefined && "--column NAME", unit === undefined && "--unit UNIT"].filter(Boolean).join(" and ")}`,
    });
  }
  const [place = "", quantity = ""] = (scenario.traced ?? "").split(".");
  if (!scenario.world[place] || !quantity) {
    throw new UserError("the scenario does not say which quantity a recording replaces", { where: "scenario, traced", fix: 'add traced: "place.quantity"' });
  }
  const source = trace({ file, column, unit, timeColumn, from, after: "hold" });
  return {
    ...scenario,
    // as long as the recording, unless --for says otherwise
    lasts: `${Math.max(1, Math.floor(spanOf(source)))}s`,
    world: { ...scenario.world, [place]: { ...scenario.world[place], [quantity]: source } },
  };
}

function spanOf(source: ReturnType<typeof trace>): number {
  const { trace: found, from } = source.recording!();
  return found.seconds[found.seconds.length - 1]! - from;
}

function serverOf({ broker, listen, sink }: Options): RunOptions["server"] {
  if (broker !== undefined && (sink || listen !== undefined)) {
    throw new UserError("--broker, --listen and --sink exclude each other", { where: "--broker", fix: "choose one of them" });
  }
  if (broker !== undefined) return (nowUs, onMessage) => createRemoteBroker({ url: broker, topics: "#", nowUs, onMessage });
  if (sink) return (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false });
  const listenPort = listen === undefined ? undefined : portOf(listen);
  return (nowUs, onMessage) => createEmbeddedBroker({ nowUs, onMessage, ...(listenPort === undefined ? {} : { listenPort }) });
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new UserError(`"${text}" is no port`, { where: "--listen", fix: "write a number from 1 to 65535, or 0 for any free one" });
}

function modulesIn(folder: string): (name: string) => string | undefined {
  if (!existsSync(folder)) throw new UserError("no such folder", { where: `--modules ${folder}`, fix: "name the folder that holds MODULE.js files" });
  return (name) => {
    const file = join(folder, `${name}.js`);
    return /^[\w.-]+$/.test(name) && existsSync(file) ? readFileSync(file, "latin1") : undefined;
  };
}

function writeFiles(folder: string, { timeline }: Run, messages: readonly Message[]): void {
  mkdirSync(folder, { recursive: true });
  if (timeline) {
    writeFileSync(join(folder, "timeline.csv"), timeline.csv());
    writeFileSync(join(folder, "timeline.vcd"), timeline.vcd());
  }
  writeFileSync(join(folder, "messages.ndjson"), messages.map((message) => JSON.stringify(message) + "\n").join(""));
}
