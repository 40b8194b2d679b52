/** Inputs to compare implementations on: random ones that reach all of a network's range, and recordings. */
import { randomFor } from "../simulator/world/random.ts";
import type { Input } from "./on-device.ts";

/**
 * The same for the same seed: noise, slow walks (as neighbouring values of real signals are), single values, and noise
 * around zero. Real inputs, where the network quantises them itself, cover the range of its scale.
 */
export function randomInputs(
  count: number,
  length: number,
  { real, seed = 1 }: { real?: { scale: number; zero: number } | undefined; seed?: number },
): Input[] {
  const random = randomFor(seed, "model inputs");
  const whole = (below: number): number => Math.floor(random.next() * below);
  const clip = (value: number): number => Math.max(-128, Math.min(127, value));
  return Array.from({ length: count }, (_, index) => {
    let walk = whole(256) - 128;
    const values = Int8Array.from({ length }, () => {
      if (index % 4 === 0) return whole(256) - 128;
      if (index % 4 === 1) return (walk = clip(walk + whole(21) - 10));
      if (index % 4 === 2) return walk;
      return clip(Math.round(random.normal() * 20));
    });
    if (!real) return values;
    return Float32Array.from(values, (value) => (value - real.zero + random.next() - 0.5) * real.scale);
  });
}
