/** Small int8 networks of every operator, with weights from a seed. */
import { type Graph, type Operator, sizeOf, type Tensor } from "../../tools/models/graph.ts";
import type { Random } from "../../tools/simulator/hardware.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";

/** Grows a network operator by operator; each takes what the last one gave. */
export class NetworkBuilder {
  readonly #tensors: Tensor[] = [];
  readonly #operators: Operator[] = [];
  readonly #random: Random;
  #last = 0;

  constructor(shape: readonly number[], seed: number) {
    this.#random = randomFor(seed, "network");
    this.#tensors.push(this.#values("input", shape));
  }

  #values(name: string, shape: readonly number[], scale = 0.02 + 0.06 * this.#random.next()): Tensor {
    const zero = Math.floor(this.#random.next() * 60) - 30;
    return { name, shape, type: "int8", scales: [Math.fround(scale)], zeroPoints: [zero], axis: 0 };
  }

  #constant(tensor: Omit<Tensor, "name">): number {
    return this.#tensors.push({ name: `constant ${this.#tensors.length}`, ...tensor }) - 1;
  }

  #whole(below: number): number {
    return Math.floor(this.#random.next() * (2 * below + 1)) - below;
  }

  /** Weights with a scale for each channel, and a bias; the output's scale keeps most values inside. */
  #layer(
    kind: string,
    weights: readonly number[],
    channels: number,
    axis: number,
    output: readonly number[],
    options: Record<string, number>,
  ): this {
    // prettier-ignore
    const input = this.#tensors[this.#last]!;
    const single = kind === "FULLY_CONNECTED";
    const scales = Array.from({ length: single ? 1 : channels }, () =>
      Math.fround(0.002 + 0.008 * this.#random.next()),
    );
    const bytes = Int8Array.from({ length: sizeOf(weights) }, () => this.#whole(127));
    const bias = Int32Array.from({ length: channels }, () => this.#whole(2000));
    const zeroPoints = scales.map(() => 0);
    const w = this.#constant({ shape: weights, type: "int8", data: new Uint8Array(bytes.buffer), scales, zeroPoints, axis }); // prettier-ignore
    const biasScales = scales.map((scale) => Math.fround(scale * input.scales[0]!));
    const b = this.#constant({ shape: [channels], type: "int32", data: new Uint8Array(bias.buffer), scales: biasScales, zeroPoints, axis: 0 }); // prettier-ignore
    const taps = sizeOf(weights) / channels;
    return this.#add(kind, [this.#last, w, b], output, options, input.scales[0]! * 0.006 * Math.sqrt(taps) * 40);
  }

  #add(
    kind: string,
    inputs: readonly number[],
    shape: readonly number[],
    options: Record<string, number> = {},
    scale?: number,
  ): this {
    // prettier-ignore
    return this.#give(kind, inputs, this.#values(kind, shape, scale), options);
  }

  #give(kind: string, inputs: readonly number[], output: Tensor, options: Record<string, number> = {}): this {
    const index = this.#tensors.push(output) - 1;
    this.#operators.push({ kind, inputs, outputs: [index], options });
    this.#last = index;
    return this;
  }

  get #shape(): readonly number[] {
    return this.#tensors[this.#last]!.shape;
  }

  static #size(input: number, kernel: number, stride: number, padding: number, dilation = 1): number {
    return padding === 0 ? Math.ceil(input / stride) : Math.ceil((input - (kernel - 1) * dilation) / stride);
  }

  dense(rows: number, activation = 0): this {
    const columns = sizeOf(this.#shape);
    return this.#layer("FULLY_CONNECTED", [rows, columns], rows, 0, [1, rows], { activation });
  }

  convolution(
    channels: number,
    [kernelH, kernelW]: readonly [number, number],
    options: { stride?: number; padding?: number; activation?: number; dilation?: number } = {},
  ): this {
    // prettier-ignore
    const { stride = 1, padding = 0, activation = 0, dilation = 1 } = options;
    const [, height, width, depth] = this.#shape as [number, number, number, number];
    const size = (input: number, kernel: number): number => NetworkBuilder.#size(input, kernel, stride, padding, dilation); // prettier-ignore
    const output = [1, size(height, kernelH), size(width, kernelW), channels];
    const all = { padding, strideW: stride, strideH: stride, activation, dilationW: dilation, dilationH: dilation };
    return this.#layer("CONV_2D", [channels, kernelH, kernelW, depth], channels, 0, output, all);
  }

  depthwise(
    multiplier: number,
    [kernelH, kernelW]: readonly [number, number],
    options: { stride?: number; padding?: number; activation?: number } = {},
  ): this {
    // prettier-ignore
    const { stride = 1, padding = 0, activation = 0 } = options;
    const [, height, width, depth] = this.#shape as [number, number, number, number];
    const size = (input: number, kernel: number): number => NetworkBuilder.#size(input, kernel, stride, padding);
    const channels = depth * multiplier;
    const output = [1, size(height, kernelH), size(width, kernelW), channels];
    const all = { padding, strideW: stride, strideH: stride, multiplier, activation, dilationW: 1, dilationH: 1 };
    return this.#layer("DEPTHWISE_CONV_2D", [1, kernelH, kernelW, channels], channels, 3, output, all);
  }

  /** Keeps scale and zero point, as TensorFlow asks for. */
  pool(kind: "AVERAGE_POOL_2D" | "MAX_POOL_2D", kernel: number, stride: number, padding: number, activation = 0): this {
    const input = this.#tensors[this.#last]!;
    const [, height, width, depth] = this.#shape as [number, number, number, number];
    const size = (length: number): number => NetworkBuilder.#size(length, kernel, stride, padding);
    const output = { ...input, name: kind, shape: [1, size(height), size(width), depth] };
    return this.#give(kind, [this.#last], output, { padding, strideW: stride, strideH: stride, kernelW: kernel, kernelH: kernel, activation }); // prettier-ignore
  }

  mean(keepDims: 0 | 1): this {
    const depth = this.#shape.at(-1)!;
    const axes = this.#constant({ shape: [2], type: "int32", data: new Uint8Array(Int32Array.of(1, 2).buffer), scales: [], zeroPoints: [], axis: 0 }); // prettier-ignore
    return this.#add("MEAN", [this.#last, axes], keepDims ? [1, 1, 1, depth] : [1, depth], { keepDims });
  }

  pad(top: number, bottom: number, left: number, right: number): this {
    const input = this.#tensors[this.#last]!;
    const [, height, width, depth] = this.#shape as [number, number, number, number];
    const data = new Uint8Array(Int32Array.of(0, 0, top, bottom, left, right, 0, 0).buffer);
    const amounts = this.#constant({ shape: [4, 2], type: "int32", data, scales: [], zeroPoints: [], axis: 0 });
    const shape = [1, height + top + bottom, width + left + right, depth];
    return this.#give("PAD", [this.#last, amounts], { ...input, name: "PAD", shape });
  }

  /** Adds what a depthwise branch makes of the last result. */
  residual(activation = 0): this {
    const before = this.#last;
    this.depthwise(1, [3, 3]);
    return this.#add("ADD", [before, this.#last], this.#shape, { activation }, 0.09);
  }

  unary(kind: "LOGISTIC" | "TANH" | "RELU" | "RELU6" | "QUANTIZE"): this {
    const fixed = { LOGISTIC: [1 / 256, -128], TANH: [1 / 128, 0] }[kind as string];
    if (!fixed) return this.#add(kind, [this.#last], this.#shape);
    const [scale, zero] = fixed as [number, number];
    return this.#give(kind, [this.#last], { name: kind, shape: this.#shape, type: "int8", scales: [scale], zeroPoints: [zero], axis: 0 }); // prettier-ignore
  }

  reshape(shape: readonly number[]): this {
    const data = new Uint8Array(Int32Array.from(shape).buffer);
    const wanted = this.#constant({ shape: [shape.length], type: "int32", data, scales: [], zeroPoints: [], axis: 0 });
    return this.#give("RESHAPE", [this.#last, wanted], { ...this.#tensors[this.#last]!, name: "RESHAPE", shape });
  }

  softmax(): this {
    return this.#give("SOFTMAX", [this.#last], { name: "SOFTMAX", shape: this.#shape, type: "int8", scales: [1 / 256], zeroPoints: [-128], axis: 0 }, { beta: 1 }); // prettier-ignore
  }

  /** Real numbers in and out, quantised by the network itself. */
  real(): Graph {
    const { tensors, operators, inputs, outputs } = this.build();
    const all = [...tensors];
    const plain = (name: string, like: number): number =>
      all.push({ name, shape: tensors[like]!.shape, type: "float32", scales: [], zeroPoints: [], axis: 0 }) - 1;
    const [from, to] = [plain("real input", inputs[0]!), plain("real output", outputs[0]!)];
    const first = { kind: "QUANTIZE", inputs: [from], outputs: [inputs[0]!], options: {} };
    const last = { kind: "DEQUANTIZE", inputs: [outputs[0]!], outputs: [to], options: {} };
    return { tensors: all, operators: [first, ...operators, last], inputs: [from], outputs: [to] };
  }

  build(): Graph {
    return { tensors: this.#tensors, operators: this.#operators, inputs: [0], outputs: [this.#last] };
  }
}

/** By name: networks that together use every operator in every form. */
export const networks: Readonly<Record<string, (seed: number) => Graph>> = {
  "dense layers": (seed) => new NetworkBuilder([1, 24], seed).dense(16, 1).dense(8).dense(5).softmax().build(),
  "a dense layer with a large fan-in": (seed) => new NetworkBuilder([1, 700], seed).dense(3).build(),
  "convolutions of several channels": (seed) => new NetworkBuilder([1, 9, 7, 3], seed).convolution(6, [3, 3], { activation: 1 }).convolution(20, [1, 1]).convolution(4, [2, 3], { stride: 2, padding: 1 }).build(),
  "a dilated convolution": (seed) => new NetworkBuilder([1, 10, 9, 2], seed).convolution(3, [3, 2], { dilation: 2, padding: 1 }).build(),
  "depthwise convolutions": (seed) => new NetworkBuilder([1, 8, 8, 5], seed).depthwise(1, [3, 3], { activation: 3 }).depthwise(2, [3, 3], { stride: 2 }).depthwise(1, [2, 2], { padding: 1 }).build(),
  "a depthwise convolution of one channel": (seed) => new NetworkBuilder([1, 12, 10, 1], seed).depthwise(8, [4, 3], { stride: 2 }).build(),
  "pools": (seed) => new NetworkBuilder([1, 9, 9, 4], seed).pool("MAX_POOL_2D", 3, 2, 0).pool("AVERAGE_POOL_2D", 3, 1, 0).pool("AVERAGE_POOL_2D", 2, 2, 1).build(),
  "means": (seed) => new NetworkBuilder([1, 6, 5, 18], seed).convolution(17, [1, 1]).mean(0).build(),
  "padding before a convolution": (seed) => new NetworkBuilder([1, 6, 6, 2], seed).pad(1, 2, 0, 1).convolution(3, [3, 3], { padding: 1 }).build(),
  "a residual sum": (seed) => new NetworkBuilder([1, 6, 6, 4], seed).convolution(4, [3, 3], { activation: 1 }).residual(1).residual().build(),
  "functions of one value": (seed) => new NetworkBuilder([1, 20], seed).dense(20).unary("LOGISTIC").dense(12).unary("TANH").dense(9).unary("RELU6").unary("QUANTIZE").unary("RELU").build(),
  "a change of scale": (seed) => new NetworkBuilder([1, 20], seed).unary("QUANTIZE").build(),
  "a keyword network": (seed) => new NetworkBuilder([1, 98], seed).reshape([1, 14, 7, 1]).convolution(8, [4, 3], { stride: 2, activation: 1 }).depthwise(1, [3, 3], { activation: 1 }).convolution(8, [1, 1], { activation: 1 }).pool("AVERAGE_POOL_2D", 4, 4, 1).reshape([1, 8]).dense(4).softmax().build(),
  "real numbers in and out": (seed) => new NetworkBuilder([1, 30], seed).dense(10, 1).dense(4).real(),
}; // prettier-ignore
