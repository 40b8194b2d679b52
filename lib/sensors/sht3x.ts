/** Sensirion SHT30, SHT31, SHT35: temperature and humidity. Data sheet: "SHT3x-DIS", version 4, March 2017. */
import type { I2cBus } from "../../boards/types.ts";
import { i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { HUMIDITY, TEMPERATURE } from "./quantities.ts";
import { celsius, checkedWords } from "./sensirion.ts";
import type { Sensor } from "./sensor.ts";

/** @param options `address` 0x45 when the pin ADDR is high */
export function sht3x(bus: I2cBus, options?: I2cOptions): Sensor<"temperature" | "humidity"> {
  return i2cSensor(
    bus,
    0x44,
    {
      quantities: [TEMPERATURE, HUMIDITY],
      script: [[0x24, 0x00], 15], // single shot, high repeatability, no clock stretching: 15 ms at most (table 4)
      count: 6,
      decode(answer) {
        const words = checkedWords(answer);
        return typeof words === "number" ? words : [celsius(words[0]!), (words[1]! * 100) / 65535];
      },
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Sensirion SHT30, SHT31, SHT35",
  measures: ["temperature", "humidity"],
  datasheet: "SHT3x-DIS, version 4, March 2017",
  bus: "I2C",
  addresses: [0x44, 0x45],
  clockHertz: 1e6,
  volts: [2.4, 5.5],
  startUpMs: figure(1, "table 4, maximum"),
  sleepMicroamps: figure(0.2, "table 3, idle in single-shot mode (2.0 maximum)"),
  measuringMicroamps: figure(800, "table 3 (1500 maximum)"),
  measureMs: figure(12.5, "table 4, high repeatability (15 maximum)"),
  check: "CRC-8 per word",
  accuracy: "2 %RH, 0.2 to 0.3 °C by type",
  notes: [],
});
