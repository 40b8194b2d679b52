/** One builder for each operator of TensorFlow Lite that the device can run: its steps, with bias and padding folded in. */
import { activationRange, factorOf } from "./arithmetic.ts";
import { fold } from "./fold.ts";
import { imageShape, type Operator, sizeOf, type Tensor, valuesOf } from "./graph.ts";
import { lookUpTable } from "./look-up.ts";
import { type Draft, Refusal } from "./draft.ts";
import { exponentials, fixedExponentials } from "./softmax.ts";
import { type Kind, sections } from "./steps.ts";
import { paddedInput, type Window, windowOf } from "./windows.ts";

type Builder = (operator: Operator, draft: Draft) => void;

export const builders: Readonly<Record<string, Builder>> = {
  FULLY_CONNECTED: dense,
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: depthwise,
  AVERAGE_POOL_2D: pool,
  MAX_POOL_2D: pool,
  MEAN: mean,
  ADD: add,
  PAD: padOperator,
  SOFTMAX: softmax,
  RESHAPE: alias,
  SQUEEZE: alias,
  EXPAND_DIMS: alias,
  LOGISTIC: lookUp,
  TANH: lookUp,
  RELU: lookUp,
  RELU6: lookUp,
  RELU_N1_TO_1: lookUp,
  QUANTIZE: lookUp,
};

const inputOf = (operator: Operator, draft: Draft, place = 0): number => {
  const buffer = draft.bufferOf(operator.inputs[place]!);
  if (buffer === undefined) throw new Refusal("one of its inputs is a constant");
  return buffer;
};

/** The operator's result in a new buffer. */
function result(operator: Operator, draft: Draft): { tensor: Tensor; buffer: number; size: number } {
  const tensor = draft.tensor(operator.outputs[0]!);
  const size = sizeOf(tensor.shape);
  const buffer = draft.newBuffer(size);
  draft.hold(operator.outputs[0]!, buffer);
  return { tensor, buffer, size };
}

function constants(operator: Operator, draft: Draft): { weights: Tensor; values: Int8Array; bias: Int32Array } {
  const weights = draft.tensor(operator.inputs[1]!);
  if (!weights.data) throw new Refusal("its weights are computed, not constant");
  if (weights.type !== "int8") throw new Refusal(`its weights are ${weights.type}, not int8`);
  if (weights.zeroPoints.some((zero) => zero !== 0)) throw new Refusal("its weights have a zero point");
  const biasIndex = operator.inputs[2] ?? -1;
  const bias = biasIndex < 0 ? new Int32Array(0) : (valuesOf(draft.tensor(biasIndex)) as Int32Array);
  return { weights, values: valuesOf(weights) as Int8Array, bias };
}

/** Factor and offset of every channel, proved; `rows` are the channels' weights as the device has them. */
function factors(operator: Operator, draft: Draft, rows: readonly ArrayLike<number>[]): Float64Array {
  const [input, output] = [draft.tensor(operator.inputs[0]!), draft.tensor(operator.outputs[0]!)];
  const { weights, bias } = constants(operator, draft);
  const numbers = rows.flatMap((row, channel) => {
    const factor = factorOf(
      input.scales[0]!,
      weights.scales[weights.scales.length === 1 ? 0 : channel]!,
      output.scales[0]!,
    );
    const [inputZero, outputZero] = [input.zeroPoints[0]!, output.zeroPoints[0]!];
    try {
      return fold({ weights: row, bias: bias[channel] ?? 0, inputZero, outputZero, factor }, draft.rounding).numbers;
    } catch (error) {
      throw error instanceof RangeError ? new Refusal(`channel ${channel}: ${error.message}`) : error;
    }
  });
  return Float64Array.from(numbers);
}

/** With two roundings, the operators that round twice; the record then also has the zero point. */
const roundedKind = (kind: "dense" | "convolution" | "depthwise", { rounding }: Draft): Kind =>
  rounding === "double" ? `${kind}Twice` : kind;

/** What a fused activation cuts off, where the range of 8 bits does not do it already. */
function activate(operator: Operator, draft: Draft, buffer: number, { scales, zeroPoints, shape }: Tensor): void {
  const [low, high] = activationRange(operator.options["activation"] ?? 0, scales[0]!, zeroPoints[0]!);
  if ((operator.options["activation"] ?? 0) > 3)
    throw new Refusal("its fused activation is not RELU, RELU6 or RELU_N1_TO_1");
  if (low === -128 && high === 127) return;
  const data = Uint8Array.from({ length: 256 }, (_, byte) => Math.max(low + 128, Math.min(high + 128, byte)));
  const size = sizeOf(shape);
  draft.add({ kind: "lookUp", origin: operator.kind, input: buffer, output: buffer, numbers: { 5: size }, data, products: 0, outputs: 0 }); // prettier-ignore
}

function rowsOf(values: Int8Array, rows: number): Int8Array[] {
  const columns = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}

function dense(operator: Operator, draft: Draft): void {
  if (operator.options["weightsFormat"]) throw new Refusal("its weights are shuffled");
  const { weights, values } = constants(operator, draft);
  const [rows, columns] = weights.shape as [number, number];
  const input = inputOf(operator, draft);
  const count = sizeOf(draft.tensor(operator.inputs[0]!).shape) / columns;
  const table = factors(operator, draft, rowsOf(values, rows));
  const { tensor, buffer, size } = result(operator, draft);
  const common = { origin: operator.kind, input, output: buffer, data: sections(table, values), products: size * columns, outputs: size }; // prettier-ignore
  const last = { 15: tensor.zeroPoints[0]! + 128 };
  if (count === 1)
    draft.add({ kind: roundedKind("dense", draft), numbers: { 5: rows, 6: columns, ...last }, ...common });
  else
    draft.add({
      kind: roundedKind("convolution", draft),
      numbers: { 5: rows, 6: columns, 8: count, 9: 1, 10: columns, 11: 0, 12: 1, ...last },
      ...common,
    });
  activate(operator, draft, buffer, tensor);
}

function windowNumbers({ width, height, strideX, strideY }: Window): Record<number, number> {
  return { 8: width, 9: height, 10: strideX, 11: strideY };
}

function convolution(operator: Operator, draft: Draft): void {
  const { weights, values } = constants(operator, draft);
  const [channels, kernelH, kernelW, depth] = weights.shape as [number, number, number, number];
  const inputDepth = imageShape(draft.tensor(operator.inputs[0]!).shape)[2];
  if (depth !== inputDepth) throw new Refusal(`its ${inputDepth} input channels are in groups of ${depth}`);
  const window = windowOf(operator, draft, kernelH, kernelW);
  const input = paddedInput(operator, draft, window, draft.tensor(operator.inputs[0]!).zeroPoints[0]! + 128);
  addConvolution(operator, draft, window, input, channels, window.taps(depth), values);
}

function addConvolution(
  operator: Operator,
  draft: Draft,
  window: Window,
  input: number,
  channels: number,
  taps: readonly number[],
  values: Int8Array,
): void {
  const table = factors(operator, draft, rowsOf(values, channels));
  const together = taps.every((place, index) => place === index) ? 1 : 0;
  const { tensor, buffer, size } = result(operator, draft);
  draft.add({
    kind: roundedKind("convolution", draft),
    origin: operator.kind,
    input,
    output: buffer,
    numbers: { 5: channels, 6: taps.length, ...windowNumbers(window), 12: together, 15: tensor.zeroPoints[0]! + 128 },
    data: together ? sections(table, values) : sections(table, places(taps), values),
    products: size * taps.length,
    outputs: size,
  });
  activate(operator, draft, buffer, tensor);
}

/** Of a convolution the device holds 16 rows of weights at once, of a pool all places: each in one piece of flash. */
function places(taps: readonly number[], rows = 16): Uint16Array {
  if (taps.length > Math.floor(65_535 / rows)) throw new Refusal(`its windows have ${taps.length} values, too many`);
  if (Math.max(...taps) > 65535) throw new Refusal("its kernel reaches over more than 64 KB of its input");
  return Uint16Array.from(taps);
}

function depthwise(operator: Operator, draft: Draft): void {
  const { weights, values } = constants(operator, draft);
  const [, kernelH, kernelW, channels] = weights.shape as [number, number, number, number];
  const input = draft.tensor(operator.inputs[0]!);
  const depth = imageShape(input.shape)[2];
  const window = windowOf(operator, draft, kernelH, kernelW);
  const area = kernelH * kernelW;
  const byChannel = Int8Array.from(values, (_, at) => values[(at % area) * channels + Math.floor(at / area)]!);
  const buffer = paddedInput(operator, draft, window, input.zeroPoints[0]! + 128);
  // channels of one input channel all see the same patch
  if (depth === 1) return addConvolution(operator, draft, window, buffer, channels, window.taps(1), byChannel);
  const repeat = channels / depth;
  const taps = window.channelTaps(depth).flatMap((list) => Array.from({ length: repeat }, () => list).flat());
  addDepthwise(operator, draft, window, buffer, factors(operator, draft, rowsOf(byChannel, channels)), taps, byChannel);
}

function addDepthwise(
  operator: Operator,
  draft: Draft,
  window: Window,
  input: number,
  table: Float64Array,
  taps: readonly number[],
  weights: Int8Array,
): void {
  const { tensor, buffer, size } = result(operator, draft);
  const channels = imageShape(tensor.shape)[2];
  const area = taps.length / channels;
  draft.add({
    kind: roundedKind("depthwise", draft),
    origin: operator.kind,
    input,
    output: buffer,
    numbers: {
      5: channels,
      6: area,
      7: weights.length === area ? 0 : area,
      ...windowNumbers(window),
      15: tensor.zeroPoints[0]! + 128,
    },
    data: sections(table, places(taps, (32 * area) / taps.length), weights),
    products: size * area,
    outputs: size,
  });
  activate(operator, draft, buffer, tensor);
}

/** A depthwise convolution with one window as large as the image, and weights of 1. */
function mean(operator: Operator, draft: Draft): void {
  const axes = valuesOf(draft.tensor(operator.inputs[1]!));
  const input = draft.tensor(operator.inputs[0]!);
  const rank = input.shape.length;
  const wanted = Array.from(axes, (axis) => (axis + rank) % rank).sort();
  if (rank !== 4 || String(wanted) !== "1,2") throw new Refusal("it is not the mean over height and width");
  const [height, width, depth] = imageShape(input.shape);
  const output = draft.tensor(operator.outputs[0]!);
  const weights = new Int8Array(height * width).fill(1);
  const factor = factorOf(input.scales[0]!, 1 / (height * width), output.scales[0]!);
  const [inputZero, outputZero] = [input.zeroPoints[0]!, output.zeroPoints[0]!];
  const { numbers } = fold({ weights, bias: 0, inputZero, outputZero, factor }, draft.rounding);
  const table = Float64Array.from(Array.from({ length: depth }, () => numbers).flat());
  const window = windowOf({ ...operator, options: wholeImage }, draft, height, width);
  addDepthwise(operator, draft, window, inputOf(operator, draft), table, window.channelTaps(depth).flat(), weights);
}

const wholeImage = { padding: 1, strideW: 1, strideH: 1, dilationW: 1, dilationH: 1 };

function pool(operator: Operator, draft: Draft): void {
  const { kernelH, kernelW } = operator.options as Record<string, number>;
  const window = windowOf(operator, draft, kernelH!, kernelW!);
  const input = paddedInput(operator, draft, window, 0);
  const { tensor, buffer } = result(operator, draft);
  const [, , depth] = imageShape(tensor.shape);
  const taps = places(window.channelTaps(depth).flat(), 2);
  const isMaximum = operator.kind === "MAX_POOL_2D";
  draft.add({
    kind: isMaximum ? "maxPool" : "averagePool",
    origin: operator.kind,
    input,
    output: buffer,
    numbers: { 5: depth, 6: kernelH! * kernelW!, ...windowNumbers(window) },
    data: isMaximum ? sections(taps) : sections(taps, Uint16Array.from(window.counts())),
    products: 0,
    outputs: sizeOf(tensor.shape),
  });
  activate(operator, draft, buffer, tensor);
}

/** As XNNPACK computes it: the two factors are whole numbers over the same power of two, so that one sum is exact. */
function add(operator: Operator, draft: Draft): void {
  if (draft.rounding === "double") throw new Refusal("with two roundings: convert with --rounding single");
  const [one, other] = operator.inputs.map((index) => draft.tensor(index)) as [Tensor, Tensor];
  if (sizeOf(one.shape) !== sizeOf(other.shape)) throw new Refusal("its inputs have different shapes");
  const [input, second] = [inputOf(operator, draft), inputOf(operator, draft, 1)];
  const { tensor, buffer, size } = result(operator, draft);
  const { fround } = Math;
  const ratios = [one, other].map(({ scales }) => fround(fround(scales[0]!) / fround(tensor.scales[0]!)));
  const unit = 2 ** (20 - Math.floor(Math.log2(Math.max(...ratios))));
  const [p, q] = ratios.map((ratio) => Math.round(ratio * unit) / unit) as [number, number];
  const offset = 0.5 + tensor.zeroPoints[0]! + 128 - p * (one.zeroPoints[0]! + 128) - q * (other.zeroPoints[0]! + 128);
  const data = sections(Float64Array.of(p, q, offset));
  draft.add({ kind: "add", origin: "ADD", input, second, output: buffer, numbers: { 5: size }, data, products: 0, outputs: size }); // prettier-ignore
  activate(operator, draft, buffer, tensor);
}

function padOperator(operator: Operator, draft: Draft): void {
  const amounts = Array.from(valuesOf(draft.tensor(operator.inputs[1]!)));
  const input = draft.tensor(operator.inputs[0]!);
  if (input.shape.length !== 4 || amounts[0] || amounts[1] || amounts[6] || amounts[7])
    throw new Refusal("it pads something else than height and width");
  const [height, width, depth] = imageShape(input.shape);
  const [, , top, , left] = amounts as [number, number, number, number, number];
  const from = inputOf(operator, draft);
  const { tensor, buffer, size } = result(operator, draft);
  const rowBytes = imageShape(tensor.shape)[1] * depth;
  draft.add({
    kind: "pad",
    origin: "PAD",
    input: from,
    output: buffer,
    numbers: { 5: height, 6: width * depth, 7: rowBytes, 8: top * rowBytes + left * depth, 9: size, 10: tensor.zeroPoints[0]! + 128 }, // prettier-ignore
    data: new Uint8Array(0),
    products: 0,
    outputs: 0,
  });
}

function lookUp(operator: Operator, draft: Draft): void {
  const [input, output] = [draft.tensor(operator.inputs[0]!), draft.tensor(operator.outputs[0]!)];
  const from = inputOf(operator, draft);
  const table = lookUpTable(operator, input, output, draft.rounding);
  const data = Uint8Array.from({ length: 256 }, (_, byte) => table[byte]! + 128);
  const { buffer, size } = result(operator, draft);
  draft.add({ kind: "lookUp", origin: operator.kind, input: from, output: buffer, numbers: { 5: size }, data, products: 0, outputs: 0 }); // prettier-ignore
}

function softmax(operator: Operator, draft: Draft): void {
  const input = draft.tensor(operator.inputs[0]!);
  const output = draft.tensor(operator.outputs[0]!);
  if (input.shape.at(-1) !== sizeOf(input.shape)) throw new Refusal("it has more than one row");
  if (output.zeroPoints[0] !== -128 || Math.abs(output.scales[0]! - 1 / 256) > 1e-9)
    throw new Refusal("its output is not scaled by 1/256 from −128");
  const isDouble = draft.rounding === "double";
  const from = inputOf(operator, draft);
  const make = isDouble ? fixedExponentials : exponentials;
  const data = sections(make(input.scales[0]!, operator.options["beta"]!));
  const { buffer, size } = result(operator, draft);
  draft.add({ kind: isDouble ? "softmaxTwice" : "softmax", origin: "SOFTMAX", input: from, output: buffer, numbers: { 5: size }, data, products: 0, outputs: size }); // prettier-ignore
}

/** The same bytes in another shape. */
function alias(operator: Operator, draft: Draft): void {
  draft.hold(operator.outputs[0]!, inputOf(operator, draft));
}
