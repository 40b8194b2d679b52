/** NXP PCF8583 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("NXP PCF8583, Rev 06 (6 October 2010)");

export const facts = {
  title: "NXP PCF8583, clock or event counter with RAM",
  addresses: [0x50, 0x51],
  quantities: [],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.5, "I2C-bus supply"), figure(6, "I2C-bus supply")],
  figures: {
    countingMicroamps: figure(10, "no figure for the event counter: typical of the clock mode at 5 V", "memory"),
    countingMaxMicroamps: figure(50, "features: operating current at fSCL = 0 Hz"),
  },
} as const satisfies I2cFacts;
