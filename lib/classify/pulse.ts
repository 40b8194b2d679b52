/**
 * The rate of a pulse from seconds of reflected light: how long until the light does the same again, by autocorrelation. Every sum
 * is one native call.
 */
import { convolve } from "../platform/natives.ts";

/** Slowest and fastest pulse that is looked for, beats a minute. */
const SLOWEST = 40;
const FASTEST = 185;
/** A pulse repeats itself at least that well; what does not is no pulse, or one in which the arm moved. */
const LEAST = 0.5;
/** Of two repeats nearly as good the sooner one is the pulse, the other its multiple. */
const SAME = 0.7;
/** Beats between which the time is taken in the end. */
const BEATS = 3;

/** Beats a minute, 40 to 185; 0 = no pulse can be told from these samples. At least six seconds of them. */
export function pulseRate(samples: Float32Array, rateHz: number): number {
  // steps over two samples: the breath, which is slower, falls away, and so does noise from sample to sample
  const count = samples.length - 2;
  const steps = new Float32Array(count);
  for (let i = 0; i < count; i++) steps[i] = samples[i + 2]! - samples[i]!;
  const power = convolve(steps, steps) / count;
  const likeness = (lag: number) =>
    convolve(steps.subarray(0, count - lag), steps.subarray(lag)) / (count - lag) / power;

  const from = Math.floor((rateHz * 60) / FASTEST);
  const like: number[] = [];
  for (let lag = from - 1; lag <= Math.ceil((rateHz * 60) / SLOWEST) + 1; lag++) like.push(likeness(lag));
  let best = 0;
  for (let i = 1; i < like.length - 1; i++)
    if (like[i]! > like[i - 1]! && like[i]! >= like[i + 1]! && like[i]! * SAME > (best ? like[best]! : 0)) best = i;
  // written so that a dead signal, whose likeness is no number, is no pulse
  if (!best || !(like[best]! >= LEAST)) return 0;

  /** Where between samples the top lies: that of a parabola through three. */
  const top = (lag: number) => {
    const before = likeness(lag - 1);
    const at = likeness(lag);
    const after = likeness(lag + 1);
    return lag + (before - after) / (2 * (before - 2 * at + after));
  };
  let lag = Math.round(top(from - 1 + best) * BEATS);
  if (likeness(lag + 1) > likeness(lag)) lag++;
  else if (likeness(lag - 1) > likeness(lag)) lag--;
  return (rateHz * 60 * BEATS) / top(lag);
}
