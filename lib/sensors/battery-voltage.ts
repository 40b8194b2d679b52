/** The battery's voltage through a divider on an ADC pin. Espruino's ESP32 build has no other way (no VREF). */
import type { PinName } from "../../boards/types.ts";
import { RANGE } from "../faults.ts";
import { readAnalog } from "../platform/espruino.ts";
import { FULL_SCALE_VOLTS } from "./analog.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { VOLTAGE } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

export function batteryVoltage(input: { readonly pin: PinName; readonly ratio: number }): Sensor<"voltage"> {
  return {
    quantities: [VOLTAGE],
    start: () => 0,
    read() {
      const level = readAnalog(input.pin);
      // 0 = nothing connected, 1 = beyond full scale, NaN = no ADC on that pin: none of them is a measurement
      return level > 0 && level < 1 ? [level * FULL_SCALE_VOLTS * input.ratio] : RANGE;
    },
  };
}

export const facts = (): PartFacts => ({
  title: "Battery voltage through a divider",
  measures: ["voltage"],
  datasheet: "none: two resistors",
  bus: "analog pin",
  volts: [0, 3.6],
  startUpMs: figure(0, "none", "inferred"),
  sleepMicroamps: figure(2.1, "4.2 V over 1 MΩ + 1 MΩ; the board's own figure counts", "computed"),
  measuringMicroamps: figure(2.1, "the same", "computed"),
  measureMs: figure(0, "one conversion", "computed"),
  check: "range",
  accuracy: "the converter is uncalibrated: a few percent (unverified)",
  notes: [],
});
