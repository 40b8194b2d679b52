/** Texas Instruments OPT3001 as data. */
import { figuresFrom, type I2cFacts } from "./part.ts";

const figure = figuresFrom("TI OPT3001, SBOS681C (November 2017)");

export const facts = {
  title: "Texas Instruments OPT3001, illuminance",
  addresses: [0x44, 0x45, 0x46, 0x47],
  quantities: ["illuminance"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(1.6, "recommended operating conditions"), figure(3.6, "recommended operating conditions")],
  figures: {
    shutdownMicroamps: figure(0.3, "quiescent current, shutdown"),
    darkMicroamps: figure(1.8, "quiescent current, active, dark"),
    brightMicroamps: figure(3.7, "quiescent current, active, full scale"),
    shortMs: figure(100, "conversion time, CT = 0"),
    shortSpreadMs: figure(10, "conversion time, CT = 0"),
    longMs: figure(800, "conversion time, CT = 1"),
    longSpreadMs: figure(80, "conversion time, CT = 1"),
    overheadMs: figure(3, "conversion time, start-up"),
    rangingMs: figure(10, "automatic full-scale setting"),
    luxPerCount: figure(0.01, "table 9"),
  },
} as const satisfies I2cFacts;
