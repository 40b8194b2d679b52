/**
 * What is normal, learned on the device from healthy data: mean and variance of every feature. What is far from it, in
 * standard deviations, is an anomaly. No labels, no laptop.
 */
import { INPUT_NAN, INPUT_SHAPE } from "../faults.ts";

export interface Baseline {
  /** Healthy windows seen. */
  readonly count: number;
  /** One healthy window's features. 0, INPUT_SHAPE or INPUT_NAN; a refused window changes nothing. */
  learn(features: ArrayLike<number>): number;
  /** Mean squared distance in standard deviations: 1 is usual. NaN for features that cannot be judged. */
  distance(features: ArrayLike<number>): number;
  /** Count, means and sums of squares: to be kept over a deep sleep, and handed to `baseline` again. */
  state(): number[];
}

/** @param least standard deviation that counts, so that a feature which never changed in learning does not rule all others */
export function baseline(size: number, least: number, state?: readonly number[]): Baseline {
  let count = state ? state[0] : 0;
  const means = new Float64Array(size);
  const sums = new Float64Array(size);
  if (state) {
    means.set(state.slice(1, 1 + size));
    sums.set(state.slice(1 + size));
  }
  function check(features: ArrayLike<number>): number {
    if (features.length !== size) return INPUT_SHAPE;
    for (let i = 0; i < size; i++) if (features[i] - features[i] !== 0) return INPUT_NAN;
    return 0;
  }
  return {
    get count() {
      return count;
    },
    learn(features) {
      const fault = check(features);
      if (fault) return fault;
      count++;
      let step;
      // Welford's: exact also for large numbers that hardly change
      for (let i = 0; i < size; i++) {
        step = features[i] - means[i];
        means[i] += step / count;
        sums[i] += step * (features[i] - means[i]);
      }
      return 0;
    },
    distance(features) {
      if (check(features) || count < 2) return NaN;
      let total = 0;
      let step;
      for (let i = 0; i < size; i++) {
        step = features[i] - means[i];
        total += (step * step) / Math.max(sums[i] / (count - 1), least * least);
      }
      return total / size;
    },
    state: () => [count].concat(means.slice(), sums.slice()),
  };
}
