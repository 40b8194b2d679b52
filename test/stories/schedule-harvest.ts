/** Harvesters for a year, and what a schedule that knows the whole year in advance could do with them. */
import { hashText, normalAt, uniformAt } from "../../tools/simulator/world/random.ts";
import type { Source } from "../../tools/simulator/world/sources.ts";

const DAY = 86400;

/**
 * A small solar panel at 50° north: the sun's height by day and hour, times a clearness that is drawn for each day and
 * resembles that of the day before. @param peakWatts at a clear noon in summer
 */
export function solar(peakWatts: number): Source {
  return {
    unit: () => "W",
    start(stream) {
      const key = hashText(stream);
      const clearness = (day: number): number => {
        const weather = 0.6 * normalAt(key, day) + 0.4 * normalAt(key, day - 1) + 0.3 * normalAt(key, day - 2);
        return Math.min(1, Math.max(0.08, 0.5 + 0.35 * weather));
      };
      const latitude = (50 * Math.PI) / 180;
      return {
        at(seconds) {
          const day = Math.floor(seconds / DAY);
          const tilt = -0.409 * Math.cos((2 * Math.PI * (day + 10)) / 365);
          const hour = (2 * Math.PI * (seconds % DAY)) / DAY - Math.PI;
          const height = Math.sin(latitude) * Math.sin(tilt) + Math.cos(latitude) * Math.cos(tilt) * Math.cos(hour);
          return height > 0 ? (peakWatts * height * clearness(day)) / Math.sin(latitude - 0.409 + 2 * 0.409) : 0;
        },
      };
    },
  };
}

/** A wagon's axle-box harvester: power while it rolls. Runs of some hours on most days, none on Sundays, rests of days now and then. */
export function vibration(watts: number): Source {
  return {
    unit: () => "W",
    start(stream) {
      const key = hashText(stream);
      return {
        at(seconds) {
          const day = Math.floor(seconds / DAY);
          if (day % 7 === 6 || uniformAt(key, Math.floor(day / 3)) < 0.2) return 0;
          const from = 4 + 6 * uniformAt(key, day + 0.25);
          const until = from + 2 + 8 * uniformAt(key, day + 0.5);
          const hour = (seconds % DAY) / 3600;
          return hour >= from && hour < until
            ? watts * (0.6 + 0.4 * uniformAt(key, Math.floor(seconds / 600) + 0.75))
            : 0;
        },
      };
    },
  };
}

export interface BoundOptions {
  /** Coulombs offered in each step. */
  readonly offered: readonly number[];
  readonly stepSeconds: number;
  readonly startCoulombs: number;
  readonly fullCoulombs: number;
  /** Coulombs a day that are spent whatever the node does, and its work at the slowest and the fastest rates. */
  readonly dayCoulombs: number;
  readonly slowest: number;
  readonly fastest: number;
}

/** The most that must ever be in store for the slowest rates to get through what is to come, in coulombs. */
export function worstSpell({ offered, stepSeconds, dayCoulombs, slowest }: BoundOptions): number {
  let needed = 0;
  let most = 0;
  for (let i = offered.length - 1; i >= 0; i--) {
    needed = Math.max(0, needed + ((dayCoulombs + slowest) * stepSeconds) / DAY - offered[i]!);
    most = Math.max(most, needed);
  }
  return most;
}

/**
 * The most charge that any schedule within the bounds could have put into work, knowing the whole year. Backwards: the
 * least charge that must be in store at each step so that the slowest rates never run it dry. Forwards: spend as much as
 * that leaves. Spending earlier never hurts the sum, since it only makes room for harvest, so no schedule does better.
 * NaN = even the slowest rates run dry.
 */
export function bestWork({
  offered,
  stepSeconds,
  startCoulombs,
  fullCoulombs,
  dayCoulombs,
  slowest,
  fastest,
}: BoundOptions): number {
  const share = stepSeconds / DAY;
  const needed = new Float64Array(offered.length + 1);
  for (let i = offered.length - 1; i >= 0; i--)
    needed[i] = Math.max(0, needed[i + 1]! + (dayCoulombs + slowest) * share - offered[i]!);
  if (needed.some((least) => least > fullCoulombs) || needed[0]! > startCoulombs) return NaN;
  let charge = startCoulombs;
  let work = 0;
  offered.forEach((income, i) => {
    const before = charge + income - dayCoulombs * share;
    const spent = Math.min(fastest * share, Math.max(slowest * share, before - needed[i + 1]!));
    work += spent;
    charge = Math.min(fullCoulombs, before - spent);
  });
  return work;
}
