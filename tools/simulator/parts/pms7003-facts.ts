/** Plantower PMS7003 as data. */
import { figuresFrom, type PartFacts } from "./part.ts";

const figure = figuresFrom("Plantower PMS7003, V2.5");

export const facts = {
  title: "Plantower PMS7003, fine dust",
  quantities: ["pm1", "pm25", "pm10"],
  faults: ["nak", "crc"],
  supplyVolts: [figure(4.5, "technical index, DC power supply"), figure(5.5, "technical index, DC power supply")],
  figures: {
    sleepMicroamps: figure(200, "technical index, standby current, largest"),
    activeMicroamps: figure(100_000, "technical index, active current, largest"),
    stableMs: figure(30_000, "circuit attentions: stable data after wake-up"),
    slowIntervalMs: figure(2300, "appendix: interval in active mode, stable"),
    fastIntervalMs: figure(200, "appendix: shortest interval in active mode"),
    answerMs: figure(50, "no figure: answer to a command, assumed", "inferred"),
    baud: figure(9600, "appendix: serial port"),
  },
} as const satisfies PartFacts;
