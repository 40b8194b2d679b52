/** SparkFun's Sound Detector (SEN-12642) as data: an electret capsule, an amplifier, an envelope and a gate. */
import { figuresFrom, type PartFacts } from "./part.ts";

const guide = figuresFrom("SparkFun Sound Detector hookup guide");
const capsule = figuresFrom("CUI CMA-4544PF");
const opamp = figuresFrom("LMV324");

export const facts = {
  title: "SparkFun Sound Detector SEN-12642: envelope and gate",
  quantities: ["soundLevel"],
  faults: [],
  supplyVolts: [guide(3.5, "supply voltage"), guide(5.5, "supply voltage")],
  figures: {
    amplifiersMicroamps: opamp(410, "supply current of the four amplifiers", "memory"),
    capsuleMicroamps: capsule(500, "most that the capsule draws", "memory"),
    voltsPerPascal: capsule(6.3e-3, "sensitivity of −44 dB below 1 V/Pa", "memory"),
    gain: guide(220, "first stage 100 (its 100 kΩ), envelope 2.2"),
    floorVolts: guide(0.02, "no figure: noise of the envelope in a quiet room, assumed", "inferred"),
    attackMs: guide(1, "no figure: the envelope follows a rise at once, assumed", "inferred"),
    decayMs: guide(20, "no figure: the envelope's capacitor and its resistor, assumed", "inferred"),
    openVolts: guide(0.25, "no figure: the Schmitt trigger's upper level, assumed", "inferred"),
    closeVolts: guide(0.15, "no figure: the Schmitt trigger's lower level, assumed", "inferred"),
    dividerShare: guide(0.5, "two equal resistors between envelope and pin: the chip's pins take 3.3 V", "computed"),
  },
} as const satisfies PartFacts;
