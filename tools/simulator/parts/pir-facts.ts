/** Passive infrared motion sensors as data. */
import { figuresFrom, type PartFacts } from "./part.ts";

const am312 = figuresFrom("AM312");
const sr501 = figuresFrom("HC-SR501, smarthomatic and utwente wikis");

export const facts = {
  title: "Passive infrared motion sensor (AM312, HC-SR501)",
  quantities: ["motion"],
  faults: [],
  supplyVolts: [am312(2.7, "supply voltage", "reported"), am312(12, "supply voltage", "reported")],
  figures: {
    idleMicroamps: am312(15, "quiescent current", "memory"),
    activeMicroamps: am312(15, "quiescent current", "memory"),
    onMs: am312(2000, "output high after motion", "memory"),
    warmUpMs: am312(30_000, "warm-up", "memory"),
  },
} as const satisfies PartFacts;

export const models = {
  am312: facts.figures,
  "hc-sr501": {
    idleMicroamps: sr501(35, "measured idle", "reported"),
    activeMicroamps: sr501(190, "measured, triggered", "reported"),
    onMs: sr501(3000, "shortest output", "reported"),
    warmUpMs: sr501(60_000, "warm-up", "memory"),
  },
} as const;
