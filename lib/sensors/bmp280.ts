/** Bosch BMP280: temperature and air pressure. Data sheet: BST-BMP280-DS001-26, revision 1.26, October 2021. */
import type { I2cBus } from "../../boards/types.ts";
import { compensate } from "./bosch.ts";
import { get, i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { PRESSURE, TEMPERATURE } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

/** @param options `address` 0x77 when the pin SDO is high */
export function bmp280(bus: I2cBus, options?: I2cOptions): Sensor<"temperature" | "pressure"> {
  return i2cSensor(
    bus,
    0x76,
    {
      quantities: [TEMPERATURE, PRESSURE],
      id: [0xd0, 0x58],
      script: [[0xf4, 0x25], 7, [0xf3]], // both once, forced mode: 6.4 ms at most (table 13)
      count: 10,
      decode(answer, place) {
        const result = compensate(answer, get(place, 0x88, 24));
        return typeof result === "number" ? result : result.values;
      },
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Bosch BMP280",
  measures: ["temperature", "pressure"],
  datasheet: "BST-BMP280-DS001-26, revision 1.26, October 2021",
  bus: "I2C",
  addresses: [0x76, 0x77],
  clockHertz: 3.4e6,
  volts: [1.71, 3.6],
  startUpMs: figure(2, "table 2, maximum"),
  sleepMicroamps: figure(0.1, "table 2 (0.3 maximum)"),
  measuringMicroamps: figure(498, "table 12: 2.74 µC a measurement, over 5.5 ms", "computed"),
  measureMs: figure(5.5, "table 13, × 1 and × 1 (6.4 maximum)"),
  check: "none (chip id, status and range only)",
  accuracy: "1 hPa, 0.5 °C at 25 °C",
  notes: [],
});
