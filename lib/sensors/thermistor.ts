/** An NTC thermistor to ground with a fixed resistor to a gated or constant supply, by the beta equation. */
import type { PinName } from "../../boards/types.ts";
import { meanVolts } from "./analog.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { TEMPERATURE } from "./quantities.ts";
import { checked, within, type Sensor } from "./sensor.ts";

export interface ThermistorOptions {
  readonly pin: PinName;
  /** Resistance at 25 °C and beta of the thermistor. Default 10000 and 3950. */
  readonly ohms?: number;
  readonly beta?: number;
  /** Fixed resistor in ohms. Default 10000. */
  readonly series?: number;
  /** Volts on the fixed resistor. Default 3.3. */
  readonly supply?: number;
}

/** A broken wire reads as the supply and a short as 0 V: both lie far outside of what it measures. */
export function thermistor(options: ThermistorOptions): Sensor<"temperature"> {
  return {
    quantities: [TEMPERATURE],
    start: () => 0,
    read() {
      const volts = meanVolts(options.pin);
      const ratio = volts / ((options.supply || 3.3) - volts);
      const log = Math.log((ratio * (options.series || 10000)) / (options.ohms || 10000));
      return checked([within(1 / (log / (options.beta || 3950) + 1 / 298.15) - 273.15, -45, 130)]);
    },
  };
}

export const facts = (): PartFacts => ({
  title: "NTC thermistor in a divider",
  measures: ["temperature"],
  datasheet: "the thermistor's own: R25 and beta",
  bus: "analog pin",
  volts: [2.5, 3.3],
  startUpMs: figure(0, "none", "inferred"),
  sleepMicroamps: figure(165, "3.3 V over 20 kΩ, unless the supply is gated", "computed"),
  measuringMicroamps: figure(165, "3.3 V over 20 kΩ at 25 °C", "computed"),
  measureMs: figure(0, "one conversion", "computed"),
  check: "range (open and shorted wire)",
  accuracy: "the converter is uncalibrated: 1 to 2 °C (unverified)",
  notes: ["Feed the divider from a pin or a power gate: otherwise it is always on."],
});
