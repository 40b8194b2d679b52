/**
 * Folds zero points, bias and scaling of one output channel into the two numbers that the device multiplies and adds, and
 * proves that the result is the reference's for every sum that can occur. Both are steps that only rise with the sum:
 * they agree everywhere when they rise at the same places, and there are at most 255 of those.
 */
import { type Factor, type Rounding, scale } from "./arithmetic.ts";

export interface Channel {
  readonly weights: ArrayLike<number>;
  readonly bias: number;
  readonly inputZero: number;
  readonly outputZero: number;
  readonly factor: Factor;
}

export interface Folded {
  /** The device's numbers: factor and offset; for two roundings also the shift. */
  readonly numbers: readonly number[];
  /** The largest absolute sum that weights and bias allow. */
  readonly bound: number;
}

/** Lets the truncation to a whole number round towards −∞. */
export const LIFT = 2 ** 29;

/** Throws a RangeError with the reason when the channel cannot be computed exactly. */
export function fold(channel: Channel, rounding: Rounding): Folded {
  const { weights, bias, inputZero, outputZero, factor } = channel;
  let sum = 0;
  let magnitude = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    magnitude += Math.abs(weights[i]!);
  }
  const bound = magnitude * Math.max(127 - inputZero, inputZero + 128) + Math.abs(bias);
  if (bound >= 2 ** 31) throw new RangeError(`its sum can reach ${bound}, more than 32 bits hold`);
  // the device sums weight × (value + 128)
  const shifted = bias - sum * (inputZero + 128);
  const device = rounding === "double" ? twice(factor, shifted, outputZero, bound) : once(factor, shifted, outputZero);
  prove(device.run, channel, bound, shifted, rounding);
  return { numbers: device.numbers, bound };
}

interface DeviceChannel {
  readonly numbers: readonly number[];
  /** What the device does with a sum; the store then saturates. */
  run(sum: number): number;
}

function once({ multiplier, shift }: Factor, shifted: number, outputZero: number): DeviceChannel {
  const factor = multiplier * 2 ** (shift - 31);
  const offset = shifted * factor + outputZero + 128.5;
  return { numbers: [factor, offset], run: (sum) => (sum * factor + offset) | 0 };
}

function twice({ multiplier, shift }: Factor, shifted: number, outputZero: number, bound: number): DeviceChannel {
  const factor = multiplier * 2 ** (Math.max(shift, 0) - 31);
  const offset = shifted * factor + LIFT + 0.5;
  const right = Math.max(-shift, 0);
  if (bound * factor >= LIFT) throw new RangeError(`its sum can reach ${bound}, too much for two roundings`);
  const run = (sum: number): number => {
    const high = ((sum * factor + offset) | 0) - LIFT;
    return (right ? (high + (high >> 31) + (1 << (right - 1))) >> right : high) + outputZero + 128;
  };
  return { numbers: [factor, offset, right], run };
}

function prove(
  device: (sum: number) => number,
  { outputZero, factor }: Channel,
  bound: number,
  shifted: number,
  rounding: Rounding,
): void {
  const exact = (sum: number): number => scale(sum, factor, rounding) + outputZero + 128;
  if (Math.abs(device(bound - shifted)) >= 2 ** 30 || Math.abs(device(-bound - shifted)) >= 2 ** 30)
    throw new RangeError("its result leaves the range of whole numbers");
  const step = 2 ** (31 - factor.shift) / (factor.multiplier || 1);
  for (let value = 1; value <= 255; value++) {
    const about = Math.round((value - 128.5 - outputZero) * step);
    if (Math.abs(about) > bound + 2) continue;
    const first = smallest(exact, value, about, bound);
    if (first === undefined) continue;
    for (const sum of [first - 1, first]) {
      if (Math.abs(sum) <= bound && device(sum - shifted) >= value !== exact(sum) >= value)
        throw new RangeError(`the device's arithmetic would round the sum ${sum} to another value`);
    }
  }
}

/** The smallest sum of at least that value, within the bound. */
function smallest(exact: (sum: number) => number, value: number, about: number, bound: number): number | undefined {
  let low = Math.max(about - 3, -bound);
  let high = Math.min(about + 3, bound);
  if (exact(low) >= value) low = -bound;
  if (exact(high) < value) high = bound;
  if (exact(low) >= value || exact(high) < value) return exact(low) >= value ? low : undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (exact(middle) >= value) high = middle;
    else low = middle;
  }
  return high;
}
