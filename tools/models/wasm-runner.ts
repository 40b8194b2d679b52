/**
 * TensorFlow Lite itself, compiled to WebAssembly (`@tensorflow/tfjs-tflite`, for development): the judge of the exact
 * reference. Its runner is used directly, because the package's own loader needs a browser.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";

/** Runs one inference on the model's own int8 values (or float32, for a float model). */
export type WasmRunner = (input: ArrayLike<number>) => number[];

interface TensorHandle {
  data(): Int8Array | Float32Array;
}
interface Runner {
  ok(): boolean;
  errorMessage?(): string;
  value(): {
    GetInputs(): { get(index: number): TensorHandle };
    GetOutputs(): { get(index: number): TensorHandle };
    Infer(): void;
  };
}
interface Module {
  readonly HEAPU8: Uint8Array;
  _malloc(length: number): number;
  readonly TFLiteWebModelRunner: { CreateFromBufferAndOptions(at: number, length: number, options: object): Runner };
}

const require = createRequire(import.meta.url);
let loaded: Promise<Module> | undefined;

/** Undefined where the package is not installed. */
async function load(): Promise<Module | undefined> {
  let folder: string;
  try {
    folder = join(dirname(require.resolve("@tensorflow/tfjs-tflite/package.json")), "wasm");
  } catch {
    return undefined;
  }
  const script = join(folder, "tflite_web_api_cc_simd.js");
  const create = require(script) as (options: object) => Promise<Module>;
  const quiet = (): void => undefined;
  return (loaded ??= create({
    locateFile: (file: string) => join(folder, file),
    wasmBinary: readFileSync(script.replace(/js$/, "wasm")),
    print: quiet,
    printErr: quiet,
  }));
}

/** Undefined where the package is not installed; throws a UserError when TensorFlow Lite refuses the model. */
export async function wasmRunner(model: Uint8Array, where: string): Promise<WasmRunner | undefined> {
  const module = await load();
  if (!module) return undefined;
  const at = module._malloc(model.length);
  module.HEAPU8.set(model, at);
  const made = module.TFLiteWebModelRunner.CreateFromBufferAndOptions(at, model.length, {
    numThreads: 1,
    enableWebNnDelegate: false,
    webNnDevicePreference: 0,
    enableProfiling: false,
    maxProfilingBufferEntries: 1024,
  });
  if (!made.ok())
    throw new UserError(`TensorFlow Lite refuses the model: ${made.errorMessage?.() ?? "no reason given"}`, { where });
  const runner = made.value();
  return (input) => {
    runner.GetInputs().get(0).data().set(input);
    runner.Infer();
    return Array.from(runner.GetOutputs().get(0).data());
  };
}
