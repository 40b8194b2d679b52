/** Measures with several sensors at once: their waits overlap. */
import type { Sensor } from "./sensor.ts";

/**
 * `done` gets each sensor's values or fault, in order, when the last has ended; never before this returns.
 * @param after timers as in `lib/platform/espruino.ts`
 */
export function measureAll(
  sensors: readonly Sensor[],
  after: (ms: number, run: () => void) => void,
  done: (results: readonly (readonly number[] | number)[]) => void,
): void {
  const results: (readonly number[] | number)[] = sensors.map(() => 0);
  let open = sensors.length;
  if (!open) after(0, () => done(results));
  sensors.forEach((sensor, i) => {
    const wait = sensor.start();
    const step = () => {
      const result = wait < 0 ? -wait : sensor.read();
      if (typeof result === "number" && result < 0) after(-result, step);
      else {
        results[i] = result;
        if (!--open) done(results);
      }
    };
    after(Math.max(wait, 0), step);
  });
}
