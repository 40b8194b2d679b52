/** Rohm BH1750FVI: illuminance. Data sheet: 2011.11 revision D. */
import type { I2cBus } from "../../boards/types.ts";
import { be16, i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { ILLUMINANCE } from "./quantities.ts";
import type { Sensor } from "./sensor.ts";

export interface Bh1750Options extends I2cOptions {
  /** Measurement time register, 31 (up to 121 klx) to 254 (from 0.3 lx). Default 69 (up to 54 klx). */
  readonly time?: number;
}

/** @param options `address` 0x5C when the pin ADDR is high */
export function bh1750(bus: I2cBus, options?: Bh1750Options): Sensor<"illuminance"> {
  const time = (options && options.time) || 69;
  return i2cSensor(
    bus,
    0x23,
    {
      quantities: [ILLUMINANCE],
      // one high-resolution measurement: 180 ms at most, in proportion to the time; powers down by itself
      script: [[1], [0x40 | (time >> 5)], [0x60 | (time & 31)], [0x20], Math.ceil((180 * time) / 69)],
      count: 2,
      decode(answer) {
        const raw = be16(answer, 0);
        return [raw === 0xffff ? NaN : ((raw / 1.2) * 69) / time];
      },
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Rohm BH1750FVI",
  measures: ["illuminance"],
  datasheet: "BH1750FVI, 2011.11 revision D",
  bus: "I2C",
  addresses: [0x23, 0x5c],
  clockHertz: 4e5,
  volts: [2.4, 3.6],
  startUpMs: figure(0.001, "DVI low at least 1 µs after VCC, page 6"),
  sleepMicroamps: figure(0.01, "power down (1.0 maximum)"),
  measuringMicroamps: figure(120, "active (190 maximum)"),
  measureMs: figure(120, "high resolution (180 maximum)"),
  check: "none (saturation only)",
  accuracy: "20 % (0.96 to 1.44 counts per 1.2 lx)",
  notes: ["Has neither an id nor a ready flag: an answer that a fault on the bus changed is not noticed."],
});
