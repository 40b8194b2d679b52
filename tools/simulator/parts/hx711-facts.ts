/** Avia HX711 as data. */
import { figuresFrom, type PartFacts } from "./part.ts";

const figure = figuresFrom("Avia Semiconductor HX711, V2.0");

export const facts = {
  title: "Avia HX711, load cell",
  quantities: ["mass"],
  faults: ["nak", "stuck"],
  supplyVolts: [figure(2.6, "key electrical characteristics"), figure(5.5, "key electrical characteristics")],
  figures: {
    powerDownMicroamps: figure(0.5, "power-down current, analog and digital, typical"),
    activeMicroamps: figure(1500, "normal operation, analog 1400 µA and digital 100 µA"),
    /** The bridge is fed by the chip and switched with it. */
    bridgeOhms: figure(1000, "no figure: common load cells", "inferred"),
    slowHertz: figure(10, "output data rate, RATE = 0"),
    fastHertz: figure(80, "output data rate, RATE = 1"),
    slowSettlingMs: figure(400, "output settling time, RATE = 0"),
    fastSettlingMs: figure(50, "output settling time, RATE = 1"),
    powerDownUs: figure(60, "PD_SCK high for longer"),
    slowNoiseVolts: figure(50e-9, "input noise, 10 SPS, gain 128"),
    fastNoiseVolts: figure(90e-9, "input noise, 80 SPS, gain 128"),
  },
} as const satisfies PartFacts;
