/** NMEA 0183: the fix in a GGA sentence. */
import { within } from "./sensor.ts";

/** Degrees of a field such as 4807.038: two digits of minutes before the point. */
function degrees(field: string, negative: boolean, limit: number): number {
  const value = +field;
  const whole = Math.floor(value / 100);
  return within(whole + (value - whole * 100) / 60, 0, limit) * (negative ? -1 : 1);
}

/** Latitude and longitude in degrees, altitude in metres; undefined when the line is no such sentence or has no fix. */
export function fixOf(line: string): number[] | undefined {
  const start = line.lastIndexOf("$");
  const fields = line.slice(start).split(",");
  // any talker: GP, GN, GL, GA, GB, BD, QZ
  if (start < 0 || !fields[0]!.endsWith("GGA")) return undefined;
  const star = line.indexOf("*", start);
  let sum = 0;
  for (let i = start + 1; i < star; i++) sum ^= line.charCodeAt(i);
  // 1 to 5 are fixes; 6 to 8 are estimated, typed in, simulated
  if (parseInt(line.slice(star + 1), 16) !== sum || !(+fields[6]! > 0 && +fields[6]! < 6)) return undefined;
  const fix = [
    degrees(fields[2]!, fields[3] === "S", 90),
    degrees(fields[4]!, fields[5] === "W", 180),
    parseFloat(fields[9]!),
  ];
  return fields[2] && fields[4] && !fix.some(isNaN) ? fix : undefined;
}
