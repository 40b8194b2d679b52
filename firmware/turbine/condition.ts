/**
 * The condition of a machine from a window of its vibration: four bands of the spectrum across the shaft, against what was
 * healthy on this very site; and by which bands have risen, a network's word on the defect. What stands still is not judged.
 */
import { baseline } from "hibernode/classify/baseline";
import { decide } from "hibernode/classify/decide";
import { bands, deviation, mean } from "hibernode/classify/features";
import type { Memo } from "hibernode/schedule/remember";
import type { WindowSource } from "hibernode/sensors/motion";
import { BAND1, BAND2, BAND3, BAND4, SCORE, STATE } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";
import { BEARING, open } from "./defects.ts";

export const HEALTHY = 0;
/** Of no kind that the network is sure of; those that it is sure of follow in its order. */
export const ANOMALY = 1;
export const STILL = ANOMALY + BEARING + 2;
export const LEARNING = STILL + 1;

export interface ConditionRules {
  /** Windows of the running machine that are taken for healthy. */
  readonly learn: number;
  /** Deviation in m/s² below which it stands still. */
  readonly still: number;
  /** Mean squared distance from healthy, in standard deviations, that is odd; so many odd windows in a row are told. */
  readonly odd: number;
  readonly least: number;
  /** Scores by which a defect must lead, of 255, to be named. */
  readonly margin: number;
}

/** Kept numbers are whole: the baseline's in thousandths. */
const UNITS = 1000;
const BANDS = 4;
/** Standard deviation of a band that counts at least: estimates from one window of 32 samples scatter. */
const LEAST = 0.1;

export function condition(
  window: WindowSource,
  memo: Memo,
  rules: ConditionRules,
): Sensor<"band1" | "band2" | "band3" | "band4" | "score" | "state"> {
  /** @param usual the baseline's means, from its state's second number on */
  const nameOf = (spectrum: ArrayLike<number>, usual: readonly number[]): number => {
    const network = open();
    const rises: number[] = [];
    for (let i = 0; i < BANDS; i++) rises.push(spectrum[i]! - usual[i + 1]!);
    if (typeof network === "number" || network.run(rises) !== 0) return ANOMALY;
    const kind = decide(network.scores, rules.margin);
    return kind.rejected ? ANOMALY : ANOMALY + 1 + kind.best;
  };
  return {
    quantities: [BAND1, BAND2, BAND3, BAND4, SCORE, STATE],
    start: () => window.start(),
    read() {
      const result = window.read();
      if (typeof result === "number") return result;
      const across = new Float32Array(32);
      // the axis across the shaft: of x, y, z the first
      for (let i = 0; i < 32; i++) across[i] = result.samples[i * 3]! * result.scale;
      const level = mean(across);
      const strength = deviation(across, level);
      for (let i = 0; i < 32; i++) across[i] = across[i]! - level;
      const spectrum = bands(across, BANDS);
      const values: number[] = [].slice.call(spectrum);
      if (strength < rules.still) return values.concat(0, STILL);

      const count = memo.get(0) || 0;
      const kept: number[] = [count];
      for (let i = 0; i < BANDS * 2; i++) kept.push((memo.get(2 + i) || 0) / UNITS);
      const healthy = baseline(BANDS, LEAST, kept);
      const remember = (odd: number) => {
        const state = healthy.state().map((value) => Math.round(value * UNITS));
        memo.set([healthy.count, odd].concat(state.slice(1)));
      };
      if (count < rules.learn) {
        healthy.learn(spectrum);
        remember(0);
        return values.concat(0, LEARNING);
      }
      const distance = Math.min(healthy.distance(spectrum), 300);
      const odd = distance > rules.odd ? Math.min((memo.get(1) || 0) + 1, rules.least) : 0;
      remember(odd);
      return values.concat(distance, odd === rules.least ? nameOf(spectrum, healthy.state()) : HEALTHY);
    },
  };
}
