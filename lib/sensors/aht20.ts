/** Aosong AHT20: temperature and humidity. Data sheet: AHT20, version 1.0, May 2021. */
import type { I2cBus } from "../../boards/types.ts";
import { CRC, TIMEOUT, UNREADY } from "../faults.ts";
import { crc8 } from "./crc8.ts";
import { i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { HUMIDITY, TEMPERATURE } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

export function aht20(bus: I2cBus, options?: I2cOptions): Sensor<"temperature" | "humidity"> {
  return i2cSensor(
    bus,
    0x38,
    {
      quantities: [TEMPERATURE, HUMIDITY],
      script: [[0xac, 0x33, 0x00], 100], // at least 80 ms, section 5.4; busy after that is a fault,
      count: 7,
      decode(answer) {
        if (crc8(answer, 0, 7, 0x131, 0xff)) return CRC;
        const status = answer[0]!;
        if (status & 0x80) return TIMEOUT;
        if (!(status & 8)) return UNREADY;
        const raw = (at: number) => (answer[at]! << 16) | (answer[at + 1]! << 8) | answer[at + 2]!;
        return [within(((raw(3) & 0xfffff) / 1048576) * 200 - 50, -41, 86), ((raw(1) >> 4) / 1048576) * 100];
      },
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Aosong AHT20",
  measures: ["temperature", "humidity"],
  datasheet: "AHT20, version 1.0, May 2021",
  bus: "I2C",
  addresses: [0x38],
  clockHertz: 4e5,
  volts: [2.2, 5.5],
  startUpMs: figure(100, "section 5.4 (an older edition: 40)"),
  sleepMicroamps: figure(0.25, "table 3, maximum"),
  measuringMicroamps: figure(980, "table 3"),
  measureMs: figure(80, "section 5.4: at least"),
  check: "CRC-8 over the answer",
  accuracy: "2 %RH, 0.3 °C",
  notes: ["A part that lost its calibration flag gives the fault unready: cycle its supply."],
});
