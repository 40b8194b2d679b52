/** Texas Instruments OPT3001: illuminance. Data sheet: SBOS681C, November 2017. */
import type { I2cBus } from "../../boards/types.ts";
import { RANGE, TIMEOUT } from "../faults.ts";
import { be16, get, i2cSensor, type I2cOptions } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { ILLUMINANCE } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

export interface Opt3001Options extends I2cOptions {
  /** Integrates for 800 ms instead of 100: finer in the dark. */
  readonly slow?: boolean;
}

/** @param options `address` 0x45, 0x46, 0x47 by the pin ADDR */
export function opt3001(bus: I2cBus, options?: Opt3001Options): Sensor<"illuminance"> {
  const given: Opt3001Options = options || {};
  return i2cSensor(
    bus,
    0x44,
    {
      quantities: [ILLUMINANCE],
      id: [0x7e, 0x54, 0x49],
      // automatic range, one shot: 110 or 880 ms at most, and 13 ms to find the range; shuts down by itself
      script: [[1, given.slow ? 0xca : 0xc2, 0x10], given.slow ? 893 : 123, [1]],
      count: 2,
      decode(config, place) {
        if (!(config[1]! & 0x80)) return TIMEOUT;
        if (config[0]! & 1) return RANGE;
        const result = be16(get(place, 0, 2), 0);
        return [within(((result & 0xfff) << (result >> 12)) / 100, 0, 83866)];
      },
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Texas Instruments OPT3001",
  measures: ["illuminance"],
  datasheet: "SBOS681C, November 2017",
  bus: "I2C",
  addresses: [0x44, 0x45, 0x46, 0x47],
  clockHertz: 4e5,
  volts: [1.6, 3.6],
  startUpMs: figure(0, "section 7: not given", "inferred"),
  sleepMicroamps: figure(0.3, "shutdown (0.47 maximum)"),
  measuringMicroamps: figure(3.7, "active at full scale (1.8 in the dark)"),
  measureMs: figure(113, "100 ms and 13 ms for the range (123 maximum)"),
  check: "none (manufacturer id, ready and overflow flags only)",
  accuracy: "10 % (typical 2 % between ranges)",
  notes: [],
});
