/**
 * How it is driven: windows of acceleration from the part's FIFO, one after the other while the vehicle moves, and what lies
 * above the limits that fleets use, told apart by its direction. While it is parked the part watches for a motion.
 */
import { mean } from "hibernode/classify/features";
import type { Extension } from "hibernode/schedule/extensions";
import type { MotionAlarm, WindowSource } from "hibernode/sensors/motion";
import { BRAKES, DURATION, STARTS, TURNS } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

export interface DrivingRules {
  /** Along the vehicle and across it, in m/s², the mean of a quarter of a window; 0.3 g and 0.35 g are usual. */
  readonly along: number;
  readonly across: number;
  /** Steps from sample to sample below this (m/s², root mean square) are no driving. */
  readonly still: number;
  /** Windows in a row without driving after which it is parked. */
  readonly parked: number;
}

/** Samples of a window, and parts in which it is looked at. */
const LENGTH = 32;
const PARTS = 4;

export interface Driving {
  /** Hard brakings, starts and turns since the last sample, and for how many seconds of it the vehicle moved. */
  readonly sensor: Sensor<"brakes" | "starts" | "turns" | "duration">;
  /** Stays awake and looks on while the vehicle moves; otherwise sleeps as `parked` does. */
  during<R>(parked: Extension<R>): Extension<R>;
}

export function driving(window: WindowSource, alarm: MotionAlarm, rules: DrivingRules): Driving {
  const counts = [0, 0, 0];
  let moved = 0;
  let quiet = 0;
  let last = -1;

  const strength = (axis: Float32Array) => {
    let total = 0;
    for (let i = 1; i < LENGTH; i++) total += (axis[i]! - axis[i - 1]!) * (axis[i]! - axis[i - 1]!);
    return Math.sqrt(total / LENGTH);
  };

  /** One manoeuvre lasts several parts of a window: it counts when it begins. */
  const judge = (samples: Int16Array, scale: number) => {
    const x = new Float32Array(LENGTH);
    const y = new Float32Array(LENGTH);
    for (let i = 0; i < LENGTH; i++) {
      x[i] = samples[i * 3]! * scale;
      y[i] = samples[i * 3 + 1]! * scale;
    }
    for (let part = 0; part < LENGTH; part += LENGTH / PARTS) {
      const along = mean(x.slice(part, part + LENGTH / PARTS));
      const across = mean(y.slice(part, part + LENGTH / PARTS));
      const kind = along < -rules.along ? 0 : along > rules.along ? 1 : Math.abs(across) > rules.across ? 2 : -1;
      if (kind >= 0 && kind !== last) counts[kind]!++;
      last = kind;
    }
    quiet = strength(x) + strength(y) > rules.still ? 0 : quiet + 1;
  };

  return {
    sensor: {
      quantities: [BRAKES, STARTS, TURNS, DURATION],
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
