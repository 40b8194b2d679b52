/** Voltages on the chip's own converter. */
import type { PinName } from "../../boards/types.ts";
import { readAnalog } from "../platform/espruino.ts";

/** Full scale at Espruino's default attenuation of 11 dB: 3.6 V nominal (`ESP32.setAtten`), uncalibrated. */
export const FULL_SCALE_VOLTS = 3.6;

/** Mean of eight readings in volts. NaN: no converter on the pin, nothing connected, or beyond full scale. */
export function meanVolts(pin: PinName): number {
  let sum = 0;
  for (let i = 0; i < 8; i++) {
    const level = readAnalog(pin);
    sum += level > 0 && level < 1 ? level : NaN;
  }
  return (sum * FULL_SCALE_VOLTS) / 8;
}
