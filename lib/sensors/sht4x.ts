/** Sensirion SHT40, SHT41, SHT43, SHT45: temperature and humidity. Data sheet: "SHT4x", version 6.1, March 2023. */
import type { I2cBus } from "../../boards/types.ts";
import { i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { HUMIDITY, TEMPERATURE } from "./quantities.ts";
import { celsius, checkedWords } from "./sensirion.ts";
import type { Sensor } from "./sensor.ts";

/** @param bus one of the board's I2C buses @param options `address` for the variants B (0x45) and C (0x46) */
export function sht4x(bus: I2cBus, options?: I2cOptions): Sensor<"temperature" | "humidity"> {
  return i2cSensor(
    bus,
    0x44, // SHT4x-A; -B 0x45, -C 0x46 (table 10)
    {
      quantities: [TEMPERATURE, HUMIDITY],
      script: [[0xfd], 9], // high repeatability, no heater (table 8): 8.3 ms at most, power-up included (table 5)
      count: 6,
      decode(answer) {
        const words = checkedWords(answer);
        // section 4.6: humidity is to be cropped
        return typeof words === "number"
          ? words
          : [celsius(words[0]!), Math.min(Math.max((words[1]! * 125) / 65535 - 6, 0), 100)];
      },
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Sensirion SHT40, SHT41, SHT43, SHT45",
  measures: ["temperature", "humidity"],
  datasheet: "SHT4x, version 6.1, March 2023",
  bus: "I2C",
  addresses: [0x44, 0x45, 0x46],
  clockHertz: 1e6,
  volts: [1.08, 3.6],
  startUpMs: figure(1, "table 5, maximum"),
  sleepMicroamps: figure(0.08, "table 4, idle at 25 °C (1.0 maximum)"),
  measuringMicroamps: figure(320, "table 4 (500 maximum)"),
  measureMs: figure(6.9, "table 5, high repeatability (8.3 maximum)"),
  check: "CRC-8 per word",
  accuracy: "1.8 %RH, 0.2 °C (SHT45: 1.0 %RH, 0.1 °C)",
  notes: [],
});
