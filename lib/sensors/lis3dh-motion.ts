/** LIS3DH and LIS2DH12 as a motion alarm: at 10 Hz in low power (3 µA), pin INT1 high after a motion. */
import type { I2cBus } from "../../boards/types.ts";
import { placeOn, type I2cOptions } from "./i2c.ts";
import { motionAlarm, type MotionAlarm } from "./motion.ts";

export interface StMotionOptions extends I2cOptions {
  /** Change of acceleration on any axis that counts, in steps of 16 mg, up to 2032. Default 250. */
  readonly milliG?: number;
  /** How long it must last, in steps of 100 ms. Default 0. */
  readonly ms?: number;
}

/** One part is either this or a `lis3dh` sensor: each reading of that powers the part down. */
export function lis3dhMotion(bus: I2cBus, options?: StMotionOptions): MotionAlarm {
  const given: StMotionOptions = options || {};
  return motionAlarm(
    placeOn(bus, 0x18, options),
    [
      [0x20, 0x2f], // 10 Hz, low power, all axes
      [0x21, 0x01], // high-pass filter before interrupt 1: gravity does not count
      [0x22, 0x40], // interrupt 1 on pin INT1
      [0x23, 0x00], // 2 g: a threshold step is 16 mg
      [0x24, 0x08], // latched until read
      [0x32, Math.round((given.milliG || 250) / 16)],
      [0x33, Math.round((given.ms || 0) / 100)],
      0x26, // reading REFERENCE settles the filter at once
      0x31, // whatever happened before
      [0x30, 0x2a], // any axis, above the threshold
    ],
    0x31,
    0x40,
  );
}
