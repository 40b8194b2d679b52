/** 32 samples from the FIFO of an ADXL345. */
import type { I2cBus } from "../../boards/types.ts";
import { ADXL_FORMAT } from "./adxl345.ts";
import { placeOn, type I2cOptions } from "./i2c.ts";
import { fifoWindow, G, type WindowSource } from "./motion.ts";

export interface AdxlWindowOptions extends I2cOptions {
  /** Samples per second. Default 100. */
  readonly rate?: 12.5 | 25 | 50 | 100 | 200 | 400;
}

export function adxl345Window(bus: I2cBus, options?: AdxlWindowOptions): WindowSource {
  const given: AdxlWindowOptions = options || {};
  const rate = given.rate || 100;
  return fifoWindow({
    place: placeOn(bus, 0x53, options),
    start: [
      [0x2d, 0],
      [0x31, ADXL_FORMAT],
      [0x2c, [12.5, 25, 50, 100, 200, 400].indexOf(rate) + 7],
      [0x38, 0], // bypass empties it
      [0x38, 0x5f], // fill once, then stop
      [0x2d, 8],
    ],
    level: 0x39,
    mask: 63,
    full: 32,
    from: 0x32,
    transfers: 32, // a sample leaves the FIFO as a whole
    stop: [[0x2d, 0]],
    rate,
    scale: G / 256,
  });
}
