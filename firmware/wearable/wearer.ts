/**
 * What the wearer does and how fast the heart beats, as classes: limits on the strength of movement, and on the rate of a pulse that
 * counts only while the arm rests. Samples and rates stay here.
 */
import { vectorDeviation } from "hibernode/classify/features";
import { pulseRate } from "hibernode/classify/pulse";
import type { Memo } from "hibernode/schedule/remember";
import type { PulseSource } from "hibernode/sensors/max30102-window";
import type { WindowSource } from "hibernode/sensors/motion";
import { STATE } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

/** States of `activity`; 2 = moves a little, 3 = walks, 4 = runs. */
export const OFF = 0;
export const REST = 1;
/** State of `heart`; 0 = not judged, 1 and up = between the limits. */
export const RACING = 9;

export interface WearRules {
  /** Strength of movement in m/s² from which on it is no rest, a walk, a run. */
  readonly moves: readonly [light: number, walk: number, run: number];
  /** Beats a minute from which on the next class begins. */
  readonly rates: readonly number[];
  /** Beats a minute at rest, in that many judged samples one after the other, that are told at once. */
  readonly racing: number;
  readonly least: number;
}

export interface Wearer {
  readonly activity: Sensor<"state">;
  readonly heart: Sensor<"state">;
  /** Nobody wears it. */
  readonly isIdle: () => boolean;
}

/** The class that a value falls into: 1 below the first limit. */
const classOf = (value: number, limits: readonly number[]) => limits.filter((limit) => value >= limit).length + 1;

/** Both sensors go into `node()`, `activity` first: it looks at movement for as long as `heart` looks at the light. */
export function wearer(motion: WindowSource, light: PulseSource, memo: Memo, rules: WearRules): Wearer {
  let total = 0;
  let windows = 0;
  let strongest = 0;
  let isWatching = false;
  let isLooking = false;
  let rate = 0;
  let isDark = false;
  let activityNow = REST;

  return {
    activity: {
      quantities: [STATE],
      start() {
        total = windows = strongest = 0;
        const wait = motion.start();
        isWatching = wait >= 0;
        // without it nothing says that the arm rests
        if (!isWatching) strongest = Infinity;
        return wait;
      },
      read() {
        const window = motion.read();
        if (typeof window === "number") {
          isWatching = window < 0;
          if (!isWatching) strongest = Infinity;
          return window;
        }
        const strength = vectorDeviation(window.samples) * window.scale;
        total += strength;
        windows++;
        strongest = Math.max(strongest, strength);
        const wait = isLooking ? motion.start() : 0;
        if (wait > 0) return -wait;
        isWatching = false;
        return [(activityNow = isDark ? OFF : classOf(total / windows, rules.moves))];
      },
    },
    heart: {
      quantities: [STATE],
      start() {
        isDark = false;
        const wait = light.start();
        isLooking = wait >= 0;
        return wait;
      },
      read() {
        if (isLooking) {
          const window = light.read();
          if (typeof window === "number") {
            isLooking = window < 0;
            return window;
          }
          isLooking = false;
          isDark = window.samples.length < window.rate * 6;
          rate = isDark ? 0 : pulseRate(window.samples, window.rate);
        }
        if (isWatching) return -200;
        if (!rate || strongest >= rules.moves[0]) return [0];
        const fast = rate >= rules.racing ? Math.min((memo.get(0) || 0) + 1, rules.least) : 0;
        memo.set([fast]);
        return [fast === rules.least ? RACING : classOf(rate, rules.rates)];
      },
    },
    isIdle: () => activityNow === OFF,
  };
}
