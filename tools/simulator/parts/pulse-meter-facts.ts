/** Pulse outputs of utility meters as data. */
import { figuresFrom, type PartFacts } from "./part.ts";

const s0 = figuresFrom("IEC 62053-31 by Siemens PAC3200T p. 28 and Camille Bauer DM5000 p. 23");
const assumed = figuresFrom("no figure");

export const facts = {
  title: "Pulse output of a meter (S0, water, gas)",
  quantities: [],
  faults: [],
  figures: {
    shortestPulseMs: s0(30, "pulse duration", "reported"),
    sdm120PulseMs: s0(60, "Eastron SDM120CT, output 1", "reported"),
    bounceMs: assumed(1, "reed bounce of 0.5 to 3 ms", "memory"),
  },
} as const satisfies PartFacts;
