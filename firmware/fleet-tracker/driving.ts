/**
 * How it is driven: acceleration from the part's FIFO, window after window while the vehicle moves, to the features of the last
 * four seconds, to a class, to manoeuvres that are counted. While it is parked the part watches for a motion.
 */
import { decide } from "hibernode/classify/decide";
import { events } from "hibernode/classify/events";
import { frames } from "hibernode/classify/frames";
import type { Extension } from "hibernode/schedule/extensions";
import type { MotionAlarm, WindowSource } from "hibernode/sensors/motion";
import { BRAKES as BRAKES_COUNT, DURATION, STARTS as STARTS_COUNT, TURNS } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";
import { BRAKES, open, QUIET, STARTS } from "./manoeuvres.ts";

export interface DrivingRules {
  /** Scores by which a class must lead, of 255: below, nothing is claimed. */
  readonly margin: number;
  /** Deviation of a second, in m/s², below which it is no driving. */
  readonly still: number;
  /** Windows in a row without driving after which it is parked. */
  readonly parked: number;
}

/** Samples of a window, and of a second: the model's frames. */
const LENGTH = 32;
const RATE = 25;
const FRAMES = 4;

export interface Driving {
  /** Hard brakings, starts and turns since the last sample, and for how many seconds of it the vehicle moved. */
  readonly sensor: Sensor<"brakes" | "starts" | "turns" | "duration">;
  /** Stays awake and looks on while the vehicle moves; otherwise sleeps as `parked` does. */
  during<R>(parked: Extension<R>): Extension<R>;
}

export function driving(window: WindowSource, alarm: MotionAlarm, rules: DrivingRules): Driving {
  const counts = [0, 0, 0];
  const model = open();
  const seconds = frames({ axes: 3, length: RATE, frames: FRAMES });
  const told = events({ quiet: QUIET, least: 1, gap: 1 });
  let moved = 0;
  let quiet = 0;

  const judge = (samples: Int16Array, scale: number) => {
    for (let i = 0; i < LENGTH * 3; i += 3) {
      if (!seconds.add([samples[i]! * scale, samples[i + 1]! * scale, samples[i + 2]! * scale])) continue;
      const features = seconds.features;
      // the newest deviations, along and across
      quiet = features[2 * FRAMES - 1]! + features[4 * FRAMES - 1]! > rules.still ? 0 : quiet + 1;
      if (typeof model === "number" || model.run(features) !== 0) continue;
      const event = told(decide(model.scores, rules.margin), 0);
      if (event) counts[event.kind === BRAKES ? 0 : event.kind === STARTS ? 1 : 2]!++;
    }
  };

  return {
    sensor: {
      quantities: [BRAKES_COUNT, STARTS_COUNT, TURNS, DURATION],
      start: () => 0,
      read() {
        const values = counts.concat(Math.round(moved));
        counts.fill(0);
        moved = 0;
        return values;
      },
    },
    during: (parked) => (host) => {
      const hooks = parked(host);
      // what woke it is a motion until windows say otherwise
      quiet = hooks.event ? 0 : rules.parked;
      const sleep = hooks.sleep!;
      return Object.assign(hooks, {
        sleep(wanted: number, again: () => void) {
          const until = getTime() + wanted;
          const look = () => {
            if (quiet >= rules.parked) {
              seconds.clear();
              alarm.arm();
              return sleep(until - getTime(), again);
            }
            if (getTime() >= until) return again();
            const began = getTime();
            const wait = window.start();
            const read = () => {
              const result = window.read();
              if (typeof result === "number") {
                if (result < 0) return setTimeout(read, -result);
                quiet++;
              } else {
                judge(result.samples, result.scale);
                if (!quiet) moved += getTime() - began;
              }
              return setTimeout(look, 0);
            };
            if (wait > 0) setTimeout(read, wait);
            else {
              quiet++;
              setTimeout(look, 1000);
            }
          };
          look();
        },
      });
    },
  };
}
