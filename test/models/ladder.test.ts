/** The proof itself: reference, TensorFlow Lite, and the device's code on both engines give the same bytes. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomInputs } from "../../tools/models/cases.ts";
import { convert } from "../../tools/models/convert.ts";
import { readInputs } from "../../tools/models/input-files.ts";
import { climb, holds, type Rung } from "../../tools/models/ladder.ts";
import { writeTflite } from "../../tools/models/write-tflite.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { dataBytes, dataFile, hasData } from "./data.ts";
import { networks } from "./networks.ts";

const soak = process.env["SOAK"] !== undefined;
const program = process.env["ESPRUINO"];
const interpreter = program === undefined ? undefined : findInterpreter(program);
/** An Espruino for Linux with TensorFlow. */
const tensorflow = process.env["ESPRUINO_TENSORFLOW"];

interface Trial {
  readonly rounding?: "single" | "double";
  readonly cases: number;
  readonly seed?: number;
  readonly files?: readonly string[];
  readonly interpreterInputs?: number;
}

async function proof(
  bytes: Uint8Array,
  { rounding = "single", cases, seed = 1, files = [], interpreterInputs = 2 }: Trial,
): Promise<Rung[]> {
  // prettier-ignore
  const { plan, device, graph } = convert(bytes, "model", "model", rounding);
  const scale = device.isReal ? new Float64Array(Uint8Array.from(plan.entrance.data).buffer) : undefined;
  const real = scale && { scale: scale[0]!, zero: scale[1]! - 128 };
  const inputs = [
    ...files.flatMap((file) => readInputs(file, plan.inputs, device.isReal)),
    ...randomInputs(cases, plan.inputs, { real, seed }),
  ];
  return climb({ bytes, where: "model", graph, rounding, device, inputs, interpreter, interpreterInputs, tensorflow });
}

describe("networks of every operator", () => {
  it.each(Object.keys(networks))("agree: %s", async (name) => {
    for (const seed of soak ? [1, 2, 3, 4, 5] : [1]) {
      const rungs = await proof(writeTflite(networks[name]!(seed)), {
        cases: soak ? 400 : 24,
        seed,
        interpreterInputs: 8,
      });
      expect(rungs.filter(({ differing }) => differing > 0)).toEqual([]);
      expect(rungs[0]!.compared).toBeGreaterThan(0);
      expect(rungs[1]!.compared).toBeGreaterThan(0);
    }
  });

  it.each(["dense layers", "convolutions of several channels", "depthwise convolutions", "a keyword network"])(
    "agree with two roundings: %s",
    async (name) => {
      const rungs = await proof(writeTflite(networks[name]!(3)), {
        rounding: "double",
        cases: 24,
        interpreterInputs: 8,
      });
      expect(rungs.filter(({ differing }) => differing > 0)).toEqual([]);
    },
  );
});

describe.skipIf(!hasData)("published models", () => {
  const sounds = hasData ? readdirSync(dataFile("audio")).map((name) => dataFile(`audio/${name}`)) : [];
  const trials: Record<string, Trial> = {
    hello_world_int8: { cases: soak ? 5000 : 256, interpreterInputs: 64 },
    micro_speech_quantized: { cases: soak ? 1000 : 12, files: sounds, interpreterInputs: soak ? 40 : 4 },
    ad01_int8: { cases: soak ? 1000 : 12, interpreterInputs: soak ? 40 : 2 },
  };

  it.each(Object.keys(trials))("agree: %s", async (name) => {
    const rungs = await proof(dataBytes(`models/${name}.tflite`), trials[name]!);
    expect(holds(rungs)).toBe(true);
    expect(rungs[0]!.compared).toBeGreaterThan(0);
    expect(rungs[0]!.note).toBe(undefined);
  });

  it.each(Object.keys(trials))("agree with two roundings: %s", async (name) => {
    const bytes = dataBytes(`models/${name}.tflite`);
    const rungs = await proof(bytes, { ...trials[name]!, cases: soak ? 1000 : 8, rounding: "double" });
    expect(holds(rungs)).toBe(true);
  });

  it("the sounds give four different inputs", () => {
    const inputs = sounds.map((file) => String(readInputs(file, 1960, false)[0]));
    expect(new Set(inputs).size).toBe(sounds.length);
  });
});

it("a model whose file is not the network's is told apart", async () => {
  const bytes = writeTflite(networks["dense layers"]!(1));
  const other = convert(writeTflite(networks["dense layers"]!(2)), "model", "model", "single");
  const { graph } = convert(bytes, "model", "model", "single");
  const inputs = randomInputs(4, 24, {});
  const rungs = await climb({ bytes, where: "model", graph, rounding: "single", device: other.device, inputs });
  expect(holds(rungs)).toBe(false);
  expect(rungs[1]!.first).toMatch(/^input \d+, output \d+: expected -?\d+, got -?\d+$/);
});
