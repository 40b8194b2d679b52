/** Operators of one 8-bit value are tables of 256 values, whatever their formula. */
import { type Rounding, factorOf, roundHalfAway, roundHalfEven, scale as rescale, toInt8 } from "./arithmetic.ts";
import type { Operator, Tensor } from "./graph.ts";

const { fround } = Math;

const functions: Readonly<Record<string, (x: number) => number>> = {
  LOGISTIC: (x) => 1 / (1 + Math.exp(-x)),
  TANH: Math.tanh,
};

/** Operators that this file knows. */
export const lookUps: readonly string[] = ["LOGISTIC", "TANH", "RELU", "RELU6", "RELU_N1_TO_1", "QUANTIZE"];

/** The output for each input −128..127, in that order. */
export function lookUpTable(operator: Operator, input: Tensor, output: Tensor, rounding: Rounding): Int8Array {
  const [inputScale, inputZero] = [input.scales[0]!, input.zeroPoints[0]!];
  const [outputScale, outputZero] = [output.scales[0]!, output.zeroPoints[0]!];
  const apply = functions[operator.kind];
  const factor = factorOf(inputScale, 1, outputScale);
  const real = (value: number): number => toInt8(outputZero + roundHalfAway(value / outputScale));
  const [low, high] = { RELU: [real(0), 127], RELU6: [real(0), real(6)], RELU_N1_TO_1: [real(-1), real(1)] }[
    operator.kind
  ] ?? [-128, 127];
  // XNNPACK changes scales with a factor of 8 fractional bits, where it is not too far from 1
  const ratio = fround(fround(inputScale) / fround(outputScale));
  const isCoarse = operator.kind === "QUANTIZE" && rounding !== "double" && ratio >= 2 ** -8 && ratio <= 2 ** 7;
  const coarse = roundHalfEven(fround(256 * ratio));
  return Int8Array.from({ length: 256 }, (_, index) => {
    const value = index - 128 - inputZero;
    if (isCoarse) return toInt8(((value * coarse + 128) >> 8) + outputZero);
    if (apply) {
      const y = fround(apply(fround(fround(inputScale) * value)));
      return toInt8(roundHalfEven(fround(y / fround(outputScale))) + outputZero);
    }
    // the separate activations are not XNNPACK's: TensorFlow Lite rounds them twice
    const twice = operator.kind === "QUANTIZE" ? rounding : "double";
    return Math.max(low!, Math.min(high!, rescale(value, factor, twice) + outputZero));
  });
}
