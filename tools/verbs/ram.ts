/** `hibernode ram`: what a firmware keeps in RAM, by module, measured on an interpreter with the chip's memory. */
import { Command } from "commander";
import pc from "picocolors";
import type { Build } from "../build/build.ts";
import { originalPosition } from "../build/findings.ts";
import { buildFirmware } from "../build/build.ts";
import { formatDuration, parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import { jsVarsByModule } from "../simulator/interpreter/heap.ts";
import type { MemoryUse } from "../simulator/interpreter/memory.ts";
import { createSink } from "../simulator/network/sink.ts";
import { checkFaults, run, type RunOptions } from "../simulator/run.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import {
  availableInterpreter,
  chosenInterpreter,
  INTERPRETER_FLAG,
  INTERPRETER_HELP,
  NEEDED,
  type InterpreterOptions,
} from "./interpreter.ts";
import type { Verb } from "./verb.ts";

interface Options extends InterpreterOptions {
  readonly for: string;
  readonly scenario?: string;
  readonly fault: readonly string[];
  readonly budget?: string;
}

/** A day without coverage, and then the largest message. */
const BACKLOG = "no-coverage@1h..26h";
/** What a classic ESP32 leaves to programs with its radios on (5000 was reported), and a C3 at the most. */
const CHIPS = { ESP32: 5000, "ESP32-C3": 4095 };
/** The second run is not quite the first: listing the heap takes some itself. */
const MARGIN = 15;

const collect = (value: string, list: readonly string[]): string[] => [...list, value];

export const ramVerb: Verb = (run) =>
  new Command("ram")
    .description("measure the RAM that a firmware takes, by module, on an interpreter with the chip's memory")
    .argument("<firmware>", "folder with node.ts and scenario.ts, for instance firmware/cold-chain")
    .option("--for <TIME>", "how long it is watched", "31h")
    .option("--scenario <FILE>", "another scenario than the scenario.ts beside the firmware")
    .option("--fault <SPEC>", `may be repeated (default: ${BACKLOG}, so that a backlog is sent)`, collect, [])
    .option("--budget <JSVARS>", "fail when the peak is higher")
    .option(INTERPRETER_FLAG, INTERPRETER_HELP)
    .action(run(ram));

async function ram(output: Output, path: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(path);
  if (firmware.script)
    throw new UserError("a script has no modules", { where: path, fix: "name a folder with a node.ts" });
  const budget = budgetOf(options.budget);
  const scenario = await loadScenario(firmware, options.scenario);
  const seconds = parseDuration(options.for, "--for");
  const faults = options.fault.length ? options.fault : [BACKLOG];
  checkFaults(scenario, faults);
  const interpreter = chosenInterpreter(options) ?? availableInterpreter();
  const built = await buildFirmware({
    entry: firmware.entry,
    onStep: ({ name, detail, ms }) => output.step(name, detail, ms),
  });
  if (!interpreter) {
    output.fact("skipped", `the measurement: ${NEEDED}`, pc.yellow);
    output.result({ firmware: { name: firmware.name }, skipped: "no interpreter" });
    return true;
  }
  const live = async (heapAt: number, title: string): Promise<MemoryUse> => {
    const bar = output.progress(title);
    try {
      const server: RunOptions["server"] = (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false });
      const progress = (share: number): void => bar.update(share);
      const all = { scenario, bundle: built.bundle, closed: true, lasts: options.for, faults, server, progress };
      const { memory } = await run({ ...all, interpreter, measureMemory: true, heapAt });
      return memory!;
    } finally {
      bar.done();
    }
  };
  const began = performance.now();
  const use = await live(Infinity, "measure");
  const { heaps } = await live(use.highest - MARGIN, "list");
  output.step("measure", `${formatDuration(seconds)} on Espruino ${interpreter.version}`, performance.now() - began);
  const modules = byModule(heaps!, built);
  print(output, use, modules, built);
  const holds = budget === undefined || use.peak <= budget;
  if (!holds) output.fact("broken", `the peak is ${use.peak - budget} JsVars over its budget of ${budget}`, pc.red);
  const { loaded, peak, peakAt } = use;
  output.result({ firmware: { name: firmware.name }, jsVarBytes: 14, loaded, peak, peakAt, budget, modules });
  return holds;
}

interface ModuleUse {
  readonly name: string;
  readonly loaded: number;
  readonly peak: number;
}

function byModule(heaps: NonNullable<MemoryUse["heaps"]>, { bundle, map }: Build): ModuleUse[] {
  const [loaded, peak] = (["loaded", "peak"] as const).map((when) =>
    jsVarsByModule(heaps.before, heaps[when], bundle, map),
  );
  return [...peak!].map(([name, used]) => ({ name, loaded: loaded!.get(name) ?? 0, peak: used }));
}

function print(
  output: Output,
  { loaded, peak, peakAt }: MemoryUse,
  modules: readonly ModuleUse[],
  { map }: Build,
): void {
  output.line();
  output.line(table(["module", "after load", "at peak"], modules.map(({ name, ...use }) => [name, String(use.loaded), String(use.peak)]), [1, 2])); // prettier-ignore
  output.line();
  output.fact("JsVars", `${loaded} after load, ${peak} at the peak (14 bytes each)`);
  for (const [chip, free] of Object.entries(CHIPS)) output.fact("free", `${free - peak} of about ${free} on ${chip}`);
  output.fact("the peak", `after ${formatDuration(Math.round(peakAt.seconds))}, in ${peakAt.native}, called from`);
  for (const frame of peakAt.stack) {
    const [, line, column] = /(\d+):(\d+)$/.exec(frame) ?? [];
    // the interpreter counts the lines of a stored file from 0
    const at = originalPosition(map, Number(line) + 1, Number(column) - 1);
    if (at) output.line(`            ${at.file}:${at.line}`);
  }
}

function budgetOf(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d*$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UserError(`"${text}" is no number of JsVars`, {
    where: "--budget",
    fix: "write a whole number, for instance 1200",
  });
}
