/** The resistor divider that brings the battery's voltage into the range of an analog pin. */
import type { AnalogSource, Random } from "../hardware.ts";

export interface DividerOptions {
  /** battery voltage = pin voltage × ratio, as the board file states it. */
  readonly ratio: number;
  /** The battery's voltage now. */
  readonly batteryVolts: () => number;
  /** Bound of the divider's constant relative error, for instance 0.01 for two 1 % resistors. */
  readonly tolerance?: number | undefined;
}

/** The divider's own current is part of the board's sleep floor, so nothing is booked here. */
export function batteryDivider(random: Random, { ratio, batteryVolts, tolerance = 0 }: DividerOptions): AnalogSource {
  if (!(ratio >= 1)) throw new RangeError(`a divider ratio of ${ratio}: expected 1 or more`);
  const gain = 1 + tolerance * (2 * random.next() - 1);
  return { volts: () => (batteryVolts() / ratio) * gain };
}
