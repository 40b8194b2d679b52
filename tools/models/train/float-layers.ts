/** Layers in real numbers, as plain loops: what quantisation is calibrated with, and what its loss is measured against. */
import { imageShape, samePadding } from "../graph.ts";
import type { Float } from "./quantise.ts";

export function runLayer(layer: Float, input: Float32Array): Float32Array {
  const { kind, weights, bias, activation } = layer;
  if (kind === "RESHAPE") return input;
  if (kind === "SOFTMAX") return softmax(input);
  const limit = activation === 3 ? 6 : Infinity;
  const finish = (value: number): number => (activation === 0 ? value : Math.min(Math.max(value, 0), limit));
  if (kind === "FULLY_CONNECTED")
    return Float32Array.from(bias, (start, row) => {
      let sum = start;
      for (let i = 0; i < input.length; i++) sum += weights[row * input.length + i]! * input[i]!;
      return finish(sum);
    });
  return slide(layer, input, finish);
}

function softmax(input: Float32Array): Float32Array {
  const largest = Math.max(...input);
  const powers = input.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Convolutions and pools: a window moves over the image. */
function slide(layer: Float, input: Float32Array, finish: (value: number) => number): Float32Array {
  const { kind, weightShape, weights, bias, options } = layer;
  const [height, width, depth] = imageShape(layer.inputShape);
  const [outHeight, outWidth, channels] = imageShape(layer.outputShape);
  const pools = kind.endsWith("POOL_2D");
  const kernelH = pools ? options["kernelH"]! : weightShape[1]!;
  const kernelW = pools ? options["kernelW"]! : weightShape[2]!;
  const [dilationH, dilationW] = pools ? [1, 1] : [options["dilationH"]!, options["dilationW"]!];
  const [top] = samePadding(options["padding"]!, height, outHeight, kernelH, options["strideH"]!, dilationH);
  const [left] = samePadding(options["padding"]!, width, outWidth, kernelW, options["strideW"]!, dilationW);
  const result = new Float32Array(outHeight * outWidth * channels);
  const multiplier = options["multiplier"] ?? 1;
  for (let at = 0; at < result.length; at++) {
    const channel = at % channels;
    const x = Math.floor(at / channels) % outWidth;
    const y = Math.floor(at / channels / outWidth);
    let [sum, most, count] = [pools ? 0 : bias[channel]!, -Infinity, 0];
    for (let i = 0; i < kernelH; i++)
      for (let j = 0; j < kernelW; j++) {
        const row = y * options["strideH"]! - top + i * dilationH;
        const column = x * options["strideW"]! - left + j * dilationW;
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        const pixel = (row * width + column) * depth;
        if (kind === "CONV_2D")
          for (let d = 0; d < depth; d++)
            sum += input[pixel + d]! * weights[((channel * kernelH + i) * kernelW + j) * depth + d]!;
        else if (kind === "DEPTHWISE_CONV_2D")
          sum += input[pixel + Math.floor(channel / multiplier)]! * weights[(i * kernelW + j) * channels + channel]!;
        else {
          const value = input[pixel + channel]!;
          sum += value;
          most = Math.max(most, value);
          count++;
        }
      }
    result[at] = kind === "MAX_POOL_2D" ? most : finish(kind === "AVERAGE_POOL_2D" ? sum / count : sum);
  }
  return result;
}
