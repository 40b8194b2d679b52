/** TAOS TSL2561 as data, with the coefficients that tie its two channels to illuminance. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("TAOS TSL2560/TSL2561, TAOS059Q (November 2009)");

export const facts = {
  title: "TAOS TSL2561, illuminance",
  addresses: [0x39, 0x29, 0x49],
  quantities: ["illuminance"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.7, "recommended operating conditions"), figure(3.6, "recommended operating conditions")],
  figures: {
    powerDownMicroamps: figure(3.2, "supply current, power down"),
    activeMicroamps: figure(240, "supply current, active"),
    /** All times scale with the oscillator. */
    oscillatorKilohertz: figure(735, "oscillator frequency"),
    oscillatorLowestKilohertz: figure(690, "oscillator frequency"),
    oscillatorHighestKilohertz: figure(780, "oscillator frequency"),
    /** Channel 1 by channel 0 under the light that is assumed where nothing else is said. */
    infraredShare: figure(0.2, "no figure: daylight through glass, assumed", "inferred"),
  },
} as const satisfies I2cFacts;

/** TIMING's two lowest bits: integration time and the count at which a channel saturates. */
export const integrations = [
  { ms: figure(13.7, "table 5"), fullScale: figure(5047, "electrical characteristics"), scale: 322 / 11 },
  { ms: figure(101, "table 5"), fullScale: figure(37177, "electrical characteristics"), scale: 322 / 81 },
  { ms: figure(402, "table 5"), fullScale: figure(65535, "electrical characteristics"), scale: 1 },
] as const;

/** Lux per count of channel 0 at 402 ms and a gain of 16, for a ratio of channel 1 to channel 0 (T, FN and CL packages). */
export function luxPerCount(ratio: number): number {
  if (ratio <= 0.5) return 0.0304 - 0.062 * ratio ** 1.4;
  if (ratio <= 0.61) return 0.0224 - 0.031 * ratio;
  if (ratio <= 0.8) return 0.0128 - 0.0153 * ratio;
  if (ratio <= 1.3) return 0.00146 - 0.00112 * ratio;
  return 0;
}
