/** A power key input: active low, read directly or through an NPN transistor that inverts it. */
import type { Alarm, Clock } from "../clock.ts";
import type { PinTarget } from "../hardware.ts";

/** `direct`: the pin pulls the key low itself. `npn`: pin high presses the key. Not driven = released in both. */
export type KeyWiring = "direct" | "npn";

export interface PowerKeyOptions {
  readonly clock: Clock;
  readonly wiring: KeyWiring;
  /** Microseconds for which the key must stay down now to have an effect; undefined when it has none. */
  readonly holdUs: () => number | undefined;
  /** Called once per press, when the key has been down long enough. */
  readonly pressed: () => void;
}

export function createPowerKey({ clock, wiring, holdUs, pressed }: PowerKeyOptions): PinTarget {
  const downLevel = wiring === "direct" ? 0 : 1;
  let alarm: Alarm | undefined;
  let down = false;
  return {
    changed(level) {
      const isDown = level === downLevel;
      if (isDown === down) return;
      down = isDown;
      clock.cancel(alarm);
      alarm = undefined;
      const hold = isDown ? holdUs() : undefined;
      if (hold !== undefined) alarm = clock.after(hold, pressed);
    },
  };
}
