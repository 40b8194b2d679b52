/** Warns at once of whoever comes around the corner, and counts them. */
import { COUNT, DURATION } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

export interface TrafficOptions {
  /** High while the radar or infrared sensor sees someone. */
  readonly sensor: Pin;
  /** Of the warning light, over a transistor. */
  readonly lamp: Pin;
  /** The light stays on this long after the last movement. */
  readonly lampMs: number;
}

/** Movements since the last sample, and for how many seconds of it the place was occupied. */
export function traffic({ sensor, lamp, lampMs }: TrafficOptions): Sensor<"count" | "duration"> {
  let count = 0;
  let occupied = 0;
  let since = 0;
  let off: number | undefined;
  const watch = () => {
    if (sensor.read()) {
      lamp.write(1);
      if (off) clearTimeout(off);
      off = undefined;
      count++;
      since = getTime();
    } else {
      if (since) occupied += getTime() - since;
      since = 0;
      off = setTimeout(() => {
        // its number goes to the next timer: to clear it later would clear that one
        off = undefined;
        lamp.write(0);
      }, lampMs);
    }
  };
  pinMode(sensor, "input");
  setWatch(watch, sensor, { repeat: true, edge: "both" });
  return {
    quantities: [COUNT, DURATION],
    start: () => 0,
    read() {
      const now = getTime();
      const values = [count, occupied + (since ? now - since : 0)];
      count = occupied = 0;
      if (since) since = now;
      return values;
    },
  };
}
