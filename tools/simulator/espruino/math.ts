/**
 * `Math` as the interpreter makes it of four functions of its C library: a root by logarithms, a cosine as a shifted sine, small whole
 * powers by multiplication. So the root of 9 is not quite 3, and 2 to the power of 10 not quite 1024.
 *
 * The C library of an ESP32 and V8 both compute `log`, `exp`, `sin` and `atan` as fdlibm does; where the interpreter runs on Linux, glibc
 * rounds about one result in ten to the other neighbour.
 */
const { log, exp, sin, atan, PI } = Math;

/** @returns NaN below zero */
export const root = (x: number): number => (x >= 0 ? exp(log(x) * 0.5) : NaN);

const cos = (x: number): number => sin(x + PI / 2);
const asin = (x: number): number => atan(x / root(1 - x * x));

function pow(x: number, y: number): number {
  if (Number.isInteger(y) && y >= 0 && y < 10) {
    let power = y > 0 ? x : 1;
    for (let left = y; left > 1; left--) power *= x;
    return power;
  }
  if (x < 0 && y % 1 === 0) return y % 2 === 0 ? exp(log(-x) * y) : -exp(log(-x) * y);
  return x !== 0 || y <= 0 ? exp(log(x) * y) : 0;
}

export const functions = {
  sqrt: root,
  cos,
  tan: (x: number): number => sin(x) / cos(x),
  asin,
  acos: (x: number): number => PI / 2 - asin(x),
  pow,
};
