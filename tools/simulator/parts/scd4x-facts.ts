/** Sensirion SCD4x as data: commands, times, currents and tolerances. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Sensirion SCD4x datasheet, v1.7 (April 2025)");

export const facts = {
  title: "Sensirion SCD40/41/43, carbon dioxide, temperature and humidity",
  addresses: [0x62],
  quantities: ["co2", "temperature", "humidity"],
  faults: ["nak", "crc", "stuck"],
  supplyVolts: [figure(2.4, "electrical specifications"), figure(5.5, "electrical specifications")],
  figures: {
    idleMicroamps: figure(200, "no figure: idle between commands, assumed", "inferred"),
    powerDownMicroamps: figure(0.5, "no figure: power_down, assumed", "inferred"),
    periodicMicroamps: figure(15_000, "average supply current, periodic, 3.3 V"),
    lowPowerMicroamps: figure(3200, "average supply current, low power periodic, 3.3 V"),
    /** 0.45 mA average at one single shot in 5 minutes: 135 mC, idle included, spread over the 5 s that it takes. */
    singleShotMicroamps: figure(
      27_000,
      "average supply current, single shot every 5 minutes, spread over 5 s",
      "computed",
    ),
    startUpMs: figure(30, "time after power-up or reinit"),
    periodMs: figure(5000, "signal update interval, periodic"),
    lowPowerPeriodMs: figure(30_000, "signal update interval, low power periodic"),
    repeatabilityPpm: figure(10, "CO2 repeatability"),
    offsetCelsius: figure(4, "temperature offset, default"),
    accuracyCelsius: figure(0.8, "temperature accuracy"),
    accuracyPercent: figure(6, "humidity accuracy"),
  },
} as const satisfies I2cFacts;

/** Word of get_sensor_variant, and the CO2 accuracy: a constant part and a share of the reading. */
export const variants = {
  scd40: { word: 0x0440, ppm: 50, share: 0.05, singleShot: false },
  scd41: { word: 0x1440, ppm: 50, share: 0.025, singleShot: true },
  scd43: { word: 0x5441, ppm: 30, share: 0.03, singleShot: true },
} as const;

export type Variant = keyof typeof variants;

export type Setting =
  | "temperatureOffset" | "altitude" | "pressure" | "selfCalibration" | "target" | "initialPeriod" | "standardPeriod"; // prettier-ignore

export const settingsAtReset: Readonly<Record<Setting, number>> = {
  temperatureOffset: Math.round((4 * 65535) / 175),
  altitude: 0,
  pressure: 1013,
  selfCalibration: 1,
  target: 400,
  initialPeriod: 44,
  standardPeriod: 156,
};

interface Timed {
  /** Execution time. */
  readonly ms: number;
  /** Taken while it measures periodically. */
  readonly always?: boolean;
}

export type Command = Timed &
  (
    | {
        readonly does:
          "periodic" | "lowPower" | "read" | "stop" | "recalibrate" | "ready" | "persist" | "serial" | "test";
      }
    | { readonly does: "factoryReset" | "reinit" | "variant" | "singleShot" | "singleShotRht" | "powerDown" | "wakeUp" }
    | { readonly does: "set" | "get" | "pressure"; readonly setting: Setting }
  );

const setting = (name: Setting, set: number, get: number): [number, Command][] => [
  [set, { does: "set", setting: name, ms: 1 }],
  [get, { does: "get", setting: name, ms: 1 }],
];

export const commands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [0x21b1, { does: "periodic", ms: 0 }],
  [0x21ac, { does: "lowPower", ms: 0 }],
  [0xec05, { does: "read", ms: 1, always: true }],
  [0x3f86, { does: "stop", ms: 500, always: true }],
  ...setting("temperatureOffset", 0x241d, 0x2318),
  ...setting("altitude", 0x2427, 0x2322),
  [0xe000, { does: "pressure", setting: "pressure", ms: 1, always: true }],
  [0x362f, { does: "recalibrate", ms: 400 }],
  ...setting("selfCalibration", 0x2416, 0x2313),
  ...setting("target", 0x243a, 0x233f),
  ...setting("initialPeriod", 0x2445, 0x2340),
  ...setting("standardPeriod", 0x244e, 0x234b),
  [0xe4b8, { does: "ready", ms: 1, always: true }],
  [0x3615, { does: "persist", ms: 800 }],
  [0x3682, { does: "serial", ms: 1 }],
  [0x3639, { does: "test", ms: 10_000 }],
  [0x3632, { does: "factoryReset", ms: 1200 }],
  [0x3646, { does: "reinit", ms: 30 }],
  [0x202f, { does: "variant", ms: 1 }],
  [0x219d, { does: "singleShot", ms: 5000 }],
  [0x2196, { does: "singleShotRht", ms: 50 }],
  [0x36e0, { does: "powerDown", ms: 1 }],
  [0x36f6, { does: "wakeUp", ms: 30 }],
]);
