/**
 * The shape of one sound from its loudness over time, whatever its pitch: enough to tell a clap from a bang, a voice and a
 * beeper, and too little to tell what was said.
 */

/** Names of the features, in their order. */
export const SHAPE = ["peak", "mean", "above", "bursts", "flat", "late", "rough", "gap"] as const;

/**
 * Logarithm of the peak; mean, and share of samples above half of the peak; rises through that half; mean of the samples above; mean of
 * the second half; mean step; and samples from the first rise to the next one, all as shares of peak and length.
 */
export function shape(window: ArrayLike<number>): number[] {
  const length = window.length;
  let peak = 1e-6;
  let value, last, i;
  for (i = 0; i < length; i++) {
    value = window[i];
    if (value > peak) peak = value;
  }
  let [sum, late, above, loudest, bursts, rough, first, second] = [0, 0, 0, 0, 0, 0, 0, 0];
  let loud = false;
  last = window[0];
  for (i = 0; i < length; i++) {
    value = window[i];
    sum += value;
    if (2 * i >= length) late += value;
    rough += Math.abs(value - last);
    last = value;
    // a third less to fall than to rise: ripples are no bursts
    if (value > peak * (loud ? 0.35 : 0.5)) {
      above++;
      loudest += value;
      if (!loud) {
        bursts++;
        if (bursts === 1) first = i;
        else if (bursts === 2) second = i;
      }
      loud = true;
    } else loud = false;
  }
  return [
    Math.log(peak),
    sum / length / peak,
    above / length,
    bursts,
    loudest / above / peak,
    (2 * late) / length / peak,
    rough / length / peak,
    second > first ? (second - first) / length : 0,
  ];
}
