/**
 * How the raw counts of a BME280 or BMP280 follow from the world: the compensation in floating point (appendix 8.1), and
 * its inverse by bisection, since each quantity moves monotonically with its counts.
 */
import type { Calibration } from "./bme280-facts.ts";

/** Fine temperature: 5120 per °C. */
export function fineTemperature({ t: [t1, t2, t3] }: Calibration, counts: number): number {
  const coarse = counts / 16384 - t1 / 1024;
  const square = (counts / 131072 - t1 / 8192) ** 2;
  return coarse * t2 + square * t3;
}

/** Pressure in pascal. */
export function pressure(
  { p: [p1, p2, p3, p4, p5, p6, p7, p8, p9] }: Calibration,
  counts: number,
  fine: number,
): number {
  const x = fine / 2 - 64000;
  const y = ((x * x * p6) / 32768 + x * p5 * 2) / 4 + p4 * 65536;
  const slope = (1 + ((p3 * x * x) / 524288 + p2 * x) / 524288 / 32768) * p1;
  if (slope === 0) return 0;
  const p = ((1048576 - counts - y / 4096) * 6250) / slope;
  return p + ((p9 * p * p) / 2147483648 + (p * p8) / 32768 + p7) / 16;
}

/** Relative humidity in percent, not limited. */
export function humidity({ h: [h1, h2, h3, h4, h5, h6] }: Calibration, counts: number, fine: number): number {
  const x = fine - 76800;
  const linear =
    (counts - (h4 * 64 + (h5 / 16384) * x)) * (h2 / 65536) * (1 + (h6 / 67108864) * x * (1 + (h3 / 67108864) * x));
  return linear * (1 - (h1 * linear) / 524288);
}

/** The counts at which a function that rises (or falls) reaches `wanted`, as a real number between 0 and `limit`. */
export function invert(of: (counts: number) => number, wanted: number, limit: number): number {
  const rises = of(limit) > of(0);
  let [low, high] = [0, limit];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (of(middle) < wanted === rises) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
