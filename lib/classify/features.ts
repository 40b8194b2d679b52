/** Numbers that describe a window of samples, computed by natives where there is one: a loop would take twenty times as long. */
import { convolve, fft, squares, sum } from "../platform/natives.ts";

type Samples = Float32Array | Int16Array | Uint8Array;

export function mean(window: ArrayLike<number>): number {
  return sum(window) / window.length;
}

/** Standard deviation of the window itself (divided by its length). */
export function deviation(window: ArrayLike<number>, itsMean: number): number {
  return Math.sqrt(squares(window, itsMean) / window.length);
}

/** Strength of a movement without gravity: standard deviation of a vector, whose parts follow one another: x, y, z, x, y, z … */
export function vectorDeviation(window: Int16Array): number {
  const count = window.length / 3;
  let variance = convolve(window, window) / count;
  // a pattern that starts over picks out one axis
  for (const axis of [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ])
    variance -= Math.pow(convolve(window, axis) / count, 2);
  // rounding may leave a little less than nothing
  return Math.sqrt(Math.max(variance, 0));
}

/** Root of the mean square: of an acceleration without gravity, the strength of a vibration. */
export function rms(window: ArrayLike<number>): number {
  return Math.sqrt(convolve(window, window) / window.length);
}

export function smallest(window: ArrayLike<number>): number {
  return Math.min.apply(null, window as number[]);
}

export function largest(window: ArrayLike<number>): number {
  return Math.max.apply(null, window as number[]);
}

/** Root of the mean squared step from sample to sample, times the rate: of an acceleration in m/s², the jerk in m/s³. */
export function jerk(window: Samples, rateHz: number): number {
  const last = window.length - 1;
  const early = window.subarray(0, last) as ArrayLike<number>;
  const late = window.subarray(1) as ArrayLike<number>;
  const steps = convolve(early, early) + convolve(late, late) - 2 * convolve(early, late);
  // rounding may leave a little less than nothing
  return Math.sqrt(steps > 0 ? steps / last : 0) * rateHz;
}

/** How often the samples pass `level`. */
export function crossings(window: ArrayLike<number>, level: number): number {
  let count = 0;
  let above = window[0] > level;
  for (let i = 1; i < window.length; i++)
    if (window[i] > level !== above) {
      above = !above;
      count++;
    }
  return count;
}

/**
 * Natural logarithms of the mean magnitude in bands of equal width, from above 0 Hz to half the sampling rate. The
 * window's length is a power of two, at most 1024; the window is overwritten.
 */
export function bands(window: Float32Array, count: number): Float32Array {
  fft(window);
  const width = Math.floor(window.length / 2 / count);
  const result = new Float32Array(count);
  for (let band = 0; band < count; band++)
    result[band] = Math.log(sum(window.subarray(1 + band * width, 1 + (band + 1) * width)) / width + 1e-9);
  return result;
}
