/** Texas Instruments TMP117: temperature. Data sheet: SNOSD82B, March 2019. */
import type { I2cBus } from "../../boards/types.ts";
import { TIMEOUT } from "../faults.ts";
import { be16, get, i2cSensor, type I2cOptions, signed16 } from "./i2c.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { TEMPERATURE } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

/** @param options `address` 0x49, 0x4A, 0x4B by the pin ADD0 */
export function tmp117(bus: I2cBus, options?: I2cOptions): Sensor<"temperature"> {
  return i2cSensor(
    bus,
    0x48,
    {
      quantities: [TEMPERATURE],
      id: [0x0f, 0x01, 0x17],
      script: [[1, 0x0c, 0x00], 18, [1]], // one shot without averaging: 17.5 ms at most; shuts down by itself
      count: 2,
      // data ready is bit 13; one step is 1/128 °C
      decode: (config, place) =>
        config[0]! & 0x20 ? [within(signed16(be16(get(place, 0, 2), 0)) / 128, -56, 151)] : TIMEOUT,
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Texas Instruments TMP117",
  measures: ["temperature"],
  datasheet: "SNOSD82B, March 2019",
  bus: "I2C",
  addresses: [0x48, 0x49, 0x4a, 0x4b],
  clockHertz: 4e5,
  volts: [1.8, 5.5],
  startUpMs: figure(1.5, "power-on reset, section 7.3.1"),
  sleepMicroamps: figure(0.15, "shutdown (0.5 maximum)"),
  measuringMicroamps: figure(135, "conversion (220 maximum)"),
  measureMs: figure(15.5, "conversion without averaging (17.5 maximum)"),
  check: "none (device id, ready flag and range only)",
  accuracy: "0.1 °C from -20 to 50 °C",
  notes: ["Converts continuously from power-on until the first reading."],
});
