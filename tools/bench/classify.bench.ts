/**
 * Milliseconds and JsVars of the classifier on the interpreter that ESPRUINO names, against plain JavaScript loops, against
 * generated code, and against TensorFlow Lite Micro in C (ESPRUINO_TENSORFLOW). Ratios taken in one run are what counts; the
 * interpreter has to map Storage into memory, as the chip does, or flash reads dominate. The models are those of HIBERNODE_DATA
 * or ../shared/data beside the repository, or those named as arguments.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../errors.ts";
import { randomInputs } from "../models/cases.ts";
import { convert } from "../models/convert.ts";
import { buildProgram } from "../models/on-device.ts";
import { runOnInterpreter } from "../models/stopwatch.ts";
import { runOnTensorflowMicro } from "../models/tensorflow-micro.ts";
import { forestCode, forestTable, trainForest } from "../models/train/forest.ts";
import { trainLinear } from "../models/train/linear.ts";
import { writeBlob } from "../models/blob.ts";
import { packageFolder } from "../package-folder.ts";
import { findInterpreter } from "../simulator/interpreter/probe.ts";
import { randomFor } from "../simulator/world/random.ts";

const program = process.env["ESPRUINO"];
if (program === undefined) {
  process.stdout.write("skipped: it needs an interpreter, named by ESPRUINO\n");
  process.exit(0);
}
const interpreter = findInterpreter(program);
const tensorflow = process.env["ESPRUINO_TENSORFLOW"];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Best of five, in milliseconds, of what `body` does `times` times. */
const timed = (name: string, times: number, body: string): string => `
  { let best = 1e9;
    for (let k = 0; k < 5; k++) { const t = getTime(); for (let n = 0; n < ${times}; n++) { ${body} } best = Math.min(best, (getTime() - t) * 1000 / ${times}); }
    print("${name}", best.toFixed(3)); }`;

/** The heart of a convolution with plain loops, as a straightforward port has it: for one output of each channel. */
const plainLoops = (taps: number): string => `
  const px = new Int8Array(${taps}).fill(3), pw = new Int8Array(${taps}).fill(5);
  function plain(): number { let sum = 0; for (let i = 0; i < ${taps}; i++) sum += px[i] * pw[i]; return sum; }`;

/** A straightforward port of micro_speech's convolution: nested loops, index arithmetic, borders looked at. */
const NESTED = `
  const image = new Int8Array(1960), weights = new Int8Array(640), result = new Int8Array(4000);
  function nested(): void {
    for (let oy = 0; oy < 25; oy++) for (let ox = 0; ox < 20; ox++) for (let ch = 0; ch < 8; ch++) {
      let sum = 7;
      for (let ky = 0; ky < 10; ky++) for (let kx = 0; kx < 8; kx++) {
        const y = oy * 2 - 4 + ky, x = ox * 2 - 3 + kx;
        if (y >= 0 && y < 49 && x >= 0 && x < 40) sum += (image[y * 40 + x] + 128) * weights[(ky * 8 + kx) * 8 + ch];
      }
      const v = Math.floor(sum * 0.0013 + 0.5) - 128;
      result[(oy * 20 + ox) * 8 + ch] = v < -128 ? -128 : v > 127 ? 127 : v;
    }
  }`;

const data = [process.env["HIBERNODE_DATA"], join(packageFolder, "../shared/data"), join(packageFolder, "../../shared/data")].find((path) => path && existsSync(join(path, "models"))); // prettier-ignore
const known = ["hello_world_int8", "micro_speech_quantized", "ad01_int8"].map((name) => join(data ?? "", "models", `${name}.tflite`)); // prettier-ignore
const files = process.argv.length > 2 ? process.argv.slice(2) : data === undefined ? [] : known;
for (const file of files) {
  const bytes = new Uint8Array(readFileSync(file));
  const { plan, blob, device } = convert(bytes, file, "model", "single");
  const taps = 100;
  const isSpeech = basename(file).startsWith("micro_speech");
  const source = `${device.imports}
    ${plainLoops(taps)}${isSpeech ? NESTED : ""}
    const before = process.memory(true).usage;
    const model = ${device.open};
    print("JsVars", process.memory(true).usage - before);
    if (typeof model !== "number") {
      const x = new Int8Array(model.inputs);
      ${timed("run", 1, "model.run(x);")}
      ${timed("plain", 20, "plain();")}
      ${isSpeech ? 'const t = getTime(); nested(); print("nested", ((getTime() - t) * 1000).toFixed(1));' : ""}
    }`;
  const lines = await runOnInterpreter(await buildProgram(source), device.files, interpreter);
  const values = Object.fromEntries(lines.map((line) => line.split(" ") as [string, string]));
  const products = plan.steps.reduce((sum, step) => sum + step.products, 0);
  const loops = (Number(values["plain"]) / taps) * products;
  const run = Number(values["run"]);
  say(`${basename(file)}: ${run} ms; flat loops ${loops.toFixed(0)} ms (${(loops / run).toFixed(0)} times); ${values["JsVars"]} JsVars (${((100 * Number(values["JsVars"])) / 16383).toFixed(1)} %), flash ${blob.bytes.length}, arena ${blob.arenaBytes} bytes`); // prettier-ignore
  if (isSpeech)
    say(`  its convolution alone in nested loops: ${values["nested"]} ms, ${(Number(values["nested"]) / run).toFixed(0)} times all of this`); // prettier-ignore
  if (tensorflow === undefined || device.isReal) continue;
  const inputs = randomInputs(20, plan.inputs, {}) as Int8Array[];
  try {
    const { ms } = await runOnTensorflowMicro(tensorflow, bytes, inputs);
    say(`  TensorFlow Lite Micro in C: ${ms.toFixed(3)} ms (this takes ${(run / ms).toFixed(0)} times as long)`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // where Storage is not mapped, its variables hold no model of hundreds of kilobytes
    say(`  TensorFlow Lite Micro in C: not measured, ${/OUT OF MEMORY/.test(error.message) ? "out of memory" : error.message}`); // prettier-ignore
  }
}

const random = randomFor(1, "bench").next;
const rows = Array.from({ length: 240 }, (_, n) => Array.from({ length: 24 }, (_value, i) => random() * 4 + (i % 5 === n % 5 ? 2 : 0))); // prettier-ignore
const labels = rows.map((_, n) => n % 5);
const linear = Buffer.from(writeBlob(trainLinear(rows, labels, 5, 10).plan, "").bytes).toString("base64");
const forest = trainForest(rows, labels, 5, { trees: 20, depth: 5, seed: 1 });
const table = Buffer.from(forestTable(forest)).toString("base64");
const lines = await runOnInterpreter(
  await buildProgram(`
    import { embeddedNetwork } from "hibernode/classify/network";
    import { dense } from "hibernode/classify/operators";
    import { openForest } from "hibernode/classify/forest";
    import { deviation, mean } from "hibernode/classify/features";
    const x = new Float32Array(${JSON.stringify(rows[0])});
    const bytes = new Uint8Array(24).fill(120);
    const votes = new Uint16Array(5);
    const coded = ${forestCode(forest).replace("(x, v)", "(x: Uint8Array, v: Uint16Array)")};
    const w = new Float32Array(50).fill(1.5);
    function loops() { let s = 0; for (let i = 0; i < 50; i++) s += w[i]; s /= 50; let q = 0; for (let i = 0; i < 50; i++) q += (w[i] - s) * (w[i] - s); return Math.sqrt(q / 50); }
    const a = embeddedNetwork(atob("${linear}"), { 1: dense });
    const b = openForest(atob("${table}"));
    if (typeof a !== "number" && typeof b !== "number") {
      ${timed("linear", 20, "a.run(x);")}
      ${timed("forest, table", 20, "b.run(x);").replace('"forest, table"', '"forest-table"')}
      ${timed("forest-code", 20, "coded(bytes, votes);")}
      ${timed("features", 20, "deviation(w, mean(w));")}
      ${timed("features-loops", 20, "loops();")}
    }`),
  {},
  interpreter,
);
say(`24 features, 5 classes, milliseconds: ${lines.join("; ")}`);
