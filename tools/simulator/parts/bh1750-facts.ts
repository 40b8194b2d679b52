/** Rohm BH1750FVI as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Rohm BH1750FVI, 2011.11 Rev. D");

export const facts = {
  title: "Rohm BH1750FVI, illuminance",
  addresses: [0x23, 0x5c],
  quantities: ["illuminance"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.4, "operating conditions, VCC"), figure(3.6, "operating conditions, VCC")],
  figures: {
    powerDownMicroamps: figure(0.01, "electrical characteristics, Icc2"),
    activeMicroamps: figure(120, "electrical characteristics, Icc1"),
    highMs: figure(120, "measurement time, H-resolution mode"),
    highLongestMs: figure(180, "measurement time, H-resolution mode"),
    lowMs: figure(16, "measurement time, L-resolution mode"),
    lowLongestMs: figure(24, "measurement time, L-resolution mode"),
    countsPerLux: figure(1.2, "measurement accuracy, typical"),
    /** 0.96 to 1.44 counts per lux. */
    gainTolerance: figure(0.2, "measurement accuracy, range"),
    usualTime: figure(69, "measurement time register, default"),
  },
} as const satisfies I2cFacts;
