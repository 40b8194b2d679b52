/**
 * STMicroelectronics LIS3DH and LIS2DH12: acceleration. Registers after ST's own drivers (lis3dh-pid, lis2dh12-pid);
 * modes and currents: data sheets DocID17530 revision 2 (LIS3DH) and DocID025056 revision 6 (LIS2DH12).
 */
import type { I2cBus } from "../../boards/types.ts";
import { TIMEOUT } from "../faults.ts";
import { i16 } from "../platform/bytes.ts";
import { i2cSensor, type I2cOptions } from "./i2c.ts";
import { G } from "./motion.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import { ACCELERATION_X, ACCELERATION_Y, ACCELERATION_Z } from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

export interface StOptions extends I2cOptions {
  /** Full scale in g. Default 2. */
  readonly range?: 2 | 4 | 8 | 16;
}

/**
 * m/s² of one count of 16 bits. 1 g is 16384 counts at 2 g by ST's AN3308 and by what users measure; the data sheet's
 * 1 mg per 16 counts says 16000, which lies within its tolerance. At 16 g a count is worth 12 times as much, not 8.
 */
export function stScale(range: number): number {
  return ((range === 16 ? 24 : range) * G) / 32768;
}

/** FS in CTRL_REG4. */
export function stRange(range: number): number {
  return Math.min(range >> 2, 3) << 4;
}

/** @param options `address` 0x19 when the pin SA0 is high */
export function lis3dh(bus: I2cBus, options?: StOptions): Sensor<"accelerationX" | "accelerationY" | "accelerationZ"> {
  const range = (options && options.range) || 2;
  return i2cSensor(
    bus,
    0x18,
    {
      quantities: [ACCELERATION_X, ACCELERATION_Y, ACCELERATION_Z],
      id: [0x0f, 0x33],
      // STATUS_REG and results, bit 7 counts the register up; high resolution at 400 Hz: valid after 7 periods, which may be a tenth longer, and one more for the sample
      script: [[0x23, 0x88 | stRange(range)], [0x20, 0x77], 23, [0xa7]],
      count: 7,
      // the ends of the scale are where it saturates, also with 12 bits of the 16
      decode: (answer) =>
        answer[0]! & 8 ? [1, 3, 5].map((at) => within(i16(answer, at), -32767, 32751) * stScale(range)) : TIMEOUT,
      stop: [0x20, 0],
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "STMicroelectronics LIS3DH",
  measures: ["accelerationX", "accelerationY", "accelerationZ"],
  datasheet: "DocID17530 revision 2; registers: ST's driver lis3dh-pid",
  bus: "I2C",
  addresses: [0x18, 0x19],
  clockHertz: 4e5,
  volts: [1.71, 3.6],
  startUpMs: figure(5, "boot, AN3308", "memory"),
  sleepMicroamps: figure(0.5, "power-down", "memory"),
  measuringMicroamps: figure(73, "table 12: high resolution, 400 Hz, at 2.5 V"),
  measureMs: figure(17.5, "7/ODR, page 17"),
  check: "none (WHO_AM_I and data-ready flag only)",
  accuracy: "zero level 40 mg (unverified)",
  notes: [
    "1 g is taken as 16384 counts at 2 g: AN3308; the data sheet's typical sensitivity gives 16000 (2.4 % less).",
  ],
});
