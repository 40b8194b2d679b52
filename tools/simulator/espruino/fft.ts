/** Fourier transform in place in single precision, as `E.FFT` leaves it: scaled forward; the modulus when there is no imaginary part. */
export function fft(real: number[], imaginary: number[] | undefined, inverse: boolean): void {
  let n = 1;
  while (n < real.length) n *= 2;
  const re = new Float32Array(n);
  const im = new Float32Array(n);
  for (let i = 0; i < real.length; i++) {
    re[i] = real[i]!;
    im[i] = imaginary?.[i] ?? 0;
  }
  const outRe = transform(re, im, inverse ? 1 : -1);
  const scale = inverse ? 1 : 1 / n;
  for (let i = 0; i < real.length; i++) {
    const x = outRe.re[i]! * scale;
    const y = outRe.im[i]! * scale;
    real[i] = imaginary ? x : Math.fround(Math.sqrt(x * x + y * y));
    if (imaginary && i < imaginary.length) imaginary[i] = y;
  }
}

function transform(re: Float32Array, im: Float32Array, sign: 1 | -1): { re: Float32Array; im: Float32Array } {
  const n = re.length;
  if (n === 1) return { re, im };
  const half = n / 2;
  const take = (from: Float32Array, odd: number): Float32Array =>
    Float32Array.from({ length: half }, (_, i) => from[2 * i + odd]!);
  const even = transform(take(re, 0), take(im, 0), sign);
  const odd = transform(take(re, 1), take(im, 1), sign);
  const out = { re: new Float32Array(n), im: new Float32Array(n) };
  for (let k = 0; k < half; k++) {
    const angle = (sign * 2 * Math.PI * k) / n;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const x = odd.re[k]! * c - odd.im[k]! * s;
    const y = odd.re[k]! * s + odd.im[k]! * c;
    out.re[k] = even.re[k]! + x;
    out.im[k] = even.im[k]! + y;
    out.re[k + half] = even.re[k]! - x;
    out.im[k + half] = even.im[k]! - y;
  }
  return out;
}
