/**
 * The alarm of an NXP PCF8563 as wake source, at a quarter of a microampere. Its INT output (open drain, low) goes to the
 * wake pin. Data sheet revision 11, table 4: the registers. Its calendar counts the sleep and nothing else.
 */
import type { I2cBus } from "../../boards/types.ts";
import { bcd, dayTime, rtcAlarm } from "./rtc-alarm.ts";
import type { RtcAlarm } from "./wake-pin.ts";

/** AIE: the alarm drives the output. Without AF, which clears the flag. */
const CONTROL_2 = 0x02;

/** Later by less than a second. @param bus one of the board's I2C buses */
export function pcf8563(bus: I2cBus): RtcAlarm {
  return rtcAlarm(bus, {
    address: 0x51,
    // control, calendar, alarm without weekday. It comes at full minutes: the calendar starts that much into its first one
    registers(seconds) {
      const minutes = Math.ceil(seconds / 60);
      return [0, CONTROL_2, bcd(minutes * 60 - seconds), 0, 0, 1, 0, 1, 0].concat(dayTime(minutes), [0x80]);
    },
    isKept: (register) => register === 1 || register > 8,
    flag: [1, 8],
    released: [CONTROL_2],
  });
}
