/**
 * The alarm of a Maxim DS3231 as wake source: sleeps of days without a chain. Its INT/SQW output (open drain, low) goes
 * to the wake pin. Data sheet 19-5170 rev 10, figure 1: the registers. Its calendar counts the sleep and nothing else.
 */
import type { I2cBus } from "../../boards/types.ts";
import { i2c } from "../platform/espruino.ts";
import type { RtcAlarm } from "./wake-pin.ts";

const ADDRESS = 0x68;
const STATUS = 0x0f;
const A1F = 1;
/** INTCN | A1IE: alarm 1 drives the output. */
const CONTROL = 0x05;

const bcd = (n: number) => (((n / 10) | 0) << 4) | (n % 10);

/** @param bus one of the board's I2C buses */
export function ds3231(bus: I2cBus): RtcAlarm {
  const port = i2c(bus);
  return {
    longest: 27 * 86400,
    set(total) {
      const s = Math.max(1, Math.round(total));
      const minutes = (s / 60) | 0;
      const hours = (minutes / 60) | 0;
      try {
        // from register 0: the calendar at 00:00:00 on the 1st, alarm 1 by date, alarm 2 unused, control, status
        const alarm = [bcd(s % 60), bcd(minutes % 60), bcd(hours % 24), bcd(1 + ((hours / 24) | 0))];
        port.writeTo(ADDRESS, [0, 0, 0, 0, 1, 1, 1, 0].concat(alarm, [0, 0, 0, CONTROL, 0]));
      } catch (e) {
        return false;
      }
      return true;
    },
    clear() {
      try {
        port.writeTo(ADDRESS, [STATUS]);
        const isSet = port.readFrom(ADDRESS, 1)[0]! & A1F;
        if (isSet) port.writeTo(ADDRESS, [STATUS, 0]);
        return !!isSet;
      } catch (e) {
        return false;
      }
    },
  };
}
