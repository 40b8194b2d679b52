/** Sensirion SCD41 and SCD43: carbon dioxide, temperature, humidity. Data sheet: SCD4x, version 1.7, April 2025. */
import type { I2cBus } from "../../boards/types.ts";
import { i2c } from "../platform/espruino.ts";
import { i2cSensor } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { CO2, HUMIDITY, TEMPERATURE } from "./quantities.ts";
import { celsius, checkedWords } from "./sensirion.ts";
import { within, type Sensor } from "./sensor.ts";

const ADDRESS = 0x62;

/** The SCD40 has no single shot: it refuses the command, which is a fault. */
export function scd4x(bus: I2cBus): Sensor<"co2" | "temperature" | "humidity"> {
  const inner = i2cSensor(bus, ADDRESS, {
    quantities: [CO2, TEMPERATURE, HUMIDITY],
    // awake 30 ms after wake_up, measure_single_shot, read_measurement
    script: [30, [0x21, 0x9d], 5000, [0xec, 0x05], 1],
    count: 9,
    decode(answer) {
      const words = checkedWords(answer);
      return typeof words === "number"
        ? words
        : [within(words[0]!, 1, 40000), celsius(words[1]!), (words[2]! * 100) / 65535];
    },
    stop: [0x36, 0xe0],
  });
  const port = i2c(bus);
  return {
    quantities: inner.quantities,
    start() {
      try {
        port.writeTo(ADDRESS, [0x36, 0xf6]);
      } catch (e) {
        // a sleeping part wakes without an acknowledge
      }
      return inner.start();
    },
    read: () => inner.read(),
  };
}

export const facts = (): PartFacts => ({
  title: "Sensirion SCD41, SCD43",
  measures: ["co2", "temperature", "humidity"],
  datasheet: "SCD4x, version 1.7, April 2025",
  bus: "I2C",
  addresses: [ADDRESS],
  clockHertz: 4e5,
  volts: [2.4, 5.5],
  startUpMs: figure(30, "table 7, maximum"),
  sleepMicroamps: figure(0.5, "power_down: the data sheet gives no current", "inferred"),
  measuringMicroamps: figure(27000, "0.45 mA average at one single shot per 5 minutes: 135 mC over 5 s", "computed"),
  measureMs: figure(5000, "table 9, measure_single_shot"),
  check: "CRC-8 per word",
  accuracy: "SCD41: 50 ppm + 2.5 % up to 1000 ppm; 0.8 °C, 6 %RH",
  notes: [
    "Peaks of 175 mA (205 maximum) at 3.3 V: the supply must carry them.",
    "Its automatic self-calibration does not work between power-downs.",
    "The first single shot after power-down counts: version 1.6 of the data sheet took back the advice to discard it.",
  ],
});
