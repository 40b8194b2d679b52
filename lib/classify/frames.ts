/**
 * A stream of samples to features: mean and standard deviation of every axis over frames of equal length, the last few
 * frames side by side. One frame of samples is all that is kept of the stream.
 */
import { deviation, mean } from "./features.ts";

export interface FramesOptions {
  readonly axes: number;
  /** Samples in a frame: one second's, for driving. */
  readonly length: number;
  /** Frames in a window. */
  readonly frames: number;
}

export interface Frames {
  /** One sample of every axis. True when a frame is full and the window has all of its frames: then read `features`. */
  add(sample: ArrayLike<number>): boolean;
  /** Axis by axis: the means of its frames, oldest first, then their standard deviations. */
  readonly features: Float32Array;
  /** Forgets everything: after a gap in the stream. */
  clear(): void;
}

export function frames({ axes, length, frames: count }: FramesOptions): Frames {
  const samples: Float32Array[] = [];
  for (let axis = 0; axis < axes; axis++) samples.push(new Float32Array(length));
  const features = new Float32Array(axes * count * 2);
  let filled = 0;
  let complete = 0;

  function close(): void {
    let at = 0;
    let average;
    for (let axis = 0; axis < axes; axis++) {
      average = mean(samples[axis]);
      at = axis * count * 2;
      shift(at, average);
      shift(at + count, deviation(samples[axis], average));
    }
  }
  function shift(at: number, value: number): void {
    features.set(features.slice(at + 1, at + count), at);
    features[at + count - 1] = value;
  }
  return {
    features,
    add(sample) {
      for (let axis = 0; axis < axes; axis++) samples[axis][filled] = sample[axis];
      if (++filled < length) return false;
      filled = 0;
      close();
      complete++;
      return complete >= count;
    },
    clear() {
      filled = complete = 0;
    },
  };
}
