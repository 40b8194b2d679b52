/** Networks trained with TensorFlow.js: quantised, judged by TensorFlow Lite itself, and run by the device's own code. */
import { beforeAll, describe, expect, it } from "vitest";
import { randomInputs } from "../../tools/models/cases.ts";
import { convert } from "../../tools/models/convert.ts";
import { climb } from "../../tools/models/ladder.ts";
import { buildProgram, runProgram } from "../../tools/models/on-device.ts";
import { layersOf, quantiseLayers } from "../../tools/models/train/quantise.ts";
import { loadTensorflow, reconstructionError, trainAutoencoder, trainNetwork, type Tensorflow } from "../../tools/models/train/network.ts"; // prettier-ignore
import { modelModule } from "../../tools/models/train/module.ts";
import { writeTflite } from "../../tools/models/write-tflite.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";

const program = process.env["ESPRUINO"];
const interpreter = program === undefined ? undefined : findInterpreter(program);
const random = randomFor(3, "training");

/** Two rings, one inside the other: no linear model tells them apart. */
const rows = Array.from({ length: 160 }, (_, n) => {
  const [radius, angle] = [n % 2 ? 3 : 1, 2 * Math.PI * random.next()];
  return [10 + radius * Math.cos(angle) + 0.2 * random.normal(), -5 + radius * Math.sin(angle) + 0.2 * random.normal()];
});
const labels = rows.map((_, n) => n % 2);

let tensorflow: Tensorflow;
beforeAll(async () => void (tensorflow = await loadTensorflow()), 60_000);

/** What a module that was written for a firmware prints there. */
async function printed(module: string, rest: string): Promise<string[]> {
  const source = `${module.replaceAll("export const", "const")}\n${rest}`;
  const bundle = await buildProgram(source);
  const lines = runProgram(bundle, {}, undefined);
  if (interpreter) expect(runProgram(bundle, {}, interpreter)).toEqual(lines);
  return lines;
}

describe("a network", () => {
  const train = () => trainNetwork(tensorflow, rows, labels, 2, { hidden: [12], epochs: 40, seed: 1 });

  it("tells what no linear model can, in int8 as well as in real numbers, and is the same every time", () => {
    const model = train();
    const right = (scores: (row: number[]) => number[]): number =>
      rows.filter((row, n) => {
        const [inner, outer] = scores(row);
        return (outer! > inner! ? 1 : 0) === labels[n];
      }).length;
    expect(right(model.float)).toBeGreaterThan(155);
    expect(right(model.scores)).toBeGreaterThan(155);
    expect(modelModule(model, "", []).text).toBe(modelModule(train(), "", []).text);
  });

  it("gives TensorFlow Lite, the reference and the device the same bytes", async () => {
    const { graph } = train();
    const bytes = writeTflite(graph);
    const { device, plan } = convert(bytes, "rings", "model", "single");
    const inputs = randomInputs(40, plan.inputs, {});
    const rungs = await climb({ bytes, where: "rings", graph, rounding: "single", device, inputs, interpreter, interpreterInputs: 8, tensorflow: undefined }); // prettier-ignore
    expect(rungs.map(({ differing }) => differing)).toEqual(rungs.map(() => 0));
    expect(rungs.slice(0, 2).every(({ compared }) => compared > 0)).toBe(true);
  });

  it("is a module that a firmware opens", async () => {
    const model = train();
    const lines = await printed(modelModule(model, "rings", []).text, `
      const model = open();
      if (typeof model !== "number")
        for (const x of ${JSON.stringify(rows.slice(0, 12))}) print(model.run(x) + " " + new Uint8Array(model.scores).join());`); // prettier-ignore
    expect(lines).toEqual(rows.slice(0, 12).map((row) => `0 ${model.scores(row.map(Math.fround)).join()}`));
  });
});

describe("an autoencoder", () => {
  /** Four values that hang together in health. */
  const healthy = Array.from({ length: 120 }, () => {
    const [a, b] = [random.normal(), random.normal()];
    return [a, b, a + b, a - b].map((value) => 20 + 3 * value + 0.2 * random.normal());
  });
  const broken = [
    [23, 20, 17, 23],
    [20, 17, 23, 20],
  ];

  it("finds what does not hang together, though every value by itself is usual", async () => {
    const model = trainAutoencoder(tensorflow, healthy, { hidden: [8, 2, 8], epochs: 60, seed: 2 });
    const errors = (list: number[][]): number[] => list.map((row) => reconstructionError(model, row));
    const worst = errors(healthy).sort((a, b) => a - b)[Math.floor(0.95 * healthy.length)]!;
    for (const error of errors(broken)) expect(error).toBeGreaterThan(1.5 * worst);

    const pairs = [0, 1, 2, 3].flatMap((at) => [model.scaler.factors[at]!, model.scaler.offsets[at]!]);
    const lines = await printed(`import { reconstruction } from "hibernode/classify/reconstruction";\n${modelModule(model, "", []).text}`, `
      const model = open();
      if (typeof model !== "number") {
        const distance = reconstruction(model, new Float32Array(${JSON.stringify(pairs)}));
        for (const x of ${JSON.stringify([...broken, ...healthy.slice(0, 4)])}) print(distance(x).toFixed(4));
        print(distance([1, 2, 3]), distance([1, NaN, 3, 4]));
      }`); // prettier-ignore
    const expected = errors([...broken, ...healthy.slice(0, 4)]);
    lines.slice(0, -1).forEach((line, at) => expect(Number(line)).toBeCloseTo(expected[at]!, 3));
    expect(lines.at(-1)).toBe("NaN NaN");
  });
});

describe("layers of TensorFlow.js", () => {
  type Make = (l: Tensorflow["layers"]["layers"]) => Parameters<ReturnType<Tensorflow["layers"]["sequential"]>["add"]>[0][]; // prettier-ignore
  const inputShape = [10, 8, 2];
  const networks: Record<string, Make> = {
    "convolutions and pools": (l) => [
      l.conv2d({ inputShape, filters: 5, kernelSize: 3, padding: "same", activation: "relu" }),
      l.maxPooling2d({ poolSize: 2 }),
      l.conv2d({ filters: 4, kernelSize: [3, 2], strides: [2, 1], activation: "relu6" }),
      l.flatten(),
      l.dense({ units: 3, activation: "softmax" }),
    ],
    "depthwise convolutions with a multiplier": (l) => [
      l.depthwiseConv2d({ inputShape, kernelSize: 3, depthMultiplier: 3, padding: "same", activation: "relu" }),
      l.averagePooling2d({ poolSize: 2 }),
      l.depthwiseConv2d({ kernelSize: [2, 3], strides: 2 }),
      l.flatten(),
      l.dense({ units: 4 }),
    ],
    "a dilated convolution": (l) => [
      l.conv2d({ inputShape, filters: 3, kernelSize: 2, dilationRate: 2, padding: "same" }),
      l.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }),
      l.flatten(),
      l.dense({ units: 6, activation: "relu" }),
      l.dense({ units: 2, activation: "softmax" }),
    ],
  };
  const build = (make: Make) => {
    const model = tensorflow.layers.sequential();
    for (const layer of make(tensorflow.layers.layers)) model.add(layer);
    return model;
  };
  const images = Array.from({ length: 12 }, () => Array.from({ length: 160 }, () => random.normal()));

  it.each(Object.keys(networks))("become int8 and lose little: %s", async (name) => {
    const model = build(networks[name]!);
    const { graph, run } = quantiseLayers(layersOf(model), images, { shape: [1, ...inputShape], scale: 1 / 32, zero: 0 }); // prettier-ignore
    const { tf } = tensorflow;
    const given = (model.predict(tf.tensor(images.flat(), [12, ...inputShape])) as ReturnType<typeof tf.tensor>).arraySync() as number[][]; // prettier-ignore
    images.forEach((image, at) => run(image).forEach((value, k) => expect(value).toBeCloseTo(given[at]![k]!, 4)));

    const bytes = writeTflite(graph);
    const { device, plan } = convert(bytes, name, "model", "single");
    const inputs = images.map((image) => Int8Array.from(image, (value) => Math.max(-128, Math.min(127, Math.round(value * 32))))); // prettier-ignore
    const rungs = await climb({ bytes, where: name, graph, rounding: "single", device, inputs, interpreter, interpreterInputs: 2, tensorflow: undefined }); // prettier-ignore
    expect(rungs.map(({ differing }) => differing)).toEqual(rungs.map(() => 0));

    const exact = (await import("../../tools/models/reference.ts")).reference(graph, "single");
    const range = Math.max(...given.flat().map(Math.abs));
    inputs.forEach((input, at) =>
      exact(input).forEach((score, k) =>
        expect(Math.abs((score + 128 - plan.zero) * plan.scale - given[at]![k]!)).toBeLessThan(0.12 * range),
      ),
    );
  });

  it("that the device does not have are refused by name", () => {
    const refused = (make: Make): string => {
      try {
        layersOf(build(make));
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    };
    expect(refused((l) => [l.upSampling2d({ inputShape })])).toMatch(/is a UpSampling2D/);
    expect(refused((l) => [l.dense({ units: 3, inputShape: [4], activation: "elu" })])).toMatch(/activation elu/);
  });
});
