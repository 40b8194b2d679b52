/**
 * How a quantised operator brings its 32-bit sum to 8 bits. TensorFlow Lite multiplies by a real factor that it keeps as a
 * 31-bit integer and a shift. Three roundings are in use, and they differ in rare last bits:
 * - `single`: once, half up (TensorFlow Lite with TFLITE_SINGLE_ROUNDING);
 * - `double`: the product, then the shift (TensorFlow Lite Micro's default);
 * - `float`: the product in single precision, then half to even (XNNPACK, which runs in the browser's TensorFlow Lite).
 */
export const roundings = ["single", "double", "float"] as const;
export type Rounding = (typeof roundings)[number];

/** factor ≈ multiplier × 2^(shift − 31); the multiplier has 31 bits. */
export interface Factor {
  readonly multiplier: number;
  readonly shift: number;
  /** In single precision, for `float`. */
  readonly single: number;
}

const { fround } = Math;

/** Throws a RangeError for a factor that no operator of a sound model has. */
export function factorOf(inputScale: number, weightScale: number, outputScale: number): Factor {
  const real = (inputScale * weightScale) / outputScale;
  if (!(real > 0 && real < 2 ** 30)) throw new RangeError(`the scales give the factor ${real}`);
  let shift = Math.floor(Math.log2(real)) + 1;
  // the logarithm of a power of two may be off by its last bit
  while (real / 2 ** shift >= 1) shift++;
  while (real / 2 ** shift < 0.5) shift--;
  // exact in a double: half up, as C's round() does with positive numbers
  let multiplier = Math.floor((real / 2 ** shift) * 2 ** 31 + 0.5);
  if (multiplier === 2 ** 31) {
    multiplier /= 2;
    shift++;
  }
  const single = fround(fround(inputScale * weightScale) / outputScale);
  return shift < -31 ? { multiplier: 0, shift: 0, single } : { multiplier, shift, single };
}

/** The sum times the factor, rounded to a whole number. Exact for any 32-bit sum. */
export function scale(sum: number, factor: Factor, rounding: Rounding): number {
  if (rounding === "float") return roundHalfEven(fround(fround(sum) * factor.single));
  const { multiplier, shift } = factor;
  if (rounding === "single") {
    const total = BigInt(31 - shift);
    return Number((BigInt(sum) * BigInt(multiplier) + (1n << (total - 1n))) >> total);
  }
  const high = doublingHighMultiply(BigInt(sum) << BigInt(Math.max(shift, 0)), BigInt(multiplier));
  return Number(dividePowerOfTwo(high, Math.max(-shift, 0)));
}

/** The high half of 2ab, rounded half up: gemmlowp's SaturatingRoundingDoublingHighMul without its only saturating case. */
export function doublingHighMultiply(a: bigint, b: bigint): bigint {
  return (a * b + (1n << 30n)) >> 31n;
}

/** Rounded half away from zero: gemmlowp's RoundingDivideByPOT. */
export function dividePowerOfTwo(value: bigint, exponent: number): bigint {
  if (exponent === 0) return value;
  const half = 1n << BigInt(exponent - 1);
  const magnitude = ((value < 0n ? -value : value) + half) >> BigInt(exponent);
  return value < 0n ? -magnitude : magnitude;
}

export function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** Half away from zero, as C's round(). */
export const roundHalfAway = (value: number): number => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);

export const toInt8 = (value: number): number => Math.max(-128, Math.min(127, value));

/** The range that a fused activation leaves, in the output's own values. */
export function activationRange(activation: number, scale: number, zeroPoint: number): readonly [number, number] {
  const value = (real: number): number => toInt8(zeroPoint + roundHalfAway(real / scale));
  if (activation === 1) return [value(0), 127];
  if (activation === 2) return [value(-1), value(1)];
  if (activation === 3) return [value(0), value(6)];
  return [-128, 127];
}
