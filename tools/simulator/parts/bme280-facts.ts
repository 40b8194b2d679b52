/** Bosch BME280 and BMP280 as data: times, currents, tolerances and one part's calibration words. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const bme = figuresFrom("Bosch BME280, BST-BME280-DS001-23 (January 2022)");
const bmp = figuresFrom("Bosch BMP280, BST-BMP280-DS001-26 (October 2021)");

const common = {
  addresses: [0x76, 0x77],
  faults: ["nak", "stuck"],
  supplyVolts: [bme(1.71, "table 1, VDD"), bme(3.6, "table 1, VDD")],
} as const;

export const bme280Facts = {
  ...common,
  title: "Bosch BME280, pressure, humidity and temperature",
  quantities: ["temperature", "pressure", "humidity"],
  figures: {
    sleepMicroamps: bme(0.1, "table 1, sleep current"),
    standbyMicroamps: bme(0.2, "table 1, standby current"),
    /** Each phase of a measurement draws its current for its typical time. */
    startMicrocoulombs: bme(0.205, "section 9.5"),
    temperatureMicroamps: bme(350, "table 1, temperature measurement"),
    pressureMicroamps: bme(714, "table 1, pressure measurement"),
    humidityMicroamps: bme(340, "table 1, humidity measurement"),
    startUpMs: bme(2, "table 1, start-up time"),
    accuracyCelsius: bme(0.5, "table 4, accuracy at 25 °C"),
    accuracyHectopascal: bme(1, "table 3, absolute accuracy"),
    accuracyPercent: bme(3, "table 2, accuracy tolerance"),
    deviationCelsius: bme(0.005, "noise at oversampling 1"),
    deviationHectopascal: bme(0.033, "noise at oversampling 1"),
    deviationPercent: bme(0.07, "noise at oversampling 1"),
  },
} as const satisfies I2cFacts;

export const bmp280Facts = {
  ...common,
  title: "Bosch BMP280, pressure and temperature",
  quantities: ["temperature", "pressure"],
  figures: {
    sleepMicroamps: bmp(0.1, "table 2, sleep current"),
    standbyMicroamps: bmp(0.2, "table 2, standby current"),
    startMicrocoulombs: bme(0.205, "section 9.5, taken over", "inferred"),
    temperatureMicroamps: bmp(325, "table 2, temperature measurement"),
    pressureMicroamps: bmp(720, "table 2, peak current"),
    startUpMs: bmp(2, "table 2, start-up time"),
    accuracyCelsius: bmp(0.5, "table 2, accuracy at 25 °C"),
    accuracyHectopascal: bmp(1, "table 2, absolute accuracy"),
    deviationCelsius: bme(0.005, "noise at oversampling 1, taken over", "inferred"),
    deviationHectopascal: bme(0.033, "noise at oversampling 1, taken over", "inferred"),
  },
} as const satisfies I2cFacts;

/** Constant part of a measurement and each channel's per-sample and fixed part in ms, typical and longest (section 9.1). */
export const timing = {
  typical: { start: 1, sample: 2, channel: 0.5 },
  longest: { start: 1.25, sample: 2.3, channel: 0.575 },
} as const;

/** Pause in ms for each code of t_sb. */
export const standbyMs = {
  bme280: [0.5, 62.5, 125, 250, 500, 1000, 10, 20],
  bmp280: [0.5, 62.5, 125, 250, 500, 1000, 2000, 4000],
} as const;

export interface Calibration {
  readonly t: readonly [number, number, number];
  readonly p: readonly [number, number, number, number, number, number, number, number, number];
  readonly h: readonly [number, number, number, number, number, number];
}

/** The worked example of the BMP280's section 3.12; the BME280 has none, its humidity words are plausible ones. */
export const exampleCalibration: Calibration = {
  t: [27504, 26435, -1000],
  p: [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
  h: [75, 365, 0, 322, 50, 30],
};
