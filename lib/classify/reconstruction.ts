/**
 * Anomalies by an autoencoder: a network that was taught to give back healthy features. What it cannot give back has not been
 * seen in health.
 */
import { enter } from "./enter.ts";
import type { Model } from "./model.ts";

/** Bytes of a standard deviation, and the byte of the mean: as the training has them. */
const STEPS = 32;
const MIDDLE = 128;

/**
 * Mean squared difference between features and what the network makes of them, in standard deviations of the healthy ones;
 * NaN for features that cannot be judged.
 * @param pairs factor and offset of every feature, as the trained module has them
 */
export function reconstruction(model: Model, pairs: ArrayLike<number>): (features: ArrayLike<number>) => number {
  const size = model.inputs;
  const bytes = new Uint8Array(size);
  return (features) => {
    if (enter(features, pairs, bytes) !== 0 || model.run(features) !== 0) return NaN;
    let total = 0;
    let step;
    for (let i = 0; i < size; i++) {
      step = (bytes[i] - MIDDLE) / STEPS - (model.scores[i] - model.zero) * model.scale;
      total += step * step;
    }
    return total / size;
  };
}
