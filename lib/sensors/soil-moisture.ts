/** A capacitive soil probe with an analog output. It has no sleep state: put it behind a `powerGate` of 200 ms. */
import type { PinName } from "../../boards/types.ts";
import { meanVolts } from "./analog.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { MOISTURE } from "./quantities.ts";
import { checked, type Sensor } from "./sensor.ts";

export interface SoilOptions {
  readonly pin: PinName;
  /** Volts in air and in water, measured with this very probe. */
  readonly dry: number;
  readonly wet: number;
}

/** Percent of the way from dry to wet, cropped; a fifth beyond either end is no measurement. */
export function soilMoisture(options: SoilOptions): Sensor<"moisture"> {
  return {
    quantities: [MOISTURE],
    start: () => 0,
    read() {
      const part = (meanVolts(options.pin) - options.dry) / (options.wet - options.dry);
      return checked([part < -0.2 || part > 1.2 ? NaN : Math.min(Math.max(part, 0), 1) * 100]);
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Capacitive soil moisture probe, versions 1.2 and 2.0",
  measures: ["moisture"],
  datasheet: "none published",
  bus: "analog pin",
  volts: [3.3, 5.5],
  startUpMs: figure(200, "settling after power-on", "memory"),
  sleepMicroamps: figure(5000, "no sleep state: gate its supply", "memory"),
  measuringMicroamps: figure(5000, "supply current", "memory"),
  measureMs: figure(200, "settling after power-on", "memory"),
  check: "range",
  accuracy: "after calibration in the soil at hand only",
  notes: ["Needs its two end points measured in air and in water."],
});
