/** Avia HX711: mass from a bridge of strain gauges. Data sheet: version 2.0. Channel A, gain 128. */
import type { PinName } from "../../boards/types.ts";
import { STUCK, TIMEOUT } from "../faults.ts";
import { pullUpPin, pulsePin, readPin, setPin } from "../platform/espruino.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { MASS } from "./quantities.ts";
import { checked, type Sensor } from "./sensor.ts";

export interface Hx711Options {
  readonly data: PinName;
  /** Pull it up outside: in deep sleep no pin is driven, and the part sleeps only while it is high. */
  readonly clock: PinName;
  /** Counts without a load. */
  readonly zero: number;
  /** Counts per kilogram, negative when the bridge is wired the other way round. */
  readonly countsPerKg: number;
  /** Conversions per second, by its pin RATE. Default 10. */
  readonly rate?: 10 | 80;
}

export function hx711(options: Hx711Options): Sensor<"mass"> {
  const data = options.data;
  const clock = options.clock;
  const period = options.rate === 80 ? 13 : 100;
  let polls = 0;
  const counts = () => {
    let value = 0;
    // clocked by pulses of one call each: 60 µs high would put the part to sleep
    for (let bit = 24; bit; bit--) {
      pulsePin(clock);
      value = value * 2 + readPin(data);
    }
    pulsePin(clock);
    return value < 0x800000 ? value : value - 0x1000000;
  };
  return {
    quantities: [MASS],
    start() {
      polls = 0;
      pullUpPin(data);
      setPin(clock, 0);
      return period * 4; // settling after power-up
    },
    read() {
      const busy = readPin(data);
      if (busy && polls++ < 10) return -period / 4;
      const value = busy ? 0 : counts();
      // the 25th pulse ends the data: the line goes back to busy
      const released = readPin(data);
      setPin(clock, 1);
      if (busy) return TIMEOUT;
      if (!released) return STUCK;
      return checked([Math.abs(value + 0.5) > 8388607 ? NaN : (value - options.zero) / options.countsPerKg]);
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Avia Semiconductor HX711",
  measures: ["mass"],
  datasheet: "HX711, version 2.0",
  bus: "pin",
  volts: [2.6, 5.5],
  startUpMs: figure(400, "settling at 10 per second (50 at 80)"),
  sleepMicroamps: figure(0.5, "0.3 analog + 0.2 digital (1 maximum)"),
  measuringMicroamps: figure(1500, "1400 analog + 100 digital, without the bridge (1 kΩ: 4.3 mA)"),
  measureMs: figure(400, "settling at 10 per second"),
  check: "none (ready line before and after, saturation)",
  accuracy: "50 nV rms at 10 per second",
  notes: [
    "Power the bridge from its own analog supply, so that it sleeps with the part.",
    "Needs a pull-up on PD_SCK.",
  ],
});
