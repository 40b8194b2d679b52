/** NMEA 0183: the fix in a GGA sentence. */
/** Degrees of a field such as 4807.038 (two digits of minutes before the point) in its hemisphere; NaN when it is empty. */
function degrees(field: string, hemisphere: string, limit: number): number {
  const value = parseFloat(field);
  // 60 minutes stand where 100 would; S and W come after R, N and E before
  const degree = (value - 40 * Math.floor(value / 100)) / 60;
  return degree >= 0 && degree <= limit ? (hemisphere > "R" ? -degree : degree) : NaN;
}

/** Latitude and longitude in degrees, altitude in metres; undefined when the line is no such sentence or has no fix. */
export function fixOf(line: string): number[] | undefined {
  const start = line.lastIndexOf("$");
  const fields = line.slice(start).split(",");
  // any talker: GP, GN, GL, GA, GB, BD, QZ
  if (fields[0]!.slice(3) !== "GGA") return undefined;
  const star = line.indexOf("*", start);
  let sum = 0;
  for (let i = start + 1; i < star; i++) sum ^= line.charCodeAt(i);
  const quality = +fields[6]!;
  const fix = [degrees(fields[2]!, fields[3]!, 90), degrees(fields[4]!, fields[5]!, 180), parseFloat(fields[9]!)];
  // 1 to 5 are fixes; 6 to 8 are estimated, typed in, simulated
  return parseInt(line.slice(star + 1), 16) !== sum || !(quality > 0 && quality < 6) || fix.some(isNaN)
    ? undefined
    : fix;
}
