/** ADXL345 as a motion alarm: at 12.5 Hz in low power (34 µA), pin INT1 high after a motion. */
import type { I2cBus } from "../../boards/types.ts";
import { ADXL_FORMAT } from "./adxl345.ts";
import { placeOn, type I2cOptions } from "./i2c.ts";
import { motionAlarm, type MotionAlarm } from "./motion.ts";

export interface AdxlMotionOptions extends I2cOptions {
  /** Change of acceleration on any axis that counts, in steps of 62.5 mg. Default 250. */
  readonly milliG?: number;
}

/** One part is either this or an `adxl345` sensor: each reading of that sends the part to standby. */
export function adxl345Motion(bus: I2cBus, options?: AdxlMotionOptions): MotionAlarm {
  const given: AdxlMotionOptions = options || {};
  return motionAlarm(
    placeOn(bus, 0x53, options),
    [
      [0x2d, 0], // standby while it is set up
      [0x2e, 0],
      [0x31, ADXL_FORMAT],
      [0x24, Math.max(Math.round((given.milliG || 250) / 62.5), 1)],
      [0x27, 0xf0], // activity on any axis, against where it was
      [0x2c, 0x17], // low power, 12.5 Hz
      [0x2f, 0], // all on INT1
      [0x2e, 0x10],
      [0x2d, 8],
      0x30, // whatever happened before
    ],
    0x30,
    0x10,
  );
}
