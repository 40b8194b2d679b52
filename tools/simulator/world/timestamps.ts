/** The times of a recording: ISO dates, Unix time in seconds or milliseconds, or seconds since some start. */
import { UserError } from "../../errors.ts";

export type TimeKind = "date" | "epoch-s" | "epoch-ms" | "elapsed";

const datePattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d))?$/;
const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Tells from the first time of a file how all of them are written. */
export function timeKindOf(text: string, column: string, where: string): TimeKind {
  if (datePattern.test(text)) return "date";
  if (!numberPattern.test(text)) throw notATime(text, column, where);
  // As seconds, 1e8 is 1973 and three years of elapsed time; as milliseconds, 1e11 is 1973 and 1e13 is 2286.
  const value = Number(text);
  if (value >= 1e13) throw notATime(text, column, where);
  return value >= 1e11 ? "epoch-ms" : value >= 1e8 ? "epoch-s" : "elapsed";
}

/** The time in seconds (Unix time, except for elapsed times). A date without a zone is UTC: the same on every machine. */
export function readTime(text: string, kind: TimeKind, column: string, where: string): number {
  const seconds = kind === "date" ? readDate(text) : numberPattern.test(text) ? Number(text) : NaN;
  if (Number.isNaN(seconds)) throw notATime(text, column, where);
  return kind === "epoch-ms" ? seconds / 1000 : seconds;
}

/** Unix seconds of an ISO date, NaN when it is none (the 30th of February included). */
export function readDate(text: string): number {
  const match = datePattern.exec(text);
  if (!match) return NaN;
  const [, year, month, day, hour = 0, minute = 0, second = 0, , sign, zoneHours = 0, zoneMinutes = 0] = match;
  const days = Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000;
  if (new Date(days * 1000).getUTCDate() !== Number(day) || Number(month) > 12) return NaN;
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) >= 61) return NaN;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 * (sign === "-" ? -1 : 1);
  return days + (Number(hour) * 60 + Number(minute)) * 60 + Number(second) - zone;
}

function notATime(text: string, column: string, where: string): UserError {
  return new UserError(`"${text}" in column "${column}" is not a time`, {
    where,
    fix: "write 2025-01-31 12:00:00, 2025-01-31T12:00:00Z, Unix time in s or ms, or elapsed seconds",
  });
}
