/**
 * Leaks show in what no household does: water that never rests, or more of it than any use takes. The rules are those of
 * ultrasonic water meters: no dry hour within a day, and a high flow that does not end.
 */
import { UNREADY } from "hibernode/faults";
import type { Memo } from "hibernode/schedule/remember";
import { COUNT, STATE } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

export const LEAK = 1;
export const BURST = 2;

export interface LeakRules {
  /** Samples in a row with water in each of them: a leak. */
  readonly restless: number;
  /** Pulses between two samples: a burst. */
  readonly burst: number;
}

/** The meter's count, and what is wrong: 0, `LEAK` or `BURST`. The counter starts over at a million. */
export function leakWatch(meter: Sensor<"count">, memo: Memo, rules: LeakRules): Sensor<"count" | "state"> {
  return {
    quantities: [COUNT, STATE],
    start: () => meter.start(),
    read() {
      const result = meter.read();
      if (typeof result === "number") {
        // the counter lost its supply: what it counts from now on says nothing about what was
        if (result === UNREADY) memo.set([]);
        return result;
      }
      const count = result[0]!;
      const before = memo.get(0);
      const used = before === undefined ? 0 : (count - before + 1e6) % 1e6;
      const restless = used ? (memo.get(1) || 0) + 1 : 0;
      memo.set([count, Math.min(restless, rules.restless)]);
      return [count, used >= rules.burst ? BURST : restless >= rules.restless ? LEAK : 0];
    },
  };
}
