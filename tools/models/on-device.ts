/** Runs a converted model as a device would: the library's own code, built as any firmware is, on either engine. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../build/bundle.ts";
import { checkDialect } from "../build/dialect.ts";
import { finish } from "../build/finish.ts";
import { lowerSyntax, minify } from "../build/lower.ts";
import { privateNames } from "../build/private-names.ts";
import { Clock } from "../simulator/clock.ts";
import { Device, type DeviceOptions } from "../simulator/device.ts";
import { fromLatin1 } from "../simulator/espruino/data.ts";
import { Wires } from "../simulator/espruino/wires.ts";
import { createInterpreterDevice } from "../simulator/interpreter/device.ts";
import type { Interpreter } from "../simulator/interpreter/probe.ts";
import { randomFor } from "../simulator/world/random.ts";
import type { DeviceModel } from "./device-model.ts";

/** Bytes of Storage that one batch of inputs may take. */
const BATCH_BYTES = 300_000;
const FIGURES = { bootMs: 0, bootAmps: 0, activeAmps: 0, sleepAmps: 0, lightSleepAmps: 0 };

const built = new Map<string, Promise<string>>();

/** Builds a program for the device from TypeScript that imports `hibernode/...`, once for each text; returns the bundle. */
export function buildProgram(source: string): Promise<string> {
  const known = built.get(source) ?? build(source);
  built.set(source, known);
  return known;
}

/** As any firmware is built, but for the check of its types: the text is ours. */
async function build(source: string): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hibernode-model-")));
  try {
    writeFileSync(join(folder, "node.ts"), source);
    const bundled = await bundle(join(folder, "node.ts"), folder);
    const lowered = await lowerSyntax(bundled.code, "bundle.js", bundled.map);
    const { code } = finish(await minify(lowered, privateNames(bundled.files)));
    const [finding] = checkDialect(code);
    if (finding) throw new Error(`the device's code would not run there: ${finding.message}`);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a program prints, line by line, with these files in its Storage. Without an interpreter on the fast engine. */
export function runProgram(
  bundle: string,
  files: Readonly<Record<string, Uint8Array>>,
  interpreter: Interpreter | undefined,
): string[] {
  let output = "";
  const clock = new Clock();
  const options: DeviceOptions = {
    clock,
    bundle,
    wires: new Wires(),
    figures: FIGURES,
    chip: "esp32",
    random: randomFor(1, "chip"),
    meter: { set: () => undefined, pulse: () => undefined },
    console: (text) => void (output += text),
    storageFiles: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, fromLatin1(bytes)])),
  };
  const device = interpreter
    ? createInterpreterDevice({ ...options, interpreter, silenceMs: 120_000 })
    : new Device(options);
  try {
    device.powerOn();
    clock.runUntil(1e6);
  } finally {
    if ("close" in device) (device.close as () => void)();
  }
  return output.split(/\r?\n/).slice(0, -1);
}

/** One input for a run: int8 values, or real ones as the model takes them. */
export type Input = Int8Array | Float32Array;

/** Runs a model on many inputs; returns its scores for each. Throws an Error when the device reports a fault. */
export async function runOnDevice(
  model: DeviceModel,
  inputs: readonly Input[],
  interpreter: Interpreter | undefined,
): Promise<Uint8Array[]> {
  const bundle = await buildProgram(program(model));
  const atOnce = Math.max(1, Math.floor(BATCH_BYTES / (inputs[0]?.byteLength ?? 1)));
  const scores: Uint8Array[] = [];
  for (let first = 0; first < inputs.length; first += atOnce) {
    const batch = inputs.slice(first, first + atOnce);
    const bytes = Buffer.concat(batch.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))); // prettier-ignore
    const lines = runProgram(
      bundle,
      { ...model.files, inputs: bytes, count: Buffer.from(String(batch.length)) },
      interpreter,
    );
    if (lines.length !== batch.length || lines.some((line) => !/^=/.test(line)))
      throw new Error(`the device answered: ${lines.find((line) => !/^=/.test(line)) ?? `${lines.length} lines`}`);
    scores.push(...lines.map((line) => new Uint8Array(Buffer.from(line.slice(1), "base64"))));
  }
  return scores;
}

function program({ imports, open, inputs, isReal }: DeviceModel): string {
  const array = isReal ? "Float32Array" : "Int8Array";
  const bytes = inputs * (isReal ? 4 : 1);
  return `
${imports}
const storage = require("Storage");
const model = ${open};
if (typeof model === "number") print("fault " + model);
else {
  const count = +storage.read("count")!;
  for (let i = 0; i < count; i++) {
    const fault = model.run(new ${array}(E.toArrayBuffer(storage.read("inputs", i * ${bytes}, ${bytes})!)));
    print(fault ? "fault " + fault : "=" + btoa(E.toString(new Uint8Array(model.scores))!));
  }
}
`;
}
