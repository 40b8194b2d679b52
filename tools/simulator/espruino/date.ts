/** `Date`, `getTime` and `setTime` on the device's own clock. There is no time zone but the one that `E` was given. */
import { toFloat } from "./data.ts";
import type { Machine, Peripheral } from "./machine.ts";

const parts = ["FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds", "Day"];
const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export interface Clockwork extends Peripheral {
  setTimeZone(hours: number): void;
}

export function dates(machine: Machine): Clockwork {
  const Native = machine.realm.Date;
  const proto = Native.prototype as unknown as Record<string, (this: Date, ...args: number[]) => number>;
  const fromUtc = Date.UTC;
  let offsetMinutes = 0;
  const nowMs = (): number => {
    machine.spendCpu();
    return machine.time * 1000;
  };

  // The host's time zone must not show: local time is UTC plus the offset.
  for (const part of parts) {
    const get = Date.prototype[`getUTC${part}` as "getUTCDate"];
    const set = Date.prototype[`setUTC${part}` as "setUTCDate"] as
      ((this: Date, ...args: number[]) => number) | undefined;
    proto[`get${part}`] = function () {
      return get.call(new Date(this.getTime() + offsetMinutes * 60_000));
    };
    if (!set) continue;
    proto[`set${part}`] = function (...args) {
      const local = new Date(this.getTime() + offsetMinutes * 60_000);
      set.apply(local, args);
      return this.setTime(local.getTime() - offsetMinutes * 60_000);
    };
  }
  proto["getTimezoneOffset"] = () => -offsetMinutes;
  (proto as unknown as Record<string, (this: Date) => string>)["toString"] = function () {
    const at = new Date(this.getTime() + offsetMinutes * 60_000);
    const two = (n: number): string => String(n).padStart(2, "0");
    const zone = Math.abs(offsetMinutes);
    return (
      `${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${at.getUTCDate()} ${at.getUTCFullYear()} ` +
      `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ` +
      `GMT${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(zone / 60))}${two(zone % 60)}`
    );
  };

  /** Milliseconds; 0 for a text that is no date. */
  const parse = (text: unknown): number => {
    const given = String(text);
    const hasZone = /(Z|GMT|UTC|[+-]\d{2}:?\d{2})$/i.test(given);
    const ms = hasZone
      ? Date.parse(given)
      : Date.parse(
          /^\d{4}-\d\d-\d\d$/.test(given) ? given : /^\d{4}-\d\d-\d\dT/.test(given) ? `${given}Z` : `${given} UTC`,
        );
    return Number.isNaN(ms) ? 0 : hasZone ? ms : ms - offsetMinutes * 60_000;
  };

  function EspruinoDate(...args: unknown[]): Date {
    if (args.length === 0) return new Native(nowMs());
    if (args.length === 1)
      return new Native(
        typeof args[0] === "string" ? parse(args[0]) : typeof args[0] === "object" ? Number(args[0]) : toFloat(args[0]),
      );
    const [year, month, day = 1, hours = 0, minutes = 0, seconds = 0, ms = 0] = args as number[];
    return new Native(fromUtc(year!, month!, day, hours, minutes, seconds, ms) - offsetMinutes * 60_000);
  }
  EspruinoDate.prototype = Native.prototype;
  EspruinoDate.now = nowMs;
  EspruinoDate.parse = parse;
  Object.defineProperty(Native.prototype, "constructor", { value: EspruinoDate, writable: true, configurable: true });

  return {
    globals: {
      Date: EspruinoDate,
      getTime: () => {
        machine.spendCpu();
        return machine.time;
      },
      setTime: (seconds: unknown) => machine.setTime(toFloat(seconds)),
    },
    drop: () => (offsetMinutes = 0),
    setTimeZone: (hours) => (offsetMinutes = Math.round(hours * 60)),
  };
}
