/** Measures with several sensors at once: their waits overlap. */
import { CRASHED, TIMEOUT } from "../faults.ts";
import type { Sensor } from "./sensor.ts";

/** No part takes as long: a sensor that asks for more is broken, and must not keep the node awake. */
const LONGEST_WAIT_MS = 120000;

/**
 * `done` gets each sensor's values or fault, in order, when the last has ended; never before this returns.
 * A sensor that throws has a fault. @param after timers as in `lib/platform/espruino.ts`
 */
export function measureAll(
  sensors: readonly Sensor[],
  after: (ms: number, run: () => void) => void,
  done: (results: readonly (readonly number[] | number)[]) => void,
): void {
  const results: (readonly number[] | number)[] = sensors.map(() => 0);
  let open = sensors.length;
  const end = () => after(0, () => done(results));
  if (!open) end();
  sensors.forEach((sensor, i) => {
    const step = (starts?: boolean) => {
      let result: readonly number[] | number = CRASHED;
      try {
        result = starts ? -sensor.start() : sensor.read();
      } catch (e) {}
      if (typeof result === "number" && result <= 0 && result >= -LONGEST_WAIT_MS) after(-result, step);
      else {
        results[i] = typeof result === "number" && result < 0 ? TIMEOUT : result;
        if (!--open) end();
      }
    };
    step(true);
  });
}
