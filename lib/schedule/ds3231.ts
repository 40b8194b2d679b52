/**
 * The alarm of a Maxim DS3231 as wake source: sleeps of days without a chain. Its INT/SQW output (open drain, low) goes
 * to the wake pin. Data sheet 19-5170 rev 10, figure 1: the registers. Its calendar counts the sleep and nothing else.
 */
import type { I2cBus } from "../../boards/types.ts";
import { bcd, dayTime, rtcAlarm } from "./rtc-alarm.ts";
import type { RtcAlarm } from "./wake-pin.ts";

/** INTCN | A1IE: alarm 1 drives the output. */
const CONTROL = 0x05;

/** Good to the second. @param bus one of the board's I2C buses */
export function ds3231(bus: I2cBus): RtcAlarm {
  return rtcAlarm(bus, {
    address: 0x68,
    // calendar, alarm 1 by date, alarm 2 unused, control, status
    registers: (seconds) =>
      [0, 0, 0, 1, 1, 1, 0, bcd(seconds % 60)].concat(dayTime((seconds / 60) | 0), [0, 0, 0, CONTROL, 0]),
    isKept: (register) => register > 6 && register < 15,
    flag: [0x0f, 1],
    released: [0],
  });
}
