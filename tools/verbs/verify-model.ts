/** `hibernode verify-model`: the model's own numbers against TensorFlow Lite's and the device's; every output is compared. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { compareFile, holds } from "../models/ladder.ts";
import type { Output } from "../terminal/output.ts";
import { INTERPRETER_FLAG, INTERPRETER_HELP } from "./interpreter.ts";
import { collect, type ModelOptions, open, print, ROUNDING_HELP, verify } from "./model-options.ts";
import type { Verb } from "./verb.ts";

export const verifyModelVerb: Verb = (run) =>
  new Command("verify-model")
    .description("prove that a device computes exactly what an int8 .tflite model says")
    .argument("<model>", "a .tflite file")
    .option("--file <FILE>", "a converted file: it must be what the model gives, bit for bit")
    .option("--cases <COUNT>", "random inputs", "1000")
    .option("--inputs <FILE>", "real inputs: .wav, .csv or .bin; may be repeated", collect, [])
    .option("--rounding <KIND>", ROUNDING_HELP, "single")
    .option("--tensorflow <PATH>", "an Espruino for Linux with TensorFlow, the judge of double rounding")
    .option(INTERPRETER_FLAG, INTERPRETER_HELP)
    .action(run(verifyModel));

interface Options extends ModelOptions {
  readonly file?: string;
}

async function verifyModel(output: Output, file: string, options: Options): Promise<boolean> {
  const model = open(file, "model", options);
  const rungs = [];
  if (options.file !== undefined) {
    const rung = compareFile(model.plan, model.blob.bytes, readFileSync(options.file));
    print(output, rung);
    rungs.push(rung);
  }
  rungs.push(...(await verify(output, file, model, options)));
  output.result({ model: file, rounding: model.rounding, rungs, holds: holds(rungs) });
  return holds(rungs);
}
