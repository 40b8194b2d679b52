/** Texas Instruments ADS1115: four analog inputs of 16 bits. Data sheet: SBAS444D, January 2018. */
import type { I2cBus } from "../../boards/types.ts";
import { TIMEOUT } from "../faults.ts";
import { be16, get, i2cSensor, signed16, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { VOLTAGE } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

export interface Ads1115Options extends I2cOptions {
  /** Input against ground, or the difference of two. Default 0. */
  readonly input?: 0 | 1 | 2 | 3 | "0-1" | "0-3" | "1-3" | "2-3";
  /** Full scale in volts; no pin may exceed the supply. Default 4.096. */
  readonly fullScale?: 6.144 | 4.096 | 2.048 | 1.024 | 0.512 | 0.256;
  /** Conversions per second: the fewer, the less noise and the more energy (table 1). Default 860: 1.2 ms. */
  readonly rate?: 8 | 16 | 32 | 64 | 128 | 250 | 475 | 860;
  /** Voltage in front of a divider = measured voltage × ratio. Default 1. */
  readonly ratio?: number;
}

/** @param options `address` 0x49, 0x4A, 0x4B by the pin ADDR */
export function ads1115(bus: I2cBus, options?: Ads1115Options): Sensor<"voltage"> {
  const given: Ads1115Options = options || {};
  const input = given.input || 0;
  const fullScale = given.fullScale || 4.096;
  const rate = given.rate || 860;
  const mux = typeof input === "number" ? input + 4 : ["0-1", "0-3", "1-3", "2-3"].indexOf(input);
  const gain = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256].indexOf(fullScale);
  // start one conversion, then power down
  const high = 0x81 | (mux << 4) | (gain << 1);
  // comparator off
  const low = ([8, 16, 32, 64, 128, 250, 475, 860].indexOf(rate) << 5) | 3;
  return i2cSensor(
    bus,
    0x48,
    {
      quantities: [VOLTAGE],
      script: [[1, high, low], Math.ceil(0.03 + 1100 / rate), [1]], // 25 µs to power up, an oscillator 10 % slow at worst
      count: 2,
      decode: (config, place) =>
        // ready, and still what was written
        config[0] === high && config[1] === low
          ? [(within(signed16(be16(get(place, 0, 2), 0)), -32767, 32766) / 32768) * fullScale * (given.ratio || 1)]
          : TIMEOUT,
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Texas Instruments ADS1115",
  measures: ["voltage"],
  datasheet: "SBAS444D, January 2018",
  bus: "I2C",
  addresses: [0x48, 0x49, 0x4a, 0x4b],
  clockHertz: 4e5,
  volts: [2.0, 5.5],
  startUpMs: figure(0.05, "section 9.3: not given exactly", "inferred"),
  sleepMicroamps: figure(0.5, "power-down (2 maximum at 25 °C)"),
  measuringMicroamps: figure(150, "operating (200 maximum)"),
  measureMs: figure(1.2, "860 samples per second (1.3 maximum)"),
  check: "none (configuration read back, range only)",
  accuracy: "0.15 % gain error at most",
  notes: [],
});
