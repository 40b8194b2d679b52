/** Maxim DS3231 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Maxim DS3231, 19-5170 Rev 10 (March 2015)");

export const facts = {
  title: "Maxim DS3231, real-time clock with alarms and thermometer",
  addresses: [0x68],
  quantities: ["temperature"],
  faults: ["nak", "stuck"],
  supplyVolts: [
    figure(2.3, "recommended operating conditions, VCC"),
    figure(5.5, "recommended operating conditions, VCC"),
  ],
  figures: {
    standbyMicroamps: figure(110, "standby supply current at 3.63 V, largest"),
    batteryMicroamps: figure(0.84, "timekeeping battery current, typical"),
    convertingMicroamps: figure(575, "temperature conversion current"),
    conversionMs: figure(125, "temperature conversion time, typical"),
    conversionLongestMs: figure(200, "temperature conversion time"),
    conversionPeriodSeconds: figure(64, "automatic conversion"),
    driftPpm: figure(2, "frequency stability, 0 to 40 °C"),
    accuracyCelsius: figure(3, "temperature accuracy"),
    resolutionCelsius: figure(0.25, "temperature registers"),
  },
} as const satisfies I2cFacts;
