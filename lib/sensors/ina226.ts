/** Texas Instruments INA226: voltage, current and power of a supply line. Data sheet: SBOS547B, September 2024. */
import type { I2cBus } from "../../boards/types.ts";
import { TIMEOUT } from "../faults.ts";
import { be16, get, i2cSensor, signed16 } from "./i2c.ts";
import type { ShuntOptions } from "./ina219.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CURRENT, LINE_VOLTAGE, POWER } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

/** @param options `address` 0x40 to 0x4F by the pins A0 and A1 */
export function ina226(bus: I2cBus, options?: ShuntOptions): Sensor<"lineVoltage" | "current" | "power"> {
  return i2cSensor(
    bus,
    0x40,
    {
      quantities: [LINE_VOLTAGE, CURRENT, POWER],
      id: [0xfe, 0x54, 0x49],
      // no averaging, 1.1 ms, both once: 2 × 1.21 ms at most
      script: ["\x00\x41\x23", 3, "\x06"],
      count: 2,
      decode(mask, place) {
        if (!(mask[1]! & 8)) return TIMEOUT;
        const volts = within(be16(get(place, 2, 2), 0) * 0.00125, 0, 36.1);
        // 2.5 µV per step; the ends are where it saturates
        const amps =
          within(signed16(be16(get(place, 1, 2), 0)), -32767, 32766) / 4e5 / ((options && options.shunt) || 0.1);
        return [volts, amps, volts * amps];
      },
      stop: "\x00\x41\x20",
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Texas Instruments INA226",
  measures: ["lineVoltage", "current", "power"],
  datasheet: "SBOS547B, September 2024",
  bus: "I2C",
  addresses: [0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f],
  clockHertz: 2.94e6,
  volts: [2.7, 5.5],
  startUpMs: figure(0, "not given", "inferred"),
  sleepMicroamps: figure(0.5, "shutdown (2 maximum)"),
  measuringMicroamps: figure(330, "active (420 maximum)"),
  measureMs: figure(2.2, "2 × 1.1 ms"),
  check: "none (manufacturer id, ready flag and range only)",
  accuracy: "0.1 % of current, offset 10 µV (unverified)",
  notes: ["The shunt may drop 81.9 mV: 0.82 A at 0.1 Ω."],
});
