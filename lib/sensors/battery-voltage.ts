/** The battery's voltage through a divider on an ADC pin. Espruino's ESP32 build has no other way (no VREF). */
import type { PinName } from "../../boards/types.ts";
import { RANGE } from "../faults.ts";
import { readAnalog } from "../platform/espruino.ts";
import { VOLTAGE } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

/** Full scale of the ADC at Espruino's default attenuation of 11 dB: 3.6 V nominal (`ESP32.setAtten`), uncalibrated. */
const FULL_SCALE_VOLTS = 3.6;

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
