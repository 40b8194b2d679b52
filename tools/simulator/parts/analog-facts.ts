/** Analog sensors as data: a capacitive soil moisture probe and NTC thermistors. */
import { figuresFrom, type PartFacts } from "./part.ts";

const soil = figuresFrom("capacitive soil moisture sensor v1.2/2.0");
const ntc = figuresFrom("NTC thermistor");

export const soilFacts = {
  title: "Capacitive soil moisture probe, analog",
  quantities: ["soilMoisture"],
  faults: [],
  supplyVolts: [soil(3.3, "supply voltage", "memory"), soil(5.5, "supply voltage", "memory")],
  figures: {
    activeMicroamps: soil(5000, "supply current", "memory"),
    settlingMs: soil(150, "settling after power-up", "memory"),
    dryVolts: soil(2.6, "output in air, common calibrations", "memory"),
    wetVolts: soil(1.2, "output in water, common calibrations", "memory"),
    deviationVolts: soil(0.004, "no figure: ripple of the output, assumed", "inferred"),
  },
} as const satisfies PartFacts;

export const thermistorFacts = {
  title: "NTC thermistor in a divider, analog",
  quantities: ["temperature"],
  faults: [],
  figures: {
    ohmsAt25: ntc(10_000, "nominal resistance"),
    beta: ntc(3950, "B25/85 of common 10 kohm parts", "memory"),
    seriesOhms: ntc(10_000, "the divider's other resistor"),
    tolerance: ntc(0.01, "resistance tolerance at 25 °C", "memory"),
  },
} as const satisfies PartFacts;
