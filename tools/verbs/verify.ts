/** `hibernode verify`: the same scenario on the fast engine and on the real interpreter; every difference is shown. */
import { Command } from "commander";
import pc from "picocolors";
import { formatDuration, parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { findFirmware, loadScenario } from "../firmware.ts";
import { compareEngines, type Agreement, type Difference } from "../simulator/agreement.ts";
import { checkFaults } from "../simulator/run.ts";
import type { Scenario } from "../simulator/scenario.ts";
import { table } from "../terminal/table.ts";
import type { Output } from "../terminal/output.ts";
import {
  availableInterpreter,
  chosenInterpreter,
  INTERPRETER_FLAG,
  INTERPRETER_HELP,
  NEEDED,
  type InterpreterOptions,
} from "./interpreter.ts";
import { load } from "./simulate.ts";
import type { Verb } from "./verb.ts";

interface Options extends InterpreterOptions {
  readonly for: string;
  readonly scenario?: string;
  readonly fault: readonly string[];
  readonly faults: boolean;
  readonly seed: readonly string[];
}

/** Something of everything, while no `--fault` says otherwise. */
const STORY = [
  "nak@6h..12h,0.5",
  "crc@1d..30h,0.2",
  "no-coverage@36h..44h",
  "broker-silent@2d+3h",
  "power-cut@2d9h+20m",
];
const SEEDS = ["1", "2", "3"];

const collect = (value: string, list: readonly string[]): string[] => [...list, value];

export const verifyVerb: Verb = (run) =>
  new Command("verify")
    .description("prove that a firmware does on the real interpreter what it does in the simulator, byte for byte")
    .argument("<firmware>", "folder with node.ts and scenario.ts, for instance firmware/cold-chain; or a .js file")
    .option("--for <TIME>", "how long each run lasts", "3d")
    .option("--scenario <FILE>", "another scenario than the scenario.ts beside the firmware")
    .option(
      "--fault <SPEC>",
      "KIND[:SENSOR]@WHEN; may be repeated (default: up to five, those that its parts can have)",
      collect,
      [],
    )
    .option("--no-faults", "a story without faults")
    .option("--seed <SEED>", "may be repeated (default: 1, 2 and 3)", collect, [])
    .option(INTERPRETER_FLAG, INTERPRETER_HELP)
    .action(run(verify));

async function verify(output: Output, path: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(path);
  const scenario = await loadScenario(firmware, options.scenario);
  const seconds = parseDuration(options.for, "--for");
  const faults = !options.faults ? [] : options.fault.length ? options.fault : storyFor(scenario);
  checkFaults(scenario, faults);
  const interpreter = chosenInterpreter(options) ?? availableInterpreter();
  const { flashed, closed, document } = await load(output, firmware);
  if (!interpreter) {
    output.fact("skipped", `the comparison: ${NEEDED}`, pc.yellow);
    output.result({ firmware: { name: firmware.name, ...document }, skipped: "no interpreter" });
    return true;
  }
  output.step("interpreter", `Espruino ${interpreter.version}, ${interpreter.jsVars} JsVars`);
  const seeds = options.seed.length ? options.seed : SEEDS;
  const results: { seed: string; agreement: Agreement }[] = [];
  for (const seed of seeds) {
    const began = performance.now();
    const bar = output.progress(`seed ${seed}`);
    try {
      const agreement = await compareEngines({
        scenario,
        ...flashed,
        closed,
        seed,
        lasts: options.for,
        faults,
        interpreter,
        measureMemory: seed === seeds[0],
        progress: (share) => bar.update(share),
      });
      results.push({ seed, agreement });
    } finally {
      bar.done();
    }
    const { compared, differences } = results.at(-1)!.agreement;
    const verdict = differences.length ? `${differences.length} differences` : "both engines agree";
    output.step(
      `seed ${seed}`,
      `${formatDuration(seconds)}, ${faults.length} faults: ${verdict}`,
      performance.now() - began,
    );
    if (!differences.length && seed === seeds[0])
      for (const [what, count] of Object.entries(compared))
        output.fact("  same", `${count.toLocaleString("en")} ${what}`, pc.green);
    for (const difference of differences) print(output, difference);
  }
  printMemory(output, results);
  const agrees = results.every(({ agreement }) => agreement.differences.length === 0);
  output.result({
    firmware: { name: firmware.name, ...document },
    interpreter: { program: interpreter.program, version: interpreter.version },
    seconds,
    faults,
    agrees,
    runs: results.map(({ seed, agreement: { compared, differences, interpreter: real } }) => ({
      seed, compared, differences, wakes: real.wakes, joules: real.energy.joules, memory: real.memory,
    })), // prettier-ignore
  });
  return agrees;
}

/** The default story, without the faults that no sensor of the scenario can have. */
export function storyFor(scenario: Scenario): string[] {
  return STORY.filter((fault) => {
    try {
      return checkFaults(scenario, [fault]).length > 0;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  });
}

function print(output: Output, { what, at, fast, interpreter }: Difference): void {
  output.line();
  output.fact("differs", `${what}, first at ${at}`, pc.red);
  for (const [engine, lines] of [
    ["fast engine", fast],
    ["interpreter", interpreter],
  ] as const) {
    output.line(pc.dim(engine));
    for (const line of lines) output.line(`    ${line}`);
  }
  output.line();
}

function printMemory(output: Output, results: readonly { seed: string; agreement: Agreement }[]): void {
  const rows = results.flatMap(({ seed, agreement: { interpreter: { wakes, energy, memory } } }) =>
    memory ? [[seed, String(wakes), energy.joules.toFixed(3), String(memory.loaded), String(memory.peak)]] : [],
  ); // prettier-ignore
  output.line();
  output.line(table(["seed", "wakes", "joules", "JsVars after load", "JsVars at peak"], rows, [0, 1, 2, 3, 4]));
}
