/** The counting chain of a clock chip: calendar fields as BCD, its drift, and when an alarm next matches. */
import type { Clock } from "../clock.ts";

export interface Fields {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  /** Day of the month, 1 to 31. */
  readonly date: number;
  /** 1 to 12. */
  readonly month: number;
  /** Since 2000; 100 and more = the century bit has toggled. */
  readonly year: number;
  /** As the chip counts it: it only steps at midnight, whatever day it was set to. */
  readonly weekday: number;
}

export interface Calendar {
  readonly fields: Fields;
  /** Whole seconds counted, for `nextMatch`. */
  readonly seconds: number;
  /** Sets some fields; the fraction of the second goes on unless the second itself is set. */
  set(fields: Partial<Fields>): void;
  /** Virtual time at which the chip will have counted `seconds`. */
  atUs(seconds: number): number;
  /** The first whole second after now whose fields match; Infinity when none does within four years. */
  nextMatch(matches: Matches): number;
}

/** Undefined = any. */
export type Matches = { readonly [Field in "second" | "minute" | "hour" | "date" | "weekday"]?: number | undefined };

const DAY = 86_400;

/** The first second of a day, not before `from`, with these fields; Infinity when the day has none left. */
function nextOfDay(from: number, hour?: number, minute?: number, second?: number): number {
  for (let h = hour ?? Math.floor(from / 3600); h <= (hour ?? 23) && h < 24; h++) {
    for (let m = minute ?? 0; m <= (minute ?? 59) && m < 60; m++) {
      const at = h * 3600 + m * 60;
      const s = second ?? Math.max(0, from - at);
      if (s < 60 && at + s >= from) return at + s;
    }
  }
  return Infinity;
}

/** @param weekdays first and last weekday number */
export function createCalendar(clock: Clock, ppm: number, [firstDay, lastDay]: readonly [number, number]): Calendar {
  const rate = 1 + ppm * 1e-6;
  /** The day as it was set, whether or not there is such a day: only midnight carries it on. */
  let day = { date: 1, month: 1, year: 0, weekday: firstDay };
  /** Seconds since the midnight of that day, at `baseUs`. */
  let base = 0;
  let baseUs = clock.nowUs;
  const elapsed = (): number => ((clock.nowUs - baseUs) / 1e6) * rate;
  // A microsecond of slack: an alarm at the very second must find that second counted.
  const now = (): number => Math.floor(base + elapsed() + 1e-6);

  function dayAfter(days: number): typeof day {
    if (days === 0) return day;
    const date = new Date(Date.UTC(2000 + day.year, day.month - 1, day.date + days));
    const count = lastDay - firstDay + 1;
    return {
      date: date.getUTCDate(),
      month: date.getUTCMonth() + 1,
      year: date.getUTCFullYear() - 2000,
      weekday: firstDay + ((day.weekday - firstDay + days) % count),
    };
  }

  function fieldsAt(seconds: number): Fields {
    const ofDay = seconds % DAY;
    return {
      ...dayAfter(Math.floor(seconds / DAY)),
      second: ofDay % 60,
      minute: Math.floor(ofDay / 60) % 60,
      hour: Math.floor(ofDay / 3600),
    };
  }

  return {
    get fields() { return fieldsAt(now()); },
    get seconds() { return now(); },
    set(changed) {
      const { second, minute, hour, ...to } = { ...fieldsAt(now()), ...changed };
      const fraction = changed.second === undefined ? base + elapsed() - now() : 0;
      day = to;
      base = hour * 3600 + minute * 60 + second + fraction;
      baseUs = clock.nowUs;
    },
    atUs: (seconds) => baseUs + Math.ceil(((seconds - base) / rate) * 1e6),
    nextMatch({ second, minute, hour, date, weekday }) {
      // no such day: what is left of registers that nobody has set
      if (date !== undefined && (date < 1 || date > 31)) return Infinity;
      const from = now() + 1;
      const today = Math.floor(from / DAY);
      for (let days = today; days <= today + 4 * 366; days++) {
        if (date !== undefined || weekday !== undefined) {
          const fields = dayAfter(days);
          if ((date ?? fields.date) !== fields.date || (weekday ?? fields.weekday) !== fields.weekday) continue;
        }
        const ofDay = nextOfDay(days === today ? from % DAY : 0, hour, minute, second);
        if (ofDay < DAY) return days * DAY + ofDay;
        // an hour, minute or second that no clock shows comes on no day
        if (days > today) break;
      }
      return Infinity;
    },
  }; // prettier-ignore
}

export const toBcd = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10);
export const fromBcd = (byte: number): number => (byte >> 4) * 10 + (byte & 15);
