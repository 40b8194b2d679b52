/** Sensirion SHT3x-DIS as data: commands, times, currents and tolerances. */
import type { Figure } from "../../../boards/types.ts";
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Sensirion SHT3x-DIS datasheet, v4 (March 2017)");

export const facts = {
  title: "Sensirion SHT30/31/35, humidity and temperature",
  addresses: [0x44, 0x45],
  quantities: ["temperature", "humidity"],
  faults: ["nak", "crc", "stuck"],
  supplyVolts: [figure(2.4, "electrical specifications"), figure(5.5, "electrical specifications")],
  figures: {
    idleMicroamps: figure(0.2, "supply current, idle, single-shot mode"),
    waitingMicroamps: figure(45, "supply current, idle, periodic mode"),
    measuringMicroamps: figure(800, "supply current, measuring"),
    heaterMilliwatts: figure(33, "heater power at 5.5 V, highest"),
    startUpMs: figure(0.5, "power-up time"),
    startUpLongestMs: figure(1, "power-up time"),
    breakMs: figure(15, "stop of periodic mode, longest"),
    accuracyPercent: figure(2, "typical accuracy, SHT31"),
    accuracyCelsius: figure(0.2, "typical accuracy, SHT31"),
  },
} as const satisfies I2cFacts;

export interface Repeatability {
  readonly typicalMs: Figure;
  readonly longestMs: Figure;
  /** One third of the repeatability, which is given as three standard deviations. */
  readonly deviationCelsius: Figure;
  readonly deviationPercent: Figure;
}

const repeatability = (typical: number, longest: number, celsius3: number, percent3: number): Repeatability => ({
  typicalMs: figure(typical, "measurement duration"),
  longestMs: figure(longest, "measurement duration"),
  deviationCelsius: figure(celsius3 / 3, "temperature repeatability (3 sigma) / 3", "memory"),
  deviationPercent: figure(percent3 / 3, "humidity repeatability (3 sigma) / 3", "memory"),
});

export const high = repeatability(12.5, 15, 0.06, 0.1);
const medium = repeatability(4.5, 6, 0.12, 0.15);
const low = repeatability(2.5, 4, 0.24, 0.25);

export type Command =
  | { readonly does: "measure"; readonly repeatability: Repeatability; readonly stretch: boolean }
  | { readonly does: "repeat"; readonly repeatability: Repeatability; readonly hertz: number }
  | { readonly does: "serial"; readonly stretch: boolean }
  | { readonly does: "limit"; readonly limit: number; readonly writes: boolean }
  | { readonly does: "fetch" | "break" | "reset" | "heat" | "cool" | "status" | "clear" };

const measure = (repeated: Repeatability, stretch: boolean): Command => ({
  does: "measure",
  repeatability: repeated,
  stretch,
});
const repeat = (repeated: Repeatability, hertz: number): Command => ({
  does: "repeat",
  repeatability: repeated,
  hertz,
});

export const commands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [0x2c06, measure(high, true)],
  [0x2c0d, measure(medium, true)],
  [0x2c10, measure(low, true)],
  [0x2400, measure(high, false)],
  [0x240b, measure(medium, false)],
  [0x2416, measure(low, false)],
  [0x2032, repeat(high, 0.5)],
  [0x2024, repeat(medium, 0.5)],
  [0x202f, repeat(low, 0.5)],
  [0x2130, repeat(high, 1)],
  [0x2126, repeat(medium, 1)],
  [0x212d, repeat(low, 1)],
  [0x2236, repeat(high, 2)],
  [0x2220, repeat(medium, 2)],
  [0x222b, repeat(low, 2)],
  [0x2334, repeat(high, 4)],
  [0x2322, repeat(medium, 4)],
  [0x2329, repeat(low, 4)],
  [0x2737, repeat(high, 10)],
  [0x2721, repeat(medium, 10)],
  [0x272a, repeat(low, 10)],
  [0x2b32, repeat(high, 4)],
  [0xe000, { does: "fetch" }],
  [0x3093, { does: "break" }],
  [0x30a2, { does: "reset" }],
  [0x306d, { does: "heat" }],
  [0x3066, { does: "cool" }],
  [0xf32d, { does: "status" }],
  [0x3041, { does: "clear" }],
  [0x3780, { does: "serial", stretch: true }],
  [0x3682, { does: "serial", stretch: false }],
  ...[0x1d, 0x16, 0x0b, 0x00].map((code, limit): [number, Command] => [
    0x6100 | code,
    { does: "limit", limit, writes: true },
  ]),
  ...[0x1f, 0x14, 0x09, 0x02].map((code, limit): [number, Command] => [
    0xe100 | code,
    { does: "limit", limit, writes: false },
  ]),
]);

/** Alert limits at power-up: high set, high clear, low clear, low set. */
export const limits = [0xcd33, 0xc92d, 0x3869, 0x3466] as const;
