/**
 * SOFTMAX on 8 bits in its two forms: TensorFlow Lite's (a table of exponentials in single precision) and TensorFlow Lite
 * Micro's (gemmlowp's fixed point). Output: scale 1/256, zero point −128.
 */
import { dividePowerOfTwo, doublingHighMultiply, toInt8 } from "./arithmetic.ts";

const { fround } = Math;
const ONE = (1n << 31n) - 1n;

/** exp(−scale × β × difference) for differences 0..255 to the largest input, in single precision. */
export function exponentials(scale: number, beta: number): Float32Array {
  const step = fround(-fround(scale) * fround(beta));
  return Float32Array.from({ length: 256 }, (_, difference) => Math.exp(fround(step * difference)));
}

export function softmaxFloat(input: readonly number[], table: Float32Array): number[] {
  const largest = Math.max(...input);
  let sum = 0;
  for (const value of input) sum = fround(sum + table[largest - value]!);
  const factor = fround(1 / fround(sum * fround(1 / 256)));
  return input.map((value) => toInt8(Math.floor(fround(fround(table[largest - value]! * factor) + 0.5)) - 128));
}

/** The same by gemmlowp: 5 integer bits for the difference, 12 for the sum; 0 beyond the smallest difference that counts. */
export function fixedExponentials(scale: number, beta: number): Int32Array {
  const real = Math.min(beta * scale * 2 ** 26, 2 ** 31 - 1);
  const shift = Math.floor(Math.log2(real)) + 1;
  const multiplier = BigInt(Math.round((real / 2 ** shift) * 2 ** 31));
  const limit = -Math.floor((31 * 2 ** 26) / 2 ** shift);
  return Int32Array.from({ length: 256 }, (_, difference) => {
    if (-difference < limit) return 0;
    const scaled = doublingHighMultiply(BigInt(-difference) << BigInt(shift), multiplier);
    return Number(expOnNegative(scaled));
  });
}

export function softmaxFixed(input: readonly number[], table: Int32Array): number[] {
  const largest = Math.max(...input);
  let sum = 0n;
  for (const value of input) sum += dividePowerOfTwo(BigInt(table[largest - value]!), 12);
  const { reciprocal, bitsOverUnit } = reciprocalOf(sum);
  return input.map((value) => {
    const exponential = BigInt(table[largest - value]!);
    if (exponential === 0n) return -128;
    return toInt8(Number(dividePowerOfTwo(doublingHighMultiply(reciprocal, exponential), bitsOverUnit + 31 - 8)) - 128);
  });
}

/** 1/sum for a sum with 12 integer bits, as a fraction and the bits it has to be shifted by. */
export function reciprocalOf(sum: bigint): { reciprocal: bigint; bitsOverUnit: number } {
  const leading = 32 - sum.toString(2).length;
  const fraction = (sum << BigInt(leading)) - (1n << 31n);
  return { reciprocal: oneOverOnePlus(fraction), bitsOverUnit: 12 - leading };
}

/** 1/(1+x) for x in [0, 1), three Newton steps; formats with 0 and 2 integer bits. */
function oneOverOnePlus(x: bigint): bigint {
  const sum = x + ONE;
  const half = (sum + (sum >= 0n ? 1n : -1n)) / 2n;
  let estimate = 1515870810n + doublingHighMultiply(half, -1010580540n);
  for (let i = 0; i < 3; i++) {
    const rest = (1n << 29n) - doublingHighMultiply(half, estimate);
    estimate += saturatingShift(doublingHighMultiply(estimate, rest), 2);
  }
  return saturatingShift(estimate, 1);
}

function saturatingShift(value: bigint, bits: number): bigint {
  const shifted = value << BigInt(bits);
  return shifted > ONE ? ONE : shifted < -ONE - 1n ? -ONE - 1n : shifted;
}

/** exp(a) for a in (−32, 0] with 5 integer bits; the result has none. */
function expOnNegative(a: bigint): bigint {
  if (a === 0n) return ONE;
  const quarter = 1n << 24n;
  const rest = (a & (quarter - 1n)) - quarter;
  let result = expNearZero(rest << 5n);
  const remainder = rest - a;
  factors.forEach((factor, index) => {
    if (remainder & (1n << BigInt(24 + index))) result = doublingHighMultiply(result, factor);
  });
  return result;
}

/** exp(−1/4), exp(−1/2), ... exp(−16) without integer bits. */
const factors = [1672461947n, 1302514674n, 790015084n, 290630308n, 39332535n, 720401n, 242n];

/** exp(a) for a in [−1/4, 0) by its series around −1/8. */
function expNearZero(a: bigint): bigint {
  const x = a + (1n << 28n);
  const x2 = doublingHighMultiply(x, x);
  const x3 = doublingHighMultiply(x2, x);
  const x4 = doublingHighMultiply(x2, x2);
  const x4Quarter = dividePowerOfTwo(x4, 2);
  const tail = dividePowerOfTwo(doublingHighMultiply(x4Quarter + x3, 715827883n) + x2, 1);
  return 1895147668n + doublingHighMultiply(1895147668n, x + tail);
}
