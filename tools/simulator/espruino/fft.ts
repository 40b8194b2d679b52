/**
 * Fourier transform as `E.FFT` computes it: radix 2, in single precision, each stage's root of unity from the last one's by half angles.
 * The roundings are its own, too: thresholds and learned numbers hang on the last bits.
 */
import { root } from "./math.ts";

const single = Math.fround;

/** In place; scaled forward; the moduli when there is no imaginary part. */
export function fft(real: number[], imaginary: number[] | undefined, inverse: boolean): void {
  let n = 1;
  while (n < real.length) n *= 2;
  const re = new Float32Array(n);
  const im = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    re[i] = real[i] ?? 0;
    im[i] = imaginary?.[i] ?? 0;
  }
  exchange(re, im);
  transform(re, im, inverse);
  for (let i = 0; i < n; i++) {
    const [x, y] = [re[i]!, im[i]!];
    if (i < real.length) real[i] = imaginary ? x : root(single(single(x * x) + single(y * y)));
    if (imaginary && i < imaginary.length) imaginary[i] = y;
  }
}

/** Into the order of reversed bits. */
function exchange(re: Float32Array, im: Float32Array): void {
  const n = re.length;
  for (let i = 0, j = 0; i < n; i++) {
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
    let bit = n >> 1;
    for (; bit > 0 && j & bit; bit >>= 1) j -= bit;
    j += bit;
  }
}

function transform(re: Float32Array, im: Float32Array, inverse: boolean): void {
  const n = re.length;
  let [stepRe, stepIm] = [-1, 0];
  for (let half = 1; half < n; half *= 2) {
    let [turnRe, turnIm] = [1, 0];
    for (let first = 0; first < half; first++) {
      for (let a = first; a < n; a += 2 * half) {
        const b = a + half;
        const x = single(single(turnRe * re[b]!) - single(turnIm * im[b]!));
        const y = single(single(turnRe * im[b]!) + single(turnIm * re[b]!));
        re[b] = re[a]! - x;
        im[b] = im[a]! - y;
        re[a]! += x;
        im[a]! += y;
      }
      const turned = single(single(turnRe * stepRe) - single(turnIm * stepIm));
      turnIm = single(single(turnRe * stepIm) + single(turnIm * stepRe));
      turnRe = turned;
    }
    stepIm = single(root((1 - stepRe) / 2)) * (inverse ? 1 : -1);
    stepRe = single(root((1 + stepRe) / 2));
  }
  if (!inverse)
    for (let i = 0; i < n; i++) {
      re[i]! /= n;
      im[i]! /= n;
    }
}
