/** `hibernode convert`: an int8 .tflite model to a file for the device's Storage, verified before it is written. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { Command } from "commander";
import pc from "picocolors";
import { UserError } from "../errors.ts";
import { costOf, ESP32_FACTOR } from "../models/cost.ts";
import { holds } from "../models/ladder.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import { INTERPRETER_FLAG, INTERPRETER_HELP } from "./interpreter.ts";
import { EVERY_DEFAULT, EVERY_FLAG, EVERY_HELP, printLife } from "./model-life.ts";
import { collect, type ModelOptions, open, type Opened, ROUNDING_HELP, verify } from "./model-options.ts";
import type { Verb } from "./verb.ts";

interface Options extends ModelOptions {
  readonly out: string;
  readonly name?: string;
  readonly every: string;
}

/** Names in Storage are cut at 28 characters. */
const NAME = /^[a-z][a-z0-9_-]{0,27}$/i;

export const convertVerb: Verb = (run) =>
  new Command("convert")
    .description("convert an int8 .tflite model for the device; nothing is written unless every output agrees")
    .argument("<model>", "a .tflite file")
    .option("--out <DIR>", "where NAME, NAME.ts and NAME.json go", "out/models")
    .option("--name <NAME>", "of the file in Storage (default: the model's own)")
    .option("--cases <COUNT>", "random inputs to verify with", "100")
    .option("--inputs <FILE>", "real inputs to verify with: .wav, .csv or .bin; may be repeated", collect, [])
    .option("--rounding <KIND>", ROUNDING_HELP, "single")
    .option("--tensorflow <PATH>", "an Espruino for Linux with TensorFlow, the judge of double rounding")
    .option(EVERY_FLAG, EVERY_HELP, EVERY_DEFAULT)
    .option(INTERPRETER_FLAG, INTERPRETER_HELP)
    .action(run(convert));

async function convert(output: Output, file: string, options: Options): Promise<boolean> {
  const name =
    options.name ??
    basename(file)
      .replace(/\.tflite$/, "")
      .slice(0, 28);
  if (!NAME.test(name))
    throw new UserError(`"${name}" is no name for a file in Storage`, {
      where: "--name",
      fix: "1 to 28 letters, digits, - and _",
    });
  const model = open(file, name, options);
  const rungs = await verify(output, file, model, options);
  const cost = costOf(model.plan);
  const judged = { model: file, name, rounding: model.rounding, flashBytes: model.blob.bytes.length, arenaBytes: model.blob.arenaBytes, ...cost, rungs, holds: holds(rungs) }; // prettier-ignore
  if (!judged.holds) {
    output.fact("not written", "a model that does not agree is never written", pc.red);
    output.result(judged);
    return false;
  }
  describe(output, model, cost);
  // real numbers are sent as the bytes that the network makes of them
  const life = printLife(output, options.every, { inputBytes: model.plan.inputs, millijoules: cost.esp32Millijoules });
  const report = { ...judged, life };
  const out = resolve(options.out);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, name), model.blob.bytes);
  writeFileSync(join(out, `${name}.ts`), moduleText(model, file));
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  output.fact("written", `${relative("", out) || "."}: ${name} for Storage, ${name}.ts for the firmware, ${name}.json`);
  output.result({ ...report, outDir: out });
  return true;
}

function describe(output: Output, { blob }: Opened, cost: ReturnType<typeof costOf>): void {
  output.line();
  output.line(
    table(
      ["operator", "outputs", "products", "bytes", "ms on Linux"],
      cost.operators.map((one) => [one.step === "pad" ? `${one.name} (padding)` : one.name, String(one.outputs), String(one.products), String(one.dataBytes), one.ms.toFixed(2)]), // prettier-ignore
      [1, 2, 3, 4],
    ),
  );
  output.line();
  output.fact("flash", `${blob.bytes.length.toLocaleString("en")} bytes in Storage`);
  output.fact(
    "RAM",
    `${blob.arenaBytes.toLocaleString("en")} bytes for values, ${Math.ceil(blob.arenaBytes / 14)} JsVars`,
  );
  output.fact(
    "predicted",
    `${cost.linuxMs.toFixed(1)} ms on the interpreter for Linux; ${cost.esp32Ms.toFixed(0)} ms and ${cost.esp32Millijoules.toFixed(1)} mJ on an ESP32, if that is ${ESP32_FACTOR} times slower (inferred, nobody has measured it)`,
  );
}

function moduleText({ device, plan }: Opened, file: string): string {
  return `/** Converted by hibernode from ${basename(file)}: ${plan.inputs} values in, ${plan.outputs} scores out. */
${device.imports}

/** Opens the model, which has to be in the board's Storage: the Model, or a fault of lib/faults.ts. */
export const open = () => ${device.open};
`;
}
