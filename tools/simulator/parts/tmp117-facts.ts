/** Texas Instruments TMP117 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("TI TMP117, SNOSD82B (March 2019)");

export const facts = {
  title: "Texas Instruments TMP117, temperature",
  addresses: [0x48, 0x49, 0x4a, 0x4b],
  quantities: ["temperature"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(1.8, "recommended operating conditions"), figure(5.5, "recommended operating conditions")],
  figures: {
    shutdownMicroamps: figure(0.15, "supply current, shutdown"),
    standbyMicroamps: figure(1.25, "supply current, standby"),
    convertingMicroamps: figure(135, "supply current, active conversion"),
    writingMicroamps: figure(240, "supply current, EEPROM programming"),
    conversionMs: figure(15.5, "active conversion time"),
    conversionShortestMs: figure(13, "active conversion time"),
    conversionLongestMs: figure(17.5, "active conversion time"),
    startUpMs: figure(1.5, "power-on reset time"),
    resetMs: figure(2, "soft reset time"),
    writeMs: figure(7, "EEPROM programming time"),
    celsiusPerCount: figure(0.0078125, "temperature register"),
    accuracyCelsius: figure(0.05, "accuracy, -20 to 50 °C, typical"),
    /** One count of repeatability, taken as three standard deviations of a single conversion. */
    deviationCelsius: figure(0.0078125 / 3, "repeatability", "inferred"),
  },
} as const satisfies I2cFacts;

/** Pause of the conversion cycle in ms for each code of CONV; the conversions themselves may take longer. */
export const cycleMs = [15.5, 125, 250, 500, 1000, 4000, 8000, 16000] as const;
/** Conversions that are averaged for each code of AVG. */
export const averages = [1, 8, 32, 64] as const;
