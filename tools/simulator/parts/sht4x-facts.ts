/**
 * Sensirion SHT4x as data: commands, times, currents and tolerances. A source names the table where that is known, and
 * otherwise the figure's row.
 */
import type { Figure } from "../../../boards/types.ts";
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Sensirion SHT4x datasheet, D1 v6.1 (March 2023)");

export const addresses = [0x44, 0x45, 0x46] as const;

const electrical = "supply current at 3.3 V";
export const idleMicroamps = figure(0.08, electrical);
export const powerUpMicroamps = figure(50, electrical);
export const measuringMicroamps = figure(320, electrical);

export const facts = {
  title: "Sensirion SHT40/41/43/45, humidity and temperature",
  addresses,
  quantities: ["temperature", "humidity"],
  faults: ["nak", "crc", "stuck"],
  supplyVolts: [figure(1.08, "table 4"), figure(3.6, "table 4")],
  figures: { idleMicroamps, measuringMicroamps, powerUpMicroamps },
} as const satisfies I2cFacts;

/** [typical, longest]; the longest also bounds a soft reset. */
export const powerUpMs = [figure(0.3, "table 5"), figure(1, "table 5")] as const;

/** Typical and longest conversion, and one third of the repeatability (given as three standard deviations). */
export interface Repeatability {
  readonly typicalMs: Figure;
  readonly longestMs: Figure;
  readonly deviationCelsius: Figure;
  readonly deviationPercent: Figure;
}

const repeatability = (typical: number, longest: number, celsius3: number, percent3: number): Repeatability => ({
  typicalMs: figure(typical, "table 5"),
  longestMs: figure(longest, "table 5"),
  deviationCelsius: figure(celsius3 / 3, "temperature repeatability (3 sigma) / 3"),
  deviationPercent: figure(percent3 / 3, "humidity repeatability (3 sigma) / 3"),
});

const high = repeatability(6.9, 8.3, 0.04, 0.08);
const medium = repeatability(3.7, 4.5, 0.07, 0.15);
const low = repeatability(1.3, 1.6, 0.1, 0.25);

export interface Heater {
  readonly milliwatts: number;
  readonly milliamps: Figure;
  readonly typicalMs: number;
}

const heater = (milliwatts: number, milliamps: number, typicalMs: number): Heater => ({
  milliwatts,
  milliamps: figure(milliamps, electrical),
  typicalMs,
});

/** A heater pulse lasts its typical time ± this share (0.9 to 1.1 s, 0.09 to 0.11 s). */
export const heaterTimeSpread = figure(0.1, "table 5");

export type Command =
  | { readonly does: "measure"; readonly repeatability: Repeatability; readonly heater?: Heater }
  | { readonly does: "serial" | "reset" };

/** A measurement after a heater pulse is one of high repeatability, with the heater still on. */
export const commands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [0xfd, { does: "measure", repeatability: high }],
  [0xf6, { does: "measure", repeatability: medium }],
  [0xe0, { does: "measure", repeatability: low }],
  [0x89, { does: "serial" }],
  [0x94, { does: "reset" }],
  [0x39, { does: "measure", repeatability: high, heater: heater(200, 60, 1000) }],
  [0x32, { does: "measure", repeatability: high, heater: heater(200, 60, 100) }],
  [0x2f, { does: "measure", repeatability: high, heater: heater(110, 33, 1000) }],
  [0x24, { does: "measure", repeatability: high, heater: heater(110, 33, 100) }],
  [0x1e, { does: "measure", repeatability: high, heater: heater(20, 6, 1000) }],
  [0x15, { does: "measure", repeatability: high, heater: heater(20, 6, 100) }],
]);

/** Typical accuracy: one part's constant error lies within it. */
export const grades = {
  sht40: { celsius: figure(0.2, "typical accuracy, SHT40"), percent: figure(1.8, "typical accuracy, SHT40") },
  sht41: { celsius: figure(0.2, "typical accuracy, SHT41"), percent: figure(1.8, "typical accuracy, SHT41") },
  sht43: { celsius: figure(0.2, "typical accuracy, SHT43"), percent: figure(1.8, "typical accuracy, SHT43") },
  sht45: { celsius: figure(0.1, "typical accuracy, SHT45"), percent: figure(1.0, "typical accuracy, SHT45") },
} as const;

export type Grade = keyof typeof grades;

/**
 * The sensor warms towards (power × resistance) above its surroundings with one time constant. The resistance is an
 * assumption (60 K at 200 mW); the time constant is that of the temperature signal.
 */
export const heaterKelvinPerMilliwatt = figure(0.3, "no figure given: assumed", "inferred");
export const thermalSeconds = figure(2, "temperature response time, tau 63 %");
