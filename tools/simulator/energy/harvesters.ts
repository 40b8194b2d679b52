/**
 * What a harvester gives, as sources of a world's quantity "power" (W): light outdoors by latitude and season, light
 * indoors by the hours of work, and vibration while a train passes. Losses of the converter are in.
 */
import { UserError } from "../../errors.ts";
import { hashText, uniformAt } from "../world/random.ts";
import type { Source } from "../world/sources.ts";

const DAY_S = 86400;
const YEAR_DAYS = 365.25;
/** Spring equinox, days after 1 January. */
const EQUINOX_DAY = 79;

/** Peak of clear light on a plane that faces it (standard test conditions). */
const CLEAR_MILLIWATTS_PER_CM2 = 100;
/**
 * Incident light per lux: GaAs cells of 21 % efficiency gave about 10 µW/cm² at 250 lx (Teran et al., abstract), so 48 µW/cm²
 * fall in at 250 lx.
 */
const MICROWATTS_PER_CM2_PER_LUX = 0.19;

export interface Panel {
  readonly squareCentimetres: number;
  /** Of the cell at that light: 0.15 to 0.2 outdoors, 0.06 to 0.1 for silicon indoors. */
  readonly efficiency: number;
  /** Of the charger. Default 0.8. */
  readonly converterEfficiency?: number;
}

/**
 * A flat panel under the sky. The run is taken to start on `startsOnDay` of the year at 0:00 local time (default 1 January).
 * Each day has its own cloudiness; over a year `clearness` is the mean share of clear light that arrives.
 */
export function solar(options: Panel & { latitude: number; clearness?: number; startsOnDay?: number }): Source {
  const { latitude, clearness = 0.5, startsOnDay = 1 } = options;
  if (!(Math.abs(latitude) <= 90)) throw new UserError(`a latitude of ${latitude}°`, { fix: "write -90 to 90" });
  const clearWatts = (watts(options) * CLEAR_MILLIWATTS_PER_CM2) / 1e3;
  const latitudeRadians = (latitude * Math.PI) / 180;
  return {
    start(stream) {
      const key = hashText(stream);
      const at = (seconds: number): number => {
        const day = Math.floor(seconds / DAY_S);
        const season = ((startsOnDay - 1 + day - EQUINOX_DAY) / YEAR_DAYS) * 2 * Math.PI;
        const declination = ((23.44 * Math.PI) / 180) * Math.sin(season);
        const hour = (seconds / DAY_S - day - 0.5) * 2 * Math.PI;
        const height =
          Math.sin(latitudeRadians) * Math.sin(declination) +
          Math.cos(latitudeRadians) * Math.cos(declination) * Math.cos(hour);
        if (height <= 0) return 0;
        // uniform from nothing to twice the mean, at most clear
        const clouds = Math.min(1, 2 * clearness * uniformAt(key, day));
        return clearWatts * height * clouds;
      };
      return { at };
    },
  };
}

/** Lamps from `fromHour` to `untilHour` on five of seven days. */
export function indoorLight(options: Panel & { lux: number; fromHour?: number; untilHour?: number }): Source {
  const { lux, fromHour = 8, untilHour = 18 } = options;
  const on = (watts(options) * lux * MICROWATTS_PER_CM2_PER_LUX) / 1e6;
  return {
    start: () => ({
      at(seconds) {
        const hour = (seconds % DAY_S) / 3600;
        const weekday = Math.floor(seconds / DAY_S) % 7;
        return weekday < 5 && hour >= fromHour && hour < untilHour ? on : 0;
      },
    }),
  };
}

/**
 * A harvester at a rail: `milliwatts` (4.9 with a piezo on the rail foot, Gao 2016) for as long as a train passes, `perDay`
 * evenly spread trains. The mean is what arrives: a pass is shorter than the battery's step.
 */
export function trainPasses(options: {
  milliwatts?: number;
  secondsPerPass: number;
  perDay: number;
  converterEfficiency?: number;
}): Source {
  const { milliwatts = 4.9, secondsPerPass, perDay, converterEfficiency = 0.8 } = options;
  const mean = ((milliwatts / 1e3) * converterEfficiency * Math.min(DAY_S, secondsPerPass * perDay)) / DAY_S;
  return { start: () => ({ at: () => mean }) };
}

/** Area × efficiencies: watts per watt/cm². */
function watts({ squareCentimetres, efficiency, converterEfficiency = 0.8 }: Panel): number {
  return squareCentimetres * efficiency * converterEfficiency;
}
