/** NXP PCF8563 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("NXP PCF8563, Rev 11 (October 2015)");

export const facts = {
  title: "NXP PCF8563, real-time clock with alarm and timer",
  addresses: [0x51],
  quantities: [],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(1.8, "400 kHz bus"), figure(5.5, "recommended operating conditions")],
  figures: {
    quietMicroamps: figure(0.25, "supply current at 3 V, CLKOUT off, 25 °C"),
    clockOutMicroamps: figure(0.55, "supply current at 3 V, CLKOUT 32 kHz, 25 °C"),
    driftPpm: figure(20, "no figure: a common tuning-fork crystal", "inferred"),
    timerPulseMs: figure(1000 / 64, "timer interrupt pulse at 1 Hz and 1/60 Hz"),
  },
} as const satisfies I2cFacts;

/** Countdown clocks in Hz for each code of TD. */
export const timerHertz = [4096, 64, 1, 1 / 60] as const;
