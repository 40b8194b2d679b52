/** Durations and windows of time as people write them ("15m", "2d12h", "2d..3d", "2d+6h"): a unit is mandatory. */
import { UserError } from "./errors.ts";
import { nearestName } from "./suggest.ts";

/** Microseconds per unit; whole numbers, so that "9ms" is exactly the double nearest to 0.009. A year has 365.25 days. */
const unitMicroseconds: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1e3,
  s: 1e6,
  sec: 1e6,
  m: 60e6,
  min: 60e6,
  h: 3600e6,
  d: 86400e6,
  w: 7 * 86400e6,
  y: 365.25 * 86400e6,
};
const unitList = "us, ms, s, m, h, d, w, y";

/**
 * Seconds in a duration such as "15m", "1.5h", "250ms" or "3d12h".
 * `where` names the flag or setting in the UserError that anything else raises, a number without a unit above all.
 */
export function parseDuration(text: string, where?: string): number {
  const trimmed = text.trim();
  if (/^[\d.]+$/.test(trimmed)) {
    throw new UserError(`"${text}" has no unit`, {
      where,
      fix: `write ${trimmed}s, ${trimmed}m, ${trimmed}h or ${trimmed}d`,
    });
  }
  const parts = /(\d+(?:\.\d+)?|\.\d+)\s*([a-zA-Zµμ]*)\s*/y;
  let microseconds = 0;
  while (parts.lastIndex < trimmed.length) {
    const at = parts.lastIndex;
    const match = parts.exec(trimmed);
    if (!match) throw notADuration(text, at, trimmed, where);
    const [, value = "", unit = ""] = match;
    if (!unit) {
      throw new UserError(`"${value}" in "${text}" has no unit`, { where, fix: `add one of ${unitList}` });
    }
    const scale = unitMicroseconds[unit.replace("μ", "µ")];
    if (scale === undefined) throw unknownUnit(text, unit, where);
    microseconds += Number(value) * scale;
  }
  if (!trimmed) throw notADuration(text, 0, trimmed, where);
  return microseconds / 1e6;
}

function notADuration(text: string, at: number, trimmed: string, where: string | undefined): UserError {
  const negative = trimmed.startsWith("-") ? " (it must not be negative)" : "";
  const reason = at > 0 ? `: stuck at "${trimmed.slice(at)}"` : negative;
  return new UserError(`"${text}" is not a duration${reason}`, {
    where,
    fix: `write for example 90s, 15m, 1.5h or 3d12h`,
  });
}

function unknownUnit(text: string, unit: string, where: string | undefined): UserError {
  const words: Readonly<Record<string, string>> = {
    second: "s",
    minute: "m",
    hour: "h",
    day: "d",
    week: "w",
    year: "y",
  };
  const word = nearestName(unit, [...Object.keys(words), ...Object.keys(words).map((name) => `${name}s`)]);
  const nearest = word
    ? words[word.replace(/s$/, "")]
    : Object.keys(unitMicroseconds).find((name) => name === unit.toLowerCase());
  const fix = nearest ? `did you mean "${nearest}"? (units: ${unitList})` : `units: ${unitList}`;
  return new UserError(`unknown unit "${unit}" in "${text}"`, { where, fix });
}

const steps: readonly [unit: string, seconds: number, smaller: string, smallerSeconds: number][] = [
  ["d", 86400, "h", 3600],
  ["h", 3600, "m", 60],
  ["m", 60, "s", 1],
];

/** A duration for people, in at most two units: "6.9ms", "14m 30s", "2d 6h", "9.87y". `parseDuration` reads it back. */
export function formatDuration(seconds: number): string {
  if (!(seconds >= 0)) throw new RangeError(`a duration of ${seconds} s`);
  if (!Number.isFinite(seconds)) return "∞";
  if (seconds < 1e-3) return `${digits(seconds * 1e6)}us`;
  if (seconds < 0.9995) return `${digits(seconds * 1e3)}ms`;
  if (seconds < 59.95) return `${digits(seconds)}s`;
  const years = seconds / 31557600;
  if (years >= 0.9995) return `${years < 99.95 ? digits(years) : Math.round(years)}y`;
  for (const [unit, size, smaller, smallerSize] of steps) {
    const rounded = Math.round(seconds / smallerSize);
    const perUnit = size / smallerSize;
    if (rounded < perUnit) continue;
    const rest = rounded % perUnit;
    return `${Math.floor(rounded / perUnit)}${unit}${rest ? ` ${rest}${smaller}` : ""}`;
  }
  return `${digits(seconds)}s`;
}

/** Three significant digits, without trailing zeros. */
const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** A span of the run, in seconds since its start; `until` is Infinity for an open end, undefined for a lone time. */
export interface TimeWindow {
  readonly from: number;
  readonly until: number | undefined;
}

/** Reads "2d" (a moment), "2d..3d12h" (from, until), "2d.." (to the end) or "2d+6h" (from, for). */
export function parseWindow(text: string, where?: string): TimeWindow {
  const dots = text.indexOf("..");
  const plus = text.indexOf("+");
  if (dots < 0 && plus < 0) return { from: parseDuration(text, where), until: undefined };
  const end = text.slice(dots >= 0 ? dots + 2 : plus + 1);
  const from = parseDuration(text.slice(0, dots >= 0 ? dots : plus), where);
  if (dots >= 0 && !end.trim()) return { from, until: Infinity };
  const until = parseDuration(end, where) + (dots >= 0 ? 0 : from);
  if (!(until > from)) {
    throw new UserError(`"${text}" ends before it starts`, {
      where,
      fix: "write START..END or START+LENGTH, for example 2d+6h",
    });
  }
  return { from, until };
}
