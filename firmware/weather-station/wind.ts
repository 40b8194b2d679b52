/** The mean wind between two samples, from a counter that went on while the chip slept. */
import { UNREADY } from "hibernode/faults";
import type { Memo } from "hibernode/schedule/remember";
import { SPEED } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

/** @param metres of wind run per pulse; of the common three-cup anemometers 0.667: a pulse a second at 2.4 km/h */
export function meanWind(cups: Sensor<"count">, memo: Memo, metres: number): Sensor<"speed"> {
  return {
    quantities: [SPEED],
    start: () => cups.start(),
    read() {
      const result = cups.read();
      const at = Math.floor(getTime());
      if (typeof result === "number") {
        if (result === UNREADY) memo.set([]);
        return result;
      }
      const count = result[0]!;
      const before = memo.get(0);
      const seconds = at - (memo.get(1) || 0);
      memo.set([count, at]);
      // the first sample after the supply came back has nothing to be compared with
      if (before === undefined || seconds < 1) return UNREADY;
      return [(((count - before + 1e6) % 1e6) * metres) / seconds];
    },
  };
}
