/** Texas Instruments INA219: voltage, current and power of a supply line. Data sheet: SBOS448G, December 2015. */
import type { I2cBus } from "../../boards/types.ts";
import { TIMEOUT } from "../faults.ts";
import { be16, get, i2cSensor, signed16, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CURRENT, LINE_VOLTAGE, POWER } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

export interface ShuntOptions extends I2cOptions {
  /** Shunt in ohms. Default 0.1, as on most boards. */
  readonly shunt?: number;
}

/** @param options `address` 0x40 to 0x4F by the pins A0 and A1 */
export function ina219(bus: I2cBus, options?: ShuntOptions): Sensor<"lineVoltage" | "current" | "power"> {
  return i2cSensor(
    bus,
    0x40,
    {
      quantities: [LINE_VOLTAGE, CURRENT, POWER],
      // 32 V, 320 mV, 12 bits, both once: 2 × 586 µs at most
      script: [[0, 0x39, 0x9b], 2, [2]],
      count: 2,
      decode(answer, place) {
        const word = be16(answer, 0);
        // conversion ready; then 4 mV per step
        if (!(word & 2)) return TIMEOUT;
        const volts = within((word >> 3) * 0.004, 0, 26.2);
        // 10 µV per step; the ends are where it saturates
        const amps =
          within(signed16(be16(get(place, 1, 2), 0)), -31999, 31999) / 1e5 / ((options && options.shunt) || 0.1);
        return [volts, amps, volts * amps];
      },
      stop: [0, 0x39, 0x98],
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Texas Instruments INA219",
  measures: ["lineVoltage", "current", "power"],
  datasheet: "SBOS448G, December 2015",
  bus: "I2C",
  addresses: [0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f],
  clockHertz: 2.56e6,
  volts: [3, 5.5],
  startUpMs: figure(0, "not given", "inferred"),
  sleepMicroamps: figure(6, "section 7.5, power-down (15 maximum)"),
  measuringMicroamps: figure(700, "section 7.5 (1000 maximum), and 20 µA into each input"),
  measureMs: figure(1.06, "2 × 532 µs"),
  check: "none (ready flag and range only)",
  accuracy: "0.5 % of current (A), 0.3 % (B), offset 1 mA or 0.5 mA at 0.1 Ω",
  notes: ["A line above 26 V destroys it."],
});
