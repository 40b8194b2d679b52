/** Texas Instruments ADS1115 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("TI ADS111x, SBAS444D (January 2018)");

export const facts = {
  title: "Texas Instruments ADS1115, four analog inputs of 16 bits",
  addresses: [0x48, 0x49, 0x4a, 0x4b],
  quantities: ["ain0", "ain1", "ain2", "ain3"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2, "recommended operating conditions"), figure(5.5, "recommended operating conditions")],
  figures: {
    powerDownMicroamps: figure(0.5, "supply current, power-down"),
    convertingMicroamps: figure(150, "supply current, operating"),
    rateTolerance: figure(0.1, "data rate variation"),
    wakeUpMs: figure(0.025, "section 9.4.2, power-up from power-down"),
    gainError: figure(0.0001, "gain error, typical"),
  },
} as const satisfies I2cFacts;

/** Full scale in volts for each code of PGA. */
export const fullScaleVolts = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256] as const;
export const samplesPerSecond = [8, 16, 32, 64, 128, 250, 475, 860] as const;
/** Table 1, peak to peak in steps, by the code of PGA; slower rates have one step everywhere. */
export const noiseSteps: Readonly<Record<number, readonly number[]>> = {
  128: [1, 1, 1, 1, 1, 1.58],
  250: [1.34, 1.19, 1.34, 1.27, 1.03, 2.37],
  475: [1.42, 1.82, 1.27, 1.82, 2.06, 3.32],
  860: [2.29, 2.14, 1.9, 2.06, 2.61, 4.59],
};
/** Positive and negative input for each code of MUX; undefined = ground. */
export const inputs = [
  [0, 1], [0, 3], [1, 3], [2, 3], [0], [1], [2], [3],
] as const satisfies readonly (readonly number[])[]; // prettier-ignore
