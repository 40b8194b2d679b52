/** Analog Devices ADXL345: acceleration, up to 16 g at 1/256 g. Data sheet: revision E. */
import type { I2cBus } from "../../boards/types.ts";
import { TIMEOUT } from "../faults.ts";
import { i16 } from "../platform/bytes.ts";
import { i2cSensor, type I2cOptions } from "./i2c.ts";
import { G } from "./motion.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { ACCELERATION_X, ACCELERATION_Y, ACCELERATION_Z } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

/** Full resolution, 16 g. */
export const ADXL_FORMAT = 0x0b;

/** @param options `address` 0x1D when the pin ALT ADDRESS is high */
export function adxl345(
  bus: I2cBus,
  options?: I2cOptions,
): Sensor<"accelerationX" | "accelerationY" | "accelerationZ"> {
  return i2cSensor(
    bus,
    0x53,
    {
      quantities: [ACCELERATION_X, ACCELERATION_Y, ACCELERATION_Z],
      id: [0, 0xe5],
      // INT_SOURCE, DATA_FORMAT and results; 100 Hz: a first result after 1/ODR + 1.1 ms
      script: [[0x31, ADXL_FORMAT], [0x2c, 0x0a], [0x2d, 8], 13, [0x30]],
      count: 8,
      decode: (answer) =>
        answer[0]! & 0x80 && answer[1] === ADXL_FORMAT
          ? [2, 4, 6].map((at) => (within(i16(answer, at), -4095, 4094) * G) / 256) // saturates at 13 bits
          : TIMEOUT,
      stop: [0x2d, 0],
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "Analog Devices ADXL345",
  measures: ["accelerationX", "accelerationY", "accelerationZ"],
  datasheet: "ADXL345, revision E",
  bus: "I2C",
  addresses: [0x53, 0x1d],
  clockHertz: 4e5,
  volts: [2.0, 3.6],
  startUpMs: figure(1.4, "turn-on at 3200 Hz; standby after power-up"),
  sleepMicroamps: figure(0.1, "standby, table 1"),
  measuringMicroamps: figure(140, "table 7: 100 Hz"),
  measureMs: figure(11.1, "1/ODR + 1.1 ms"),
  check: "none (device id, data-ready flag and format read back)",
  accuracy: "zero level 150 mg (x, y), 250 mg (z); 230 to 282 counts per g",
  notes: ["Pin CS must be high for I2C."],
});
