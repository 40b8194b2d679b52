/** The tank's level from its sender, a voltage between an empty and a full tank. */
import { RANGE } from "hibernode/faults";
import { LEVEL } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

/** @param empty and `full`: volts of the sender, measured in this very vehicle */
export function fuelLevel(sender: Sensor<"voltage">, empty: number, full: number): Sensor<"level"> {
  return {
    quantities: [LEVEL],
    start: () => sender.start(),
    read() {
      const result = sender.read();
      if (typeof result === "number") return result;
      const level = ((result[0]! - empty) / (full - empty)) * 100;
      // a broken wire lies beyond either end
      return level < -5 || level > 105 ? RANGE : [Math.min(Math.max(level, 0), 100)];
    },
  };
}
