/** Clock parts: the time of day, and an alarm that wakes the chip by a pin held low until `clear`. */
import { RANGE } from "../faults.ts";

export interface Rtc {
  /** Unix seconds, or -fault: `unready` when the clock has stopped since it was set. */
  time(): number;
  /** 0 or a fault. */
  set(unix: number): number;
  /** Pulls the pin low at that time, at most 28 days ahead. Whole minutes where the part has no better. 0 or a fault. */
  wakeAt(unix: number): number;
  /** Lets the pin go. 0 or a fault. */
  clear(): number;
}

/** Unix time of 1 January 2000. The parts count two digits of years from there. */
const EPOCH = 946684800;

export function toBcd(value: number): number {
  return value + 6 * Math.floor(value / 10);
}

function fromBcd(byte: number): number {
  return (byte & 15) > 9 ? NaN : byte - 6 * (byte >> 4);
}

/** Days from 1 March of a year to the first of a month, 0 = March. */
function monthDays(month: number): number {
  return Math.floor((153 * month + 2) / 5);
}

/** Unix seconds of six BCD bytes, masked; -RANGE when they are no date of 2000 to 2099. */
export function unixOf(second: number, minute: number, hour: number, day: number, month: number, year: number): number {
  const s = fromBcd(second);
  const m = fromBcd(minute);
  const h = fromBcd(hour);
  const d = fromBcd(day);
  const mon = fromBcd(month);
  const y = fromBcd(year);
  if (!(s < 60 && m < 60 && h < 24 && d > 0 && d < 32 && mon > 0 && mon < 13 && y < 100)) return -RANGE;
  // years from March on: the leap day is the last
  const late = mon > 2 ? 0 : 1;
  const from = y - late;
  const days = from * 365 + Math.floor(from / 4) + monthDays(mon - 3 + late * 12) + d + 59;
  return EPOCH + ((days * 24 + h) * 60 + m) * 60 + s;
}

/** Second, minute, hour, day, month, year in BCD, then the weekday 0 to 6 (Sunday = 0). */
export function bcdOf(unix: number): number[] {
  const total = Math.floor(unix) - EPOCH;
  const day = Math.floor(total / 86400);
  const second = total - day * 86400;
  // days since 1 March 1996, in leap cycles of 1461
  const since = day + 1401;
  const year = Math.floor((4 * since + 3) / 1461);
  const ofYear = since - Math.floor((1461 * year) / 4);
  const month = Math.floor((5 * ofYear + 2) / 153);
  return [
    second % 60,
    Math.floor(second / 60) % 60,
    Math.floor(second / 3600),
    ofYear - monthDays(month) + 1,
    month < 10 ? month + 3 : month - 9,
    year - (month < 10 ? 4 : 3),
    (day + 6) % 7,
  ].map(toBcd);
}
