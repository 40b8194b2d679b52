/** Maxim DS18B20 as data. */
import { figuresFrom, type PartFacts } from "./part.ts";

const figure = figuresFrom("Maxim DS18B20, 19-7487 Rev 4 (January 2015)");

export const facts = {
  title: "Maxim DS18B20, temperature on a 1-Wire line",
  quantities: ["temperature"],
  faults: ["nak", "crc", "stuck"],
  supplyVolts: [figure(3, "supply voltage"), figure(5.5, "supply voltage")],
  figures: {
    standbyMicroamps: figure(0.75, "standby current"),
    activeMicroamps: figure(1000, "active current"),
    conversionMs: figure(750, "conversion time at 12 bits, longest; halves with each bit less"),
    copyMs: figure(2, "nonvolatile write cycle, typical"),
    accuracyCelsius: figure(0.5, "thermometer error, -10 to 85 °C"),
    deviationCelsius: figure(0.03, "no figure: noise of half a step, assumed", "inferred"),
  },
} as const satisfies PartFacts;
