/** Maxim MAX17048 as data. Only the first page and the register summary of its datasheet could be read. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("Maxim MAX17048/MAX17049, 19-6171 Rev 7 (November 2016)");

export const facts = {
  title: "Maxim MAX17048, fuel gauge of a lithium cell",
  addresses: [0x36],
  quantities: ["voltage", "charge"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.5, "page 1"), figure(4.5, "page 1")],
  figures: {
    sleepMicroamps: figure(0.5, "sleep current", "memory"),
    hibernateMicroamps: figure(3, "page 1, hibernate current"),
    activeMicroamps: figure(23, "page 1, active current"),
    activePeriodMs: figure(250, "update period, active", "memory"),
    hibernatePeriodMs: figure(45_000, "update period, hibernate", "memory"),
    firstVoltageMs: figure(125, "first voltage after power-up", "memory"),
    firstChargeMs: figure(1000, "first state of charge", "memory"),
    voltsPerCount: figure(78.125e-6, "register summary, VCELL"),
    accuracyVolts: figure(0.0075, "page 1, voltage accuracy"),
    percentPerCount: figure(1 / 256, "register summary, SOC"),
    percentPerHourPerCount: figure(0.208, "register summary, CRATE"),
  },
} as const satisfies I2cFacts;
