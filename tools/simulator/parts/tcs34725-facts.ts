/** ams TCS34725 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("ams TCS3472, v1-02 (February 2016)");

export const facts = {
  title: "ams TCS34725, colour and illuminance",
  addresses: [0x29],
  quantities: ["illuminance"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.7, "recommended operating conditions"), figure(3.6, "recommended operating conditions")],
  figures: {
    sleepMicroamps: figure(2.5, "supply current, sleep"),
    waitMicroamps: figure(65, "supply current, wait"),
    activeMicroamps: figure(235, "supply current, active"),
    warmUpMs: figure(2.4, "timing, power-on to ADC enable"),
    initialiseMs: figure(2.4, "timing, ADC initialisation"),
    stepMs: figure(2.4, "integration time step"),
    stepShortestMs: figure(2.27, "integration time step"),
    stepLongestMs: figure(2.56, "integration time step"),
    countsPerStep: figure(1024, "full scale of one integration step"),
    /** Clear counts per lux in one integration step at a gain of 1. */
    countsPerLux: figure(0.014, "no figure: about 16.8 counts per µW/cm² in 24 ms at 1×, white light", "inferred"),
  },
} as const satisfies I2cFacts;

export const gains = [1, 4, 16, 60] as const;
