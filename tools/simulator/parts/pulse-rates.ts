/** What meters count: a rate of the world, added up over time. */
import type { Clock } from "../clock.ts";
import type { Quantity } from "../world/units.ts";

/** Units that one second of a rate of 1 adds up to: kWh of W, litres of l/min, metres of m/s (wind run), mm of mm/h (rain). */
export const unitsPerSecond = { power: 1 / 3.6e6, flow: 1 / 60, speed: 1, rain: 1 / 3600 } as const satisfies Partial<
  Record<Quantity, number>
>;
export type Rate = keyof typeof unitsPerSecond;

/** How often a rate is looked at. */
const LOOK_SECONDS = 60;

/** Adds up a rate, which is looked at now and then: the mean of its ends over each step, since the look before. */
function follow(clock: Clock, pulsesPerSecond: () => number): () => { readonly rate: number; readonly pulses: number } {
  let rate = pulsesPerSecond();
  let sinceUs = clock.nowUs;
  return () => {
    const before = rate;
    rate = pulsesPerSecond();
    const pulses = ((before + rate) / 2) * ((clock.nowUs - sinceUs) / 1e6);
    sinceUs = clock.nowUs;
    return { rate, pulses };
  };
}

/**
 * Pulses so far, for a part that only counts them: what is asked for is the number now.
 * @param filled share of a pulse that had come before the run
 */
export function pulseCount(clock: Clock, pulsesPerSecond: () => number, filled: number): () => number {
  const look = follow(clock, pulsesPerSecond);
  const step = (): void => {
    filled += look().pulses;
    clock.after(LOOK_SECONDS * 1e6, step);
  };
  step();
  return () => {
    filled += look().pulses;
    return Math.floor(filled + 1e-9);
  };
}

/**
 * Calls `pulse` each time another unit is full, for a part that shows each: looked at in the same steps, and at each pulse.
 * @param shortestMs no two pulses come closer together
 */
export function countPulses(
  clock: Clock,
  pulsesPerSecond: () => number,
  shortestMs: number,
  filled: number,
  pulse: () => void,
): void {
  const look = follow(clock, pulsesPerSecond);
  const step = (): void => {
    const { rate, pulses } = look();
    filled += pulses;
    if (filled >= 1 - 1e-9) {
      filled = Math.max(0, filled - 1);
      pulse();
    }
    const seconds = Math.min(LOOK_SECONDS, rate > 0 ? (1 - filled) / rate : LOOK_SECONDS);
    clock.after(Math.max(seconds * 1e6, shortestMs * 1000), step);
  };
  step();
}
