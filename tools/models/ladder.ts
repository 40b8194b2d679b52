/**
 * Proves that a device computes what the model says: the exact reference against TensorFlow Lite, then the device's own
 * code on both engines against the reference. Every output of every input is compared; nothing may differ.
 */
import type { Interpreter } from "../simulator/interpreter/probe.ts";
import type { DeviceModel } from "./device-model.ts";
import type { Graph } from "./graph.ts";
import { type Input, runOnDevice } from "./on-device.ts";
import { reference } from "./reference.ts";
import type { Plan } from "./steps.ts";
import { runOnTensorflowMicro } from "./tensorflow-micro.ts";
import { wasmRunner } from "./wasm-runner.ts";

export interface Rung {
  readonly name: string;
  /** Outputs compared, over that many inputs. */
  readonly compared: number;
  readonly inputs: number;
  readonly differing: number;
  /** The first difference. */
  readonly first?: string | undefined;
  /** Why it could not be climbed. */
  readonly skipped?: string;
  /** What else there is to know. */
  readonly note?: string;
}

export interface LadderOptions {
  /** The .tflite file, for the judges. */
  readonly bytes: Uint8Array;
  readonly where: string;
  readonly graph: Graph;
  readonly rounding: "single" | "double";
  readonly device: DeviceModel;
  readonly inputs: readonly Input[];
  readonly interpreter?: Interpreter | undefined;
  /** How many of the inputs the interpreter computes; it is slow where flash is a file. */
  readonly interpreterInputs?: number;
  /** An Espruino program with TensorFlow. */
  readonly tensorflow?: string | undefined;
  readonly onRung?: (rung: Rung) => void;
}

const skipped = (name: string, why: string): Rung => ({ name, compared: 0, inputs: 0, differing: 0, skipped: why });

/** Whether nothing differs. */
export const holds = (rungs: readonly Rung[]): boolean => rungs.every(({ differing }) => differing === 0);

export async function climb(options: LadderOptions): Promise<Rung[]> {
  const { bytes, where, graph, rounding, device, inputs, interpreter, onRung } = options;
  const rungs: Rung[] = [];
  const add = (rung: Rung): void => {
    rungs.push(rung);
    onRung?.(rung);
  };
  const exact = reference(graph, rounding);
  const expected = inputs.map((input) => exact(input));
  add(rounding === "single" ? await tensorflowLite(bytes, where, graph, inputs, expected) : await micro(options, expected)); // prettier-ignore
  const scores = (list: readonly Uint8Array[]): number[][] =>
    list.map((one) => Array.from(one, (score) => score - 128));
  // of float outputs the device keeps the 8-bit values
  const quantised =
    graph.tensors[graph.outputs[0]!]!.type === "int8" ? expected : inputs.map(quantisedReference(options));
  const fast = scores(await runOnDevice(device, inputs, undefined));
  add(compare("device code, fast engine", fast, quantised));
  if (!interpreter) add(skipped("device code, interpreter", "no interpreter is named"));
  else {
    const some = inputs.slice(0, options.interpreterInputs ?? inputs.length);
    add(compare("device code, interpreter", scores(await runOnDevice(device, some, interpreter)), quantised));
  }
  return rungs;
}

function quantisedReference({ graph, rounding }: LadderOptions): (input: Input) => number[] {
  const last = graph.operators.at(-1)!;
  return reference({ ...graph, operators: graph.operators.slice(0, -1), outputs: [last.inputs[0]!] }, rounding);
}

async function tensorflowLite(
  bytes: Uint8Array,
  where: string,
  graph: Graph,
  inputs: readonly Input[],
  expected: readonly number[][],
): Promise<Rung> {
  const name = "reference = TensorFlow Lite (WebAssembly)";
  const run = await wasmRunner(bytes, where);
  if (!run) return skipped(name, "@tensorflow/tfjs-tflite is not installed");
  const judged = inputs.map((input) => run(input));
  const rung = compare(name, judged, expected);
  if (rung.differing === 0) return rung;
  // XNNPACK multiplies in single precision: the last bit of a rare sum
  const single = reference(graph, "float");
  const explained = compare(
    name,
    judged,
    inputs.map((input) => single(input)),
  );
  return explained.differing === 0
    ? { ...explained, note: `${rung.differing} outputs differ by XNNPACK's single-precision rounding alone` }
    : rung;
}

async function micro(
  { bytes, graph, inputs, tensorflow }: LadderOptions,
  expected: readonly number[][],
): Promise<Rung> {
  const name = "reference = TensorFlow Lite Micro (C)";
  if (tensorflow === undefined) return skipped(name, "no interpreter with TensorFlow is named");
  if (graph.tensors[graph.inputs[0]!]!.type !== "int8") return skipped(name, "only for int8 inputs");
  const { outputs } = await runOnTensorflowMicro(tensorflow, bytes, inputs as readonly Int8Array[]);
  return compare(name, outputs, expected);
}

/** A file for the device against a fresh conversion of its model: one flipped bit is told, whatever it does to the outputs. */
export function compareFile(plan: Plan, expected: Uint8Array, file: Uint8Array): Rung {
  const name = "the device's file = the model converted afresh";
  let differing = Math.abs(expected.length - file.length);
  let first: number | undefined;
  for (let at = 0; at < Math.min(expected.length, file.length); at++) {
    if (expected[at] === file[at]) continue;
    differing++;
    first ??= at;
  }
  const counts = { name, inputs: 1, compared: expected.length, differing };
  if (differing === 0) return counts;
  const at = first ?? Math.min(expected.length, file.length);
  return { ...counts, first: `byte ${at}, in ${sectionAt(plan, expected, at)}` };
}

function sectionAt({ steps }: Plan, blob: Uint8Array, at: number): string {
  const words = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  for (const [index, { origin, kind }] of steps.entries()) {
    const record = 64 + 64 * index;
    const place = words.getInt32(record + 12, true);
    const inData = at >= place && at < place + words.getInt32(record + 16, true);
    if (inData || (at >= record && at < record + 64)) return `operator ${index}, ${origin} (${kind})`;
  }
  return at < 64 ? "the header" : "the input's table";
}

function compare(name: string, got: readonly ArrayLike<number>[], expected: readonly number[][]): Rung {
  let compared = 0;
  let differing = 0;
  let first: string | undefined;
  got.forEach((outputs, input) => {
    for (let at = 0; at < outputs.length; at++) {
      compared++;
      if (Object.is(outputs[at], expected[input]![at]) || outputs[at] === expected[input]![at]) continue;
      differing++;
      first ??= `input ${input}, output ${at}: expected ${expected[input]![at]}, got ${outputs[at]}`;
    }
  });
  return { name, inputs: got.length, compared, differing, first };
}
