/** Aosong AHT20 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Aosong AHT20, V1.0 (May 2021)");

export const facts = {
  title: "Aosong AHT20, humidity and temperature",
  addresses: [0x38],
  quantities: ["temperature", "humidity"],
  faults: ["nak", "crc", "stuck"],
  supplyVolts: [figure(2.2, "electrical characteristics"), figure(5.5, "electrical characteristics")],
  figures: {
    idleMicroamps: figure(0.25, "table 3, dormant, longest"),
    measuringMicroamps: figure(980, "table 3, measuring"),
    startUpMs: figure(100, "reading procedure, wait after power-on"),
    measureMs: figure(80, "reading procedure, wait after the trigger"),
    resetMs: figure(20, "soft reset"),
    accuracyPercent: figure(2, "relative humidity, typical accuracy"),
    accuracyCelsius: figure(0.3, "temperature, typical accuracy"),
    resolutionPercent: figure(0.024, "relative humidity, resolution"),
    resolutionCelsius: figure(0.01, "temperature, resolution"),
  },
} as const satisfies I2cFacts;
