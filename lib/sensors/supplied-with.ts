/** For a part that has another supply than the board's rail: a converter, a cell, a supply of its own. */
import type { Sensor } from "./sensor.ts";

/**
 * Says what feeds a part; the build then compares that with what the part takes, instead of the board's rail. On the device
 * it is nothing. @param _volts its supply
 */
export function suppliedWith<Name extends string>(_volts: number, sensor: Sensor<Name>): Sensor<Name> {
  return sensor;
}
