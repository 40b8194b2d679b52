/** Whether the vehicle is where it belongs: its distance from a place. */
import { STATE } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

export const OUTSIDE = 1;

/** Metres of one degree of latitude (mean of the WGS 84 ellipsoid). */
const DEGREE = 111195;

export interface Fence {
  readonly latitude: number;
  readonly longitude: number;
  readonly metres: number;
}

export function geofence(
  receiver: Sensor<"latitude" | "longitude" | "altitude">,
  fence: Fence,
): Sensor<"latitude" | "longitude" | "altitude" | "state"> {
  const quantities: Sensor<"latitude" | "longitude" | "altitude" | "state">["quantities"] = [STATE];
  return {
    quantities: receiver.quantities.concat(quantities as never) as typeof quantities,
    start: () => receiver.start(),
    read() {
      const result = receiver.read();
      if (typeof result === "number") return result;
      const north = (result[0]! - fence.latitude) * DEGREE;
      const east = (result[1]! - fence.longitude) * DEGREE * Math.cos((fence.latitude * Math.PI) / 180);
      return result.concat(north * north + east * east > fence.metres * fence.metres ? OUTSIDE : 0);
    },
  };
}
