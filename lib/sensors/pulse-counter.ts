/** Pulses of a meter (water, gas, S0 by IEC 62053-31): counted while the chip is awake. */
import type { PinName } from "../../boards/types.ts";
import { watchPin } from "../platform/espruino.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { COUNT } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

export interface PulseOptions {
  readonly pin: PinName;
  /** How long to count. */
  readonly windowMs: number;
  /** What lasts shorter is no pulse. Default 5 (S0 pulses last 30 ms); 20 for reed contacts in water and gas meters. */
  readonly debounceMs?: number;
  /** Edge that counts. Default "falling": contact or optocoupler to ground. */
  readonly edge?: "falling" | "rising";
}

/** Pulses within the window. Espruino has no counter that runs through deep sleep: what comes between is not counted. */
export function pulseCounter(options: PulseOptions): Sensor<"count"> {
  let count = 0;
  let end: (() => void) | undefined;
  return {
    quantities: [COUNT],
    start() {
      if (end) end();
      count = 0;
      end = watchPin(options.pin, options.edge || "falling", options.debounceMs || 5, () => {
        count++;
      });
      return options.windowMs;
    },
    read() {
      if (end) end();
      end = undefined;
      return [count];
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Pulse output of a meter: S0, water, gas",
  measures: ["count"],
  datasheet: "IEC 62053-31, as Siemens PAC3200T (page 28) and Camille Bauer DM5000 (page 23) cite it",
  bus: "pin",
  volts: [3, 27],
  startUpMs: figure(0, "none", "inferred"),
  sleepMicroamps: figure(0, "a closed contact draws 73 µA on the chip's pull-up while it is watched", "computed"),
  measuringMicroamps: figure(73, "3.3 V over 45 kΩ while closed", "computed"),
  measureMs: figure(0, "the window that the firmware asks for", "computed"),
  check: "minimum width",
  accuracy: "one pulse",
  notes: ["Only pulses within the window count."],
});
