/**
 * For what is worn or carried: sleeps by the clock while it is in use, and until it is moved while it is not. Then nothing falls due:
 * a watch in a drawer costs its sleep alone.
 */
import type { WakePin } from "../../boards/types.ts";
import { deepSleep } from "../platform/espruino.ts";
import type { MotionAlarm } from "../sensors/motion.ts";
import type { Duration } from "./every.ts";
import type { Extension } from "./extensions.ts";
import { onPin } from "./wake-pin.ts";

export interface UntilMovedOptions {
  /** Arms the part, whose pin is high after a motion. */
  readonly alarm: MotionAlarm;
  /** Asked at the end of each wake. */
  readonly isIdle: () => boolean;
  /** How long motion is left alone after one that meant nothing; doubles each time, up to two hours. Default "60s". */
  readonly quiet?: Duration;
}

/** A motion is an event: the node samples at once. Jobs wait for it, the report too: send what waits before it is idle. */
export function untilMoved<R>(pin: WakePin, options: UntilMovedOptions): Extension<R> {
  const parked = onPin<R>(pin, { level: 1, alarm: "none", quiet: options.quiet || "60s" });
  return (host) => {
    const hooks = parked(host);
    const sleep = hooks.sleep!;
    // the pin stays high until the part is asked
    options.alarm.moved();
    return Object.assign(hooks, {
      sleep(wanted: number, again: () => void) {
        // a part that does not answer would never wake it
        if (!options.isIdle() || options.alarm.arm()) deepSleep(wanted);
        sleep(wanted, again);
      },
    });
  };
}
