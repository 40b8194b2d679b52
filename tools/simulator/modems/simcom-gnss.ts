/**
 * The GNSS receiver inside SIMCom's LTE modems, behind AT+CGNSPWR and AT+CGNSINF. Where it shares the radio with LTE it hears
 * satellites only while LTE is silent: off, or registered with nothing to say.
 */
import type { Figure } from "../../../boards/types.ts";
import type { Alarm } from "../clock.ts";
import type { PartContext } from "../hardware.ts";
import type { CommandTable } from "./core.ts";
import { incorrectParameters, ok } from "./command-forms.ts";
import type { RadioState } from "./radio-types.ts";

export interface GnssFigures {
  /** The whole modem, LTE idle. */
  readonly milliamps: Figure;
  readonly coldSeconds: Figure;
  readonly warmSeconds: Figure;
  readonly hotSeconds: Figure;
  /** Horizontal, one standard deviation. */
  readonly deviationMetres: Figure;
  readonly sharesRadio: Figure;
  /** +CGNSINF without a fix, behind the run status, with what was last known of the place. */
  readonly blank: (latitude: string, longitude: string) => string;
  /** The same with one. `time` has 18 characters. */
  readonly fix: (time: string, latitude: string, longitude: string, altitude: string) => string;
}

export type GnssStart = "cold" | "warm" | "hot";

export interface Gnss {
  readonly on: boolean;
  readonly commands: CommandTable;
  off(): void;
  /** The radio has something else to do, or has done it. */
  radio(state: RadioState): void;
  /** The supply is gone, and with it what it knew of the sky. */
  forget(): void;
}

export interface GnssWiring {
  readonly context: PartContext;
  readonly figures: GnssFigures;
  /** The antenna has a supply of its own, which AT+CGPIO=0,48,1,1 switches on: without it no satellite is heard. */
  readonly switchedAntenna: boolean;
  /** Unix time, which every satellite tells. */
  readonly unixNow: () => number;
  /** It was switched on or off. */
  readonly changed: () => void;
}

/** What it asks of the world, and the faults that it can have. */
export const gnssQuantities = ["latitude", "longitude", "altitude"] as const;
export const gnssFaults = ["no-fix"] as const;

/** GNSS application note V1.02, section 2.2: less than 2 h after the last fix a start is hot, later warm. */
const HOT_FOR_SECONDS = 7200;
/** Times to first fix scatter by a quarter (inferred). */
const SPREAD = 0.25;
const METRES_PER_DEGREE = 111_195;
const silent: readonly RadioState[] = ["off", "detached", "pausing", "idle"];

export function createGnss({ context, figures, switchedAntenna, unixNow, changed }: GnssWiring): Gnss {
  const { clock, random, world, fault, trace } = context;
  let on = false;
  let radioFree = true;
  let antennaFed = !switchedAntenna;
  let hears = antennaFed;
  let fixed = false;
  /** What is left of the search, from when it last went on. */
  let leftUs = 0;
  let sinceUs = 0;
  let alarm: Alarm | undefined;
  let lastFixAt = -Infinity;
  let lastPlace: readonly [latitude: string, longitude: string] = ["0.000000", "0.000000"];

  function search(start: GnssStart): void {
    const { coldSeconds, warmSeconds, hotSeconds } = figures;
    const seconds = { cold: coldSeconds, warm: warmSeconds, hot: hotSeconds }[start].value;
    fixed = false;
    leftUs = seconds * (1 + SPREAD * (2 * random.next() - 1)) * 1e6;
    trace("gnss", start);
    resume();
  }

  function resume(): void {
    clock.cancel(alarm);
    if (!on || !hears || fixed) return;
    sinceUs = clock.nowUs;
    alarm = clock.after(leftUs, () => {
      leftUs = 0;
      fixed = true;
      trace("gnss", "fix");
      look();
    });
  }

  /** Where it is now, as long as it sees that. */
  function look(): boolean {
    if (!on || !fixed || !hears || fault("no-fix")) return false;
    const spread = figures.deviationMetres.value / METRES_PER_DEGREE;
    const latitude = world("latitude");
    const east = spread / Math.max(0.01, Math.cos((latitude * Math.PI) / 180));
    lastFixAt = clock.now;
    lastPlace = [
      clampedDegrees(latitude + spread * random.normal(), 90),
      clampedDegrees(world("longitude") + east * random.normal(), 180),
    ];
    return true;
  }

  function listen(): void {
    const could = hears;
    hears = radioFree && antennaFed;
    if (could === hears) return;
    if (on && could && !fixed) leftUs = Math.max(0, leftUs - (clock.nowUs - sinceUs));
    if (on && hears && fixed) return search("hot");
    resume();
  }

  function switchOn(start?: GnssStart): void {
    const age = clock.now - lastFixAt;
    on = true;
    search(start ?? (age < HOT_FOR_SECONDS ? "hot" : age < Infinity ? "warm" : "cold"));
    changed();
  }

  function off(): void {
    if (!on) return;
    look();
    on = false;
    clock.cancel(alarm);
    trace("gnss", "off");
    changed();
  }

  function report(): string {
    if (!on) return "+CGNSINF: 0," + figures.blank("", "").replace(/[^,]/g, "");
    if (!look()) return `+CGNSINF: 1,${figures.blank(...lastPlace)}`;
    const time = new Date(unixNow() * 1000).toISOString().replace(/[-T:Z]/g, "");
    return `+CGNSINF: 1,1,${figures.fix(time, ...lastPlace, world("altitude").toFixed(3))}`;
  }

  const starts = (kind: GnssStart) => ({
    test: "",
    run() {
      if (kind === "cold") lastFixAt = -Infinity;
      switchOn(kind);
      return ok;
    },
  });

  return {
    get on() {
      return on;
    },
    off,
    radio(state) {
      radioFree = figures.sharesRadio.value === 0 || silent.includes(state);
      listen();
    },
    forget() {
      off();
      lastFixAt = -Infinity;
      lastPlace = ["0.000000", "0.000000"];
      antennaFed = !switchedAntenna;
      listen();
    },
    commands: {
      "+CGNSPWR": {
        test: "+CGNSPWR: (0,1)",
        read: () => [`+CGNSPWR: ${on ? 1 : 0}`],
        set([mode]) {
          if (mode !== "0" && mode !== "1") return incorrectParameters;
          if (mode === "0") off();
          else if (!on) switchOn();
          return ok;
        },
      },
      "+CGPIO": {
        test: "",
        set([operation, pin, direction, level]) {
          if (operation !== "0" || direction !== "1") return incorrectParameters;
          if (pin === "48" && switchedAntenna) antennaFed = level === "1";
          listen();
          return ok;
        },
      },
      "+CGNSINF": { test: "", run: () => [report()] },
      "+CGNSCOLD": starts("cold"),
      "+CGNSWARM": starts("warm"),
      "+CGNSHOT": starts("hot"),
    },
  };
}

const clampedDegrees = (degrees: number, limit: number): string =>
  Math.min(limit, Math.max(-limit, degrees)).toFixed(6);
