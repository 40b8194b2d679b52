/**
 * Post-training quantisation: the layers of a TensorFlow.js network to an int8 `Graph`. Weights are symmetric, of convolutions
 * one scale for each channel; the range of every result is what the calibration inputs reach.
 */
import type { Sequential, SymbolicTensor } from "@tensorflow/tfjs-layers";
import { UserError } from "../../errors.ts";
import type { Graph, Operator, Tensor } from "../graph.ts";
import { runLayer } from "./float-layers.ts";

const kindOf = {
  Dense: "FULLY_CONNECTED",
  Conv2D: "CONV_2D",
  DepthwiseConv2D: "DEPTHWISE_CONV_2D",
  MaxPooling2D: "MAX_POOL_2D",
  AveragePooling2D: "AVERAGE_POOL_2D",
  Flatten: "RESHAPE",
  Reshape: "RESHAPE",
  Softmax: "SOFTMAX",
} as const;
const activations: Readonly<Record<string, number>> = { linear: 0, relu: 1, relu6: 3 };

/** One layer with real weights, in the order in which TensorFlow Lite stores them. */
export interface Float {
  readonly kind: (typeof kindOf)[keyof typeof kindOf];
  /** With the batch of 1. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** [rows, columns], [channels, height, width, depth] or [1, height, width, channels]. */
  readonly weightShape: readonly number[];
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** 0 none, 1 RELU, 3 RELU6. */
  readonly activation: number;
  readonly options: Readonly<Record<string, number>>;
}

/** Throws a UserError for a layer or an activation that the device does not have. */
export function layersOf(model: Sequential): Float[] {
  return model.layers.flatMap((layer): Float[] => {
    const name = layer.getClassName();
    if (name === "InputLayer" || name === "Dropout") return [];
    const refuse = (what: string) =>
      new UserError(`the layer "${layer.name}" ${what}`, { fix: `layers that work: ${Object.keys(kindOf).join(", ")} with relu, relu6, softmax or no activation` }); // prettier-ignore
    const kind = kindOf[name as keyof typeof kindOf];
    if (!kind) throw refuse(`is a ${name}`);
    const config = layer.getConfig() as Record<string, unknown>;
    const activation = kind === "SOFTMAX" ? "linear" : ((config["activation"] as string | undefined) ?? "linear");
    if (activation !== "softmax" && activations[activation] === undefined) throw refuse(`has the activation ${activation}`); // prettier-ignore
    const shape = (of: unknown): number[] => [1, ...(of as number[]).slice(1)];
    const [kernel, bias] = layer.getWeights();
    const [height, width] = (config["strides"] as number[] | undefined) ?? [1, 1];
    const [kernelH, kernelW] = (config["poolSize"] as number[] | undefined) ?? [1, 1];
    const [dilationH, dilationW] = (config["dilationRate"] as number[] | undefined) ?? [1, 1];
    const common = { padding: config["padding"] === "same" ? 0 : 1, strideW: width!, strideH: height! };
    const float: Float = {
      kind,
      inputShape: shape((layer.input as SymbolicTensor).shape),
      outputShape: shape(layer.outputShape),
      ...(kernel ? ordered(kind, kernel.shape, kernel.dataSync() as Float32Array) : { weightShape: [], weights: new Float32Array() }), // prettier-ignore
      bias: bias
        ? (bias.dataSync() as Float32Array)
        : new Float32Array(kernel ? (layer.outputShape.at(-1) as number) : 0),
      activation: activations[activation] ?? 0,
      options: {
        ...common,
        ...(kind.endsWith("POOL_2D") ? { kernelH: kernelH!, kernelW: kernelW! } : { dilationH: dilationH!, dilationW: dilationW! }), // prettier-ignore
        ...(kind === "DEPTHWISE_CONV_2D" && { multiplier: config["depthMultiplier"] as number }),
      },
    };
    if (activation !== "softmax") return [float];
    const after = { ...float, kind: "SOFTMAX" as const, inputShape: float.outputShape, activation: 0 };
    return [float, { ...after, weightShape: [], weights: new Float32Array(), bias: new Float32Array() }];
  });
}

/** TensorFlow.js has the outputs last; TensorFlow Lite has them first, but for depthwise layers. */
function ordered(kind: string, shape: readonly number[], values: Float32Array): Pick<Float, "weightShape" | "weights"> {
  // [height, width, depth, multiplier]: its last two already run as the channels do
  if (kind === "DEPTHWISE_CONV_2D")
    return { weightShape: [1, shape[0]!, shape[1]!, shape[2]! * shape[3]!], weights: values };
  const outputs = shape.at(-1)!;
  const taps = values.length / outputs;
  const weights = values.map((_, at) => values[(at % taps) * outputs + Math.floor(at / taps)]!);
  return { weightShape: [outputs, ...shape.slice(0, -1)], weights };
}

export interface InputForm {
  readonly shape: readonly number[];
  readonly scale: number;
  readonly zero: number;
}

/** @param inputs real values for calibration: what the network meets in use */
export function quantiseLayers(
  layers: readonly Float[],
  inputs: readonly (readonly number[])[],
  form: InputForm,
): { graph: Graph; run: (input: readonly number[]) => number[] } {
  const tensors: Tensor[] = [{ name: "input", shape: form.shape, type: "int8", scales: [Math.fround(form.scale)], zeroPoints: [form.zero], axis: 0 }]; // prettier-ignore
  const operators: Operator[] = [];
  const add = (tensor: Tensor): number => tensors.push(tensor) - 1;
  let values: Float32Array[] = inputs.map((row) => Float32Array.from(row));
  let last = 0;
  layers.forEach((layer, at) => {
    values = values.map((row) => runLayer(layer, row));
    const input = tensors[last]!;
    const name = `${layer.kind.toLowerCase()} ${at + 1}`;
    const taken = [last, ...constants(layer, input.scales[0]!, name, add)];
    const keeps = layer.weights.length === 0 && layer.kind !== "SOFTMAX";
    const { scale, zero } = keeps
      ? { scale: input.scales[0]!, zero: input.zeroPoints[0]! }
      : layer.kind === "SOFTMAX"
        ? { scale: 1 / 256, zero: -128 }
        : rangeOf(values);
    last = add({ name, shape: layer.outputShape, type: "int8", scales: [scale], zeroPoints: [zero], axis: 0 });
    const options: Record<string, number> = layer.kind === "SOFTMAX" ? { beta: 1 } : { ...layer.options, activation: layer.activation }; // prettier-ignore
    operators.push({ kind: layer.kind, inputs: taken, outputs: [last], options });
  });
  const run = (input: readonly number[]): number[] =>
    Array.from(layers.reduce<Float32Array>((row, layer) => runLayer(layer, row), Float32Array.from(input)));
  return { graph: { tensors, operators, inputs: [0], outputs: [last] }, run };
}

/** Weights and bias of a layer, or a reshape's wanted shape, as tensors; their indices. */
function constants(layer: Float, inputScale: number, name: string, add: (tensor: Tensor) => number): number[] {
  const bytes = (list: Int8Array | Int32Array): Uint8Array => new Uint8Array(list.buffer);
  const plain = { type: "int32", scales: [], zeroPoints: [], axis: 0 } as const;
  if (layer.kind === "RESHAPE")
    return [add({ name: `${name} shape`, shape: [layer.outputShape.length], data: bytes(Int32Array.from(layer.outputShape)), ...plain })]; // prettier-ignore
  if (layer.weights.length === 0) return [];
  const channels = layer.bias.length;
  const axis = layer.kind === "DEPTHWISE_CONV_2D" ? 3 : 0;
  const channelOf = (at: number): number => (axis === 3 ? at % channels : Math.floor(at / (layer.weights.length / channels))); // prettier-ignore
  const largest = new Array<number>(channels).fill(1e-6);
  layer.weights.forEach((weight, at) => (largest[channelOf(at)] = Math.max(largest[channelOf(at)]!, Math.abs(weight))));
  // TensorFlow Lite's dense layers have one scale for all rows
  const each = layer.kind === "FULLY_CONNECTED" ? largest.map(() => Math.max(...largest)) : largest;
  const scales = each.map((value) => Math.fround(value / 127));
  const weights = Int8Array.from(layer.weights, (weight, at) => Math.round(weight / scales[channelOf(at)]!));
  const units = scales.map((scale) => Math.fround(scale * inputScale));
  const bias = Int32Array.from(layer.bias, (value, channel) => Math.round(value / units[channel]!));
  const kept = layer.kind === "FULLY_CONNECTED" ? 1 : channels;
  const zeroPoints = new Array<number>(kept).fill(0);
  return [
    add({ name: `${name} weights`, shape: layer.weightShape, type: "int8", data: bytes(weights), scales: scales.slice(0, kept), zeroPoints, axis }), // prettier-ignore
    add({ name: `${name} bias`, shape: [channels], type: "int32", data: bytes(bias), scales: units.slice(0, kept), zeroPoints, axis: 0 }), // prettier-ignore
  ];
}

/** 256 steps over what occurs, with an exact zero. */
function rangeOf(values: readonly Float32Array[]): { scale: number; zero: number } {
  let [least, most] = [0, 1e-6];
  for (const row of values)
    for (const value of row) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  const scale = Math.fround((most - least) / 255);
  return { scale, zero: Math.max(-128, Math.min(127, Math.round(-128 - least / scale))) };
}
