/**
 * The exact reference: every operator as TensorFlow Lite defines it on 8-bit integers, written for clarity, not speed. It
 * shares no code with the converter, whose folded form the device runs.
 */
import { activationRange, factorOf, type Rounding, scale, toInt8 } from "./arithmetic.ts";
import { type Graph, imageShape, type Operator, samePadding, sizeOf, type Tensor, valuesOf } from "./graph.ts";
import { lookUps, lookUpTable } from "./look-up.ts";
import { exponentials, fixedExponentials, softmaxFixed, softmaxFloat } from "./softmax.ts";

type Values = ArrayLike<number>;
/** The output's values from those of the operator's inputs. */
type Kernel = (inputs: readonly Values[]) => number[];

/** Runs the network on int8 values (float32 where its input is float32). Throws for operators that it does not know. */
export function reference(graph: Graph, rounding: Rounding): (input: Values) => number[] {
  const constants = graph.tensors.map((tensor) => (tensor.data ? Array.from(valuesOf(tensor)) : undefined));
  const steps = graph.operators.map((operator) => ({ operator, run: kernel(graph, operator, rounding) }));
  return (input) => {
    const values: (Values | undefined)[] = [...constants];
    values[graph.inputs[0]!] = input;
    for (const { operator, run } of steps)
      values[operator.outputs[0]!] = run(operator.inputs.map((index) => values[index] ?? []));
    return Array.from(values[graph.outputs[0]!]!);
  };
}

function kernel(graph: Graph, operator: Operator, rounding: Rounding): Kernel {
  const inputs = operator.inputs.map((index) => graph.tensors[index]!);
  const output = graph.tensors[operator.outputs[0]!]!;
  if (lookUps.includes(operator.kind) && inputs[0]!.type === "int8") {
    const table = lookUpTable(operator, inputs[0]!, output, rounding);
    return ([x]) => Array.from(x!, (value) => table[value + 128]!);
  }
  const make = kernels[operator.kind];
  if (!make) throw new Error(`no reference for ${operator.kind}`);
  return make(operator, inputs, output, rounding);
}

const kernels: Readonly<
  Record<string, (operator: Operator, inputs: readonly Tensor[], output: Tensor, rounding: Rounding) => Kernel>
> = {
  FULLY_CONNECTED: fullyConnected,
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: convolution,
  AVERAGE_POOL_2D: pool,
  MAX_POOL_2D: pool,
  MEAN: mean,
  ADD: add,
  PAD: pad,
  SOFTMAX: softmax,
  RESHAPE: () => ([x]) => Array.from(x!),
  SQUEEZE: () => ([x]) => Array.from(x!),
  EXPAND_DIMS: () => ([x]) => Array.from(x!),
  QUANTIZE: quantize,
  DEQUANTIZE: (_operator, [input]) => ([x]) => Array.from(x!, (value) => Math.fround((value - input!.zeroPoints[0]!) * Math.fround(input!.scales[0]!))),
}; // prettier-ignore

/** From a sum to the output's value, for each channel. */
function requantize(
  operator: Operator,
  input: Tensor,
  weights: Tensor,
  output: Tensor,
  rounding: Rounding,
): (sum: number, channel: number) => number {
  const factors = weights.scales.map((weight) => factorOf(input.scales[0]!, weight, output.scales[0]!));
  const [low, high] = activationRange(operator.options["activation"]!, output.scales[0]!, output.zeroPoints[0]!);
  return (sum, channel) => {
    const value = scale(sum, factors[factors.length === 1 ? 0 : channel]!, rounding) + output.zeroPoints[0]!;
    return Math.max(low, Math.min(high, value));
  };
}

function fullyConnected(operator: Operator, tensors: readonly Tensor[], output: Tensor, rounding: Rounding): Kernel {
  const [input, weights] = [tensors[0]!, tensors[1]!];
  const [rows, columns] = weights.shape as [number, number];
  const finish = requantize(operator, input, weights, output, rounding);
  const zero = input.zeroPoints[0]!;
  return ([x, w, bias]) => {
    const result: number[] = [];
    for (let start = 0; start < x!.length; start += columns) {
      for (let row = 0; row < rows; row++) {
        let sum = bias?.[row] ?? 0;
        for (let i = 0; i < columns; i++) sum += (x![start + i]! - zero) * w![row * columns + i]!;
        result.push(finish(sum, row));
      }
    }
    return result;
  };
}

/** CONV_2D, and DEPTHWISE_CONV_2D: there each output channel sees one input channel. */
function convolution(operator: Operator, tensors: readonly Tensor[], output: Tensor, rounding: Rounding): Kernel {
  const [input, weights] = [tensors[0]!, tensors[1]!];
  const { padding, strideW, strideH, dilationW, dilationH, multiplier } = operator.options as Record<string, number>;
  const isDepthwise = operator.kind === "DEPTHWISE_CONV_2D";
  const [height, width, depth] = imageShape(input.shape);
  const [outHeight, outWidth, channels] = imageShape(output.shape);
  const [kernelH, kernelW] = weights.shape.slice(1, 3) as [number, number];
  const [top] = samePadding(padding!, height, outHeight, kernelH, strideH!, dilationH!);
  const [left] = samePadding(padding!, width, outWidth, kernelW, strideW!, dilationW!);
  const finish = requantize(operator, input, weights, output, rounding);
  const zero = input.zeroPoints[0]!;
  return ([x, w, bias]) => {
    const result: number[] = [];
    for (let y = 0; y < outHeight; y++)
      for (let column = 0; column < outWidth; column++)
        for (let channel = 0; channel < channels; channel++) {
          let sum = bias?.[channel] ?? 0;
          for (let ky = 0; ky < kernelH; ky++)
            for (let kx = 0; kx < kernelW; kx++) {
              const row = y * strideH! - top + ky * dilationH!;
              const at = column * strideW! - left + kx * dilationW!;
              if (row < 0 || row >= height || at < 0 || at >= width) continue;
              const pixel = (row * width + at) * depth;
              const tap = ky * kernelW + kx;
              if (isDepthwise) {
                const from = Math.floor(channel / multiplier!);
                sum += (x![pixel + from]! - zero) * w![tap * channels + channel]!;
              } else {
                const from = (channel * kernelH * kernelW + tap) * depth;
                for (let i = 0; i < depth; i++) sum += (x![pixel + i]! - zero) * w![from + i]!;
              }
            }
          result.push(finish(sum, channel));
        }
    return result;
  };
}

function pool(operator: Operator, [input]: readonly Tensor[], output: Tensor): Kernel {
  const { padding, strideW, strideH, kernelW, kernelH, activation } = operator.options as Record<string, number>;
  const [height, width, channels] = imageShape(input!.shape);
  const [outHeight, outWidth] = imageShape(output.shape);
  const [top] = samePadding(padding!, height, outHeight, kernelH!, strideH!, 1);
  const [left] = samePadding(padding!, width, outWidth, kernelW!, strideW!, 1);
  const [low, high] = activationRange(activation!, output.scales[0]!, output.zeroPoints[0]!);
  const isMaximum = operator.kind === "MAX_POOL_2D";
  return ([x]) => {
    const result: number[] = [];
    for (let y = 0; y < outHeight; y++)
      for (let column = 0; column < outWidth; column++)
        for (let channel = 0; channel < channels; channel++) {
          const seen: number[] = [];
          for (let ky = 0; ky < kernelH!; ky++)
            for (let kx = 0; kx < kernelW!; kx++) {
              const row = y * strideH! - top + ky;
              const at = column * strideW! - left + kx;
              if (row >= 0 && row < height && at >= 0 && at < width)
                seen.push(x![(row * width + at) * channels + channel]!);
            }
          const value = isMaximum ? Math.max(...seen) : roundedMean(seen);
          result.push(Math.max(low, Math.min(high, value)));
        }
    return result;
  };
}

/** Half away from zero. */
function roundedMean(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return Math.sign(sum) * Math.floor((Math.abs(sum) + (values.length >> 1)) / values.length);
}

/** Over height and width. */
function mean(_operator: Operator, [input]: readonly Tensor[], output: Tensor, rounding: Rounding): Kernel {
  const [height, width, channels] = imageShape(input!.shape);
  const pixels = height * width;
  const factor = factorOf(input!.scales[0]!, 1 / pixels, output.scales[0]!);
  return ([x]) =>
    Array.from({ length: channels }, (_, channel) => {
      let sum = -pixels * input!.zeroPoints[0]!;
      for (let i = channel; i < x!.length; i += channels) sum += x![i]!;
      return toInt8(scale(sum, factor, rounding) + output.zeroPoints[0]!);
    });
}

/** Of equal shapes. */
function add(operator: Operator, inputs: readonly Tensor[], output: Tensor, rounding: Rounding): Kernel {
  const [low, high] = activationRange(operator.options["activation"]!, output.scales[0]!, output.zeroPoints[0]!);
  const sum = rounding === "double" ? addTwice(inputs, output) : addOnce(inputs, output);
  return ([a, b]) => Array.from(a!, (value, index) => Math.max(low, Math.min(high, sum(value, b![index]!))));
}

/** XNNPACK's: both factors as whole numbers of 21 bits, one shift. */
function addOnce([one, other]: readonly Tensor[], output: Tensor): (a: number, b: number) => number {
  const { fround } = Math;
  const [first, second] = [one!, other!].map(({ scales }) => fround(fround(scales[0]!) / fround(output.scales[0]!)));
  const shift = 20 - Math.floor(Math.log2(Math.max(first!, second!)));
  const [p, q] = [Math.round(first! * 2 ** shift), Math.round(second! * 2 ** shift)];
  const [zeroA, zeroB] = [one!.zeroPoints[0]!, other!.zeroPoints[0]!];
  return (a, b) =>
    Math.floor(((a - zeroA) * p + (b - zeroB) * q + 2 ** (shift - 1)) / 2 ** shift) + output.zeroPoints[0]!;
}

/** TensorFlow Lite's: both brought to twice the larger scale with 20 more bits, then the sum to the output's. */
function addTwice([one, other]: readonly Tensor[], output: Tensor): (a: number, b: number) => number {
  const twice = 2 * Math.max(one!.scales[0]!, other!.scales[0]!);
  const [first, second] = [one!, other!].map(({ scales }) => factorOf(scales[0]!, 1, twice));
  const last = factorOf(twice, 2 ** -20, output.scales[0]!);
  const [zeroA, zeroB] = [one!.zeroPoints[0]!, other!.zeroPoints[0]!];
  return (a, b) => {
    const sum = scale((a - zeroA) * 2 ** 20, first!, "double") + scale((b - zeroB) * 2 ** 20, second!, "double");
    return scale(sum, last, "double") + output.zeroPoints[0]!;
  };
}

function pad(_operator: Operator, [input]: readonly Tensor[], output: Tensor): Kernel {
  const [height, width, channels] = imageShape(input!.shape);
  const zero = output.zeroPoints[0]!;
  return ([x, amounts]) => {
    const [, , top, , left] = Array.from(amounts!);
    const [outHeight, outWidth] = imageShape(output.shape);
    const result = new Array<number>(sizeOf(output.shape)).fill(zero);
    for (let y = 0; y < height; y++)
      for (let column = 0; column < width; column++)
        for (let channel = 0; channel < channels; channel++)
          result[((y + top!) * outWidth + column + left!) * channels + channel] =
            x![(y * width + column) * channels + channel]!;
    return outHeight ? result : [];
  };
}

function softmax(operator: Operator, [input]: readonly Tensor[], _output: Tensor, rounding: Rounding): Kernel {
  const beta = operator.options["beta"]!;
  const scaleOf = input!.scales[0]!;
  const length = input!.shape.at(-1)!;
  const row =
    rounding === "double"
      ? (values: number[]) => softmaxFixed(values, fixedExponentials(scaleOf, beta))
      : (values: number[]) => softmaxFloat(values, exponentials(scaleOf, beta));
  return ([x]) => {
    const result: number[] = [];
    for (let start = 0; start < x!.length; start += length)
      result.push(...row(Array.from(x!).slice(start, start + length)));
    return result;
  };
}

/** Of float32 input. */
function quantize(_operator: Operator, _inputs: readonly Tensor[], output: Tensor): Kernel {
  const { fround } = Math;
  const [step, zero] = [fround(output.scales[0]!), output.zeroPoints[0]!];
  return ([x]) =>
    Array.from(x!, (value) => {
      const steps = fround(fround(value) / step);
      return toInt8(Math.sign(steps) * Math.floor(Math.abs(steps) + 0.5) + zero);
    });
}
