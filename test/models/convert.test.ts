/** What the converter refuses, what the device refuses, and that single flipped weights show. */
import { describe, expect, it } from "vitest";
import { UserError } from "../../tools/errors.ts";
import { checksum, writeBlob } from "../../tools/models/blob.ts";
import { randomInputs } from "../../tools/models/cases.ts";
import { convert } from "../../tools/models/convert.ts";
import { type Channel, fold } from "../../tools/models/fold.ts";
import type { Graph, Operator, Tensor } from "../../tools/models/graph.ts";
import { buildProgram, runOnDevice, runProgram } from "../../tools/models/on-device.ts";
import { compareFile } from "../../tools/models/ladder.ts";
import { reference } from "../../tools/models/reference.ts";
import { writeTflite } from "../../tools/models/write-tflite.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";
import { dataBytes, hasData } from "./data.ts";
import { NetworkBuilder, networks } from "./networks.ts";

const dense = (): Graph => networks["dense layers"]!(1);

function changed(change: { tensor?: [number, Partial<Tensor>]; operator?: [number, Partial<Operator>] }): Graph {
  const graph = dense();
  const at = <T>(list: readonly T[], edit: [number, Partial<T>] | undefined): T[] =>
    list.map((item, index) => (index === edit?.[0] ? { ...item, ...edit[1] } : item));
  return { ...graph, tensors: at(graph.tensors, change.tensor), operators: at(graph.operators, change.operator) };
}

function refusal(bytes: Uint8Array, rounding: "single" | "double" = "single"): string {
  try {
    convert(bytes, "net.tflite", "net", rounding);
  } catch (error) {
    if (error instanceof UserError) return `${error.where}: ${error.message}`;
    throw error;
  }
  return "";
}

describe("the converter refuses by name and reason", () => {
  const cases: Record<string, [() => Uint8Array, RegExp]> = {
    "a file that is no model": [() => Buffer.from("hello, this is no model"), /expected "TFL3" at byte 4/],
    "an empty file": [() => new Uint8Array(0), /expected "TFL3"/],
    "a file that ends early": [() => writeTflite(dense()).subarray(0, 700), /damaged/],
    "an unknown operator": [() => writeTflite(changed({ operator: [1, { kind: "LSTM" }] })), /LSTM "FULLY_CONNECTED": the device has no such operator/],
    "weights in floating point": [() => writeTflite(changed({ tensor: [1, { type: "float32" }] })), /weights are float32, not int8/],
    "weights with a zero point": [() => writeTflite(changed({ tensor: [1, { zeroPoints: [3] }] })), /weights have a zero point/],
    "16-bit values": [() => writeTflite(changed({ tensor: [3, { type: "int16" }] })), /is int16, not int8/],
    "a floating-point input": [() => writeTflite(changed({ tensor: [0, { type: "float32" }] })), /input is float32: expected int8/],
    "a sum of more than 32 bits": [() => writeTflite(changed({ tensor: [2, { data: new Uint8Array(Int32Array.from({ length: 16 }, () => 2 ** 31 - 1).buffer) }] })), /channel 0: its sum can reach \d+, more than 32 bits hold/],
    "values that need more than one arena": [() => writeTflite(new NetworkBuilder([1, 96, 96, 3], 1).convolution(8, [3, 3]).build()), /take \d+ bytes at once, the device has at most 65535/],
  }; // prettier-ignore
  it.each(Object.keys(cases))("%s", (name) => {
    const [make, expected] = cases[name]!;
    expect(refusal(make())).toMatch(expected);
    expect(refusal(make())).toMatch(/^net\.tflite: /);
  });

  it("a sum with two roundings", () => {
    expect(refusal(writeTflite(networks["a residual sum"]!(1)), "double")).toMatch(/ADD "ADD": with two roundings/);
  });

  it.skipIf(!hasData)("a float model", () => {
    expect(refusal(dataBytes("models/hello_world_float.tflite"))).toMatch(/input is float32/);
  });
});

describe("the proof of a channel", () => {
  const channel: Channel = { weights: [1, -2, 3], bias: 7, inputZero: -3, outputZero: 4, factor: { multiplier: 1518500250, shift: -5, single: 0.02209708653390407 } }; // prettier-ignore

  it("says how large its sum can become", () => expect(fold(channel, "single").bound).toBe(6 * 130 + 7));

  it("fails where the device would round another way", () => {
    // half of the steps fall on ties that doubles of this size cannot tell apart
    const tiny = { ...channel, weights: Array<number>(60000).fill(127), factor: { ...channel.factor, multiplier: 2 ** 31 - 1, shift: 1 } }; // prettier-ignore
    expect(() => fold(tiny, "double")).toThrow(RangeError);
  });
});

/** The file with one byte changed and its checksum put right. */
function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= mask;
  new DataView(copy.buffer).setUint32(12, checksum(copy), true);
  return copy;
}

describe("single weights flipped", () => {
  const flips = async (
    bytes: Uint8Array,
    count: number,
    cases: number,
    hit: (random: () => number) => number,
  ): Promise<number> => {
    // prettier-ignore
    const { plan, device, graph } = convert(bytes, "model", "model", "single");
    const inputs = randomInputs(cases, plan.inputs, {});
    const expected = inputs.map((input) => String(reference(graph, "single")(input)));
    const random = randomFor(1, "flips").next;
    let caught = 0;
    for (let i = 0; i < count; i++) {
      const file = flipped(device.files["model"]!, hit(random), 1 << Math.floor(3 + 4 * random()));
      const got = await runOnDevice({ ...device, files: { model: file } }, inputs, undefined);
      if (got.some((scores, index) => String(Array.from(scores, (score) => score - 128)) !== expected[index])) caught++;
    }
    return caught;
  };

  it("show in the outputs of a dense network", async () => {
    const bytes = writeTflite(networks["a dense layer with a large fan-in"]!(1));
    const { plan } = convert(bytes, "model", "model", "single");
    const { bytes: blob } = writeBlob(plan, "model");
    const weightsAt = blob.length - 2104;
    expect(await flips(bytes, 20, 24, (random) => weightsAt + Math.floor(2100 * random()))).toBe(20);
  });

  it.skipIf(!hasData).each(["hello_world_int8", "micro_speech_quantized", "ad01_int8"])(
    "show in the converted file of %s",
    (name) => {
      const { plan, blob } = convert(dataBytes(`models/${name}.tflite`), "model", "model", "single");
      expect(compareFile(plan, blob.bytes, blob.bytes).differing).toBe(0);
      const random = randomFor(1, "bits").next;
      for (let i = 0; i < 40; i++) {
        const copy = Uint8Array.from(blob.bytes);
        copy[Math.floor(random() * copy.length)]! ^= 1 << Math.floor(8 * random());
        expect(compareFile(plan, blob.bytes, copy)).toMatchObject({ differing: 1, first: expect.stringMatching(/^byte \d+, in /) as unknown }); // prettier-ignore
      }
    },
  );
});

describe("the device answers with a fault", () => {
  const open = 'import { openNetwork } from "hibernode/classify/network";\nimport { dense, lookUp, softmax } from "hibernode/classify/operators";\n'; // prettier-ignore
  const model = 'const model = openNetwork("model", { 1: dense, 6: lookUp, 9: softmax });\nprint(typeof model === "number" ? "fault " + model : "open");\n'; // prettier-ignore
  const { device } = convert(writeTflite(networks["dense layers"]!(1)), "model", "model", "single");
  const file = device.files["model"]!;
  const answer = async (bytes: Uint8Array | undefined, rest = ""): Promise<string[]> =>
    runProgram(await buildProgram(open + model + rest), bytes ? { model: bytes } : {}, undefined);
  const word = (at: number, value: number): Uint8Array => {
    const copy = Uint8Array.from(file);
    new DataView(copy.buffer).setInt32(at, value, true);
    return copy;
  };

  it("to a missing file", async () => expect(await answer(undefined)).toEqual(["fault 48"]));
  it("to a changed byte", async () => {
    const copy = Uint8Array.from(file);
    copy[file.length - 9]! ^= 1;
    expect(await answer(copy)).toEqual(["fault 49"]);
  });
  it("to a file that ends early", async () => expect(await answer(file.subarray(0, 100))).toEqual(["fault 49"]));
  it("to another version", async () => expect(await answer(word(4, 2))).toEqual(["fault 50"]));
  it("to another kind of file", async () => expect(await answer(word(0, 1))).toEqual(["fault 50"]));
  it("to an operator that the firmware has not", async () => {
    const other = 'const other = openNetwork("model", { 1: dense });\nprint("fault " + other);\n';
    expect(await answer(file, other)).toEqual(["open", "fault 50"]);
  });
  it("to values that do not fit into memory", async () => {
    const big = word(16, 60_000_000);
    expect(await answer(flipped(big, 4, 0))).toEqual(["fault 51"]);
  });
  it("to too few values", async () => {
    const run = 'if (typeof model !== "number") print("run " + model.run(new Int8Array(3)));\n';
    expect(await answer(file, run)).toEqual(["open", "run 52"]);
  });
  it("to a value that is no number", async () => {
    const real = convert(writeTflite(networks["real numbers in and out"]!(1)), "model", "model", "single");
    const run = 'if (typeof model !== "number") { const x = new Float32Array(30); print("run " + model.run(x)); x[7] = NaN; print("run " + model.run(x)); x[7] = Infinity; print("run " + model.run(x)); }\n'; // prettier-ignore
    expect(await answer(real.device.files["model"], run)).toEqual(["open", "run 0", "run 53", "run 53"]);
  });
});
