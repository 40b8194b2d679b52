/** InvenSense MPU-6050: acceleration, rotation, its own temperature. PS-MPU-6000A revision 3.4, RM-MPU-6000A revision 4.2. */
import type { I2cBus } from "../../boards/types.ts";
import { STUCK } from "../faults.ts";
import { be16, i2cSensor, signed16, type I2cOptions } from "./i2c.ts";
import { G } from "./motion.ts";
import { figure, type PartFacts } from "./part-facts.ts";
import {
  ACCELERATION_X,
  ACCELERATION_Y,
  ACCELERATION_Z,
  ROTATION_X,
  ROTATION_Y,
  ROTATION_Z,
  TEMPERATURE,
} from "./quantities.ts";
import { within, type Sensor } from "./sensor.ts";

export interface Mpu6050Options extends I2cOptions {
  /** Full scale in g. Default 2. */
  readonly range?: 2 | 4 | 8 | 16;
  /** Full scale in °/s. Default 250. */
  readonly rotation?: 250 | 500 | 1000 | 2000;
}

type Axes = "accelerationX" | "accelerationY" | "accelerationZ" | "rotationX" | "rotationY" | "rotationZ";

/** @param options `address` 0x69 when the pin AD0 is high */
export function mpu6050(bus: I2cBus, options?: Mpu6050Options): Sensor<Axes | "temperature"> {
  const given: Mpu6050Options = options || {};
  const range = given.range || 2;
  const rotation = given.rotation || 250;
  return i2cSensor(
    bus,
    0x68,
    {
      quantities: [ACCELERATION_X, ACCELERATION_Y, ACCELERATION_Z, ROTATION_X, ROTATION_Y, ROTATION_Z, TEMPERATURE],
      id: [0x75, 0x68],
      // awake with the x gyroscope's clock, 44 Hz filter; the gyroscopes settle in 30 ms, the clock in 10
      script: [
        [0x6b, 1],
        [0x1a, 3],
        [0x1b, [250, 500, 1000, 2000].indexOf(rotation) << 3],
        [0x1c, [2, 4, 8, 16].indexOf(range) << 3],
        45,
        [0x3b],
      ],
      count: 14,
      decode(answer) {
        const raw = (at: number) => within(signed16(be16(answer, at)), -32767, 32766); // the ends: saturated
        // registers at their reset value: nothing was converted
        if (!answer.some((byte) => byte)) return STUCK;
        return [
          (raw(0) * range * G) / 32768,
          (raw(2) * range * G) / 32768,
          (raw(4) * range * G) / 32768,
          // 131 counts per °/s at 250 °/s
          (raw(8) * rotation) / 32750,
          (raw(10) * rotation) / 32750,
          (raw(12) * rotation) / 32750,
          within(raw(6) / 340 + 36.53, -41, 86),
        ];
      },
      stop: [0x6b, 0x40],
    },
    options,
  );
}

export const facts = (): PartFacts => ({
  title: "InvenSense MPU-6050",
  measures: ["accelerationX", "accelerationY", "accelerationZ", "rotationX", "rotationY", "rotationZ", "temperature"],
  datasheet: "PS-MPU-6000A-00 revision 3.4; registers RM-MPU-6000A-00 revision 4.2",
  bus: "I2C",
  addresses: [0x68, 0x69],
  clockHertz: 4e5,
  volts: [2.375, 3.46],
  startUpMs: figure(100, "register access after power-on, maximum", "memory"),
  sleepMicroamps: figure(5, "idle"),
  measuringMicroamps: figure(3800, "six axes, without DMP"),
  measureMs: figure(45, "30 ms gyroscopes, 10 ms clock, and the 44 Hz filter's 5 ms"),
  check: "none (WHO_AM_I only)",
  accuracy: "zero level 50 mg (x, y), 80 mg (z), 20 °/s (unverified)",
  notes: [
    "No motion alarm: its threshold registers are missing from the register map since revision 4.",
    "How long the accelerometer takes after sleep is not given; the driver waits 45 ms.",
  ],
});
