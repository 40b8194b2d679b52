/**
 * What the clocks that wake a node by a pin have in common: their calendar is set to nothing and counts the sleep, and
 * what was written is read back, since nothing else would end a sleep whose alarm did not arrive.
 */
import type { I2cBus } from "../../boards/types.ts";
import { i2c } from "../platform/espruino.ts";
import type { RtcAlarm } from "./wake-pin.ts";

export const bcd = (n: number) => (((n / 10) | 0) << 4) | (n % 10);

/** Registers for minute, hour and day of that many minutes after the 1st, 00:00. */
export const dayTime = (minutes: number) => [
  bcd(minutes % 60),
  bcd(((minutes / 60) | 0) % 24),
  bcd(1 + ((minutes / 1440) | 0)),
];

export interface AlarmPart {
  readonly address: number;
  /** All registers from 0 on: the calendar on the 1st at 00:00 or soon after, and the alarm that many seconds later. */
  registers(seconds: number): number[];
  /** Whether a register reads as it was written: the calendar and the flags do not. */
  isKept(register: number): boolean;
  /** Register and bit that tell that the alarm has come. */
  readonly flag: readonly [register: number, bit: number];
  /** What lets the pin go, from that register on. */
  readonly released: readonly number[];
}

export function rtcAlarm(bus: I2cBus, part: AlarmPart): RtcAlarm {
  const port = i2c(bus);
  const address = part.address;
  return {
    longest: 27 * 86400,
    set(total) {
      const wanted = part.registers(Math.max(1, Math.round(total)));
      try {
        port.writeTo(address, [0].concat(wanted));
        const read = port.readReg(address, 0, wanted.length);
        return wanted.every((byte, i) => !part.isKept(i) || byte === read[i]);
      } catch (e) {
        return false;
      }
    },
    clear() {
      try {
        const isSet = !!(port.readReg(address, part.flag[0], 1)[0]! & part.flag[1]);
        if (isSet) port.writeTo(address, part.flag.slice(0, 1).concat(part.released));
        return isSet;
      } catch (e) {
        return false;
      }
    },
  };
}
