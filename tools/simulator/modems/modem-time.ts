/** A modem's real-time clock and the date formats of its answers. */

const two = (value: number) => String(value).padStart(2, "0");

/** `yy/MM/dd,hh:mm:ss` of a Unix time in seconds, shifted by quarters of an hour. */
export function dateTime(unix: number, zoneQuarters: number): string {
  const date = new Date(Math.floor(unix + zoneQuarters * 900) * 1000);
  const day = [date.getUTCFullYear() % 100, date.getUTCMonth() + 1, date.getUTCDate()].map(two).join("/");
  return `${day},${[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":")}`;
}

/** `+32`, `-04`: quarters of an hour with sign. */
export const zone = (quarters: number): string => (quarters < 0 ? "-" : "+") + two(Math.abs(quarters));

export interface ModemTime {
  readonly unix: number;
  readonly zoneQuarters: number;
}

/** Reads `yy/MM/dd,hh:mm:ss±zz`; undefined when it is not one. */
export function parseDateTime(text: string): ModemTime | undefined {
  const match = /^(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d\d)?$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zoneQuarters = Number(match[7] ?? 0);
  return {
    unix: Date.UTC(2000 + year, month - 1, day, hour, minute, second) / 1000 - zoneQuarters * 900,
    zoneQuarters,
  };
}
