/** 32 samples from the FIFO of a LIS3DH or LIS2DH12. */
import type { I2cBus } from "../../boards/types.ts";
import { placeOn } from "./i2c.ts";
import { stRange, stScale, type StOptions } from "./lis3dh.ts";
import { fifoWindow, type WindowSource } from "./motion.ts";

export interface StWindowOptions extends StOptions {
  /** Samples per second. Default 100. */
  readonly rate?: 1 | 10 | 25 | 50 | 100 | 200 | 400;
}

export function lis3dhWindow(bus: I2cBus, options?: StWindowOptions): WindowSource {
  const given: StWindowOptions = options || {};
  const range = given.range || 2;
  const rate = given.rate || 100;
  return fifoWindow({
    place: placeOn(bus, 0x18, options),
    start: [
      [0x23, 0x80 | stRange(range)], // normal mode: the FIFO keeps 10 bits anyway
      [0x24, 0x40], // FIFO on
      [0x2e, 0x00], // bypass empties it
      [0x2e, 0x40], // fill once, then stop
      [0x20, ([1, 10, 25, 50, 100, 200, 400].indexOf(rate) + 1) * 16 + 7],
    ],
    // full is the overrun flag: drivers disagree on when the watermark fires
    level: 0x2f,
    mask: 0x40,
    full: 0x40,
    from: 0xa8, // with the FIFO on, the six result registers repeat
    transfers: 1,
    stop: [
      [0x20, 0],
      [0x24, 0],
    ],
    rate,
    scale: stScale(range),
  });
}
