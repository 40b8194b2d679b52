/** Primary cells with other chemistries: lithium manganese dioxide, lithium iron disulfide, alkaline. */
import type { Cell } from "../cell.ts";
import { figure, hkj, memory, preset } from "./figures.ts";

export const cr123a: Cell = {
  name: "CR123A, Li-MnO2",
  chemistry: "Li-MnO2",
  nominalVolts: preset(3.0),
  cutoffVolts: preset(2.0),
  capacity: [
    {
      milliamps: 10,
      ampHours: figure("reported", "published simulation preset; its current is not stated, 10 mA assumed")(1.5),
    },
    { milliamps: 1000, ampHours: hkj(1.45) },
  ],
  capacityByCelsius: [
    { celsius: -20, share: memory(0.7) },
    { celsius: 0, share: memory(0.9) },
    { celsius: 20, share: memory(1) },
  ],
  openCircuit: [
    { charge: 0, volts: memory(2.2) },
    { charge: 0.1, volts: memory(2.75) },
    { charge: 0.8, volts: memory(3.05) },
    { charge: 1, volts: memory(3.2) },
  ],
  ohms: preset(0.35),
  emptyOhmsFactor: memory(3),
  ohmsKilojoules: memory(25),
  selfDischargePerYear: preset(0.01),
  selfDischargeKilojoules: memory(50),
  continuousMilliamps: preset(1500),
};

export const l91: Cell = {
  name: "L91, Li-FeS2 AA cell",
  chemistry: "Li-FeS2",
  nominalVolts: memory(1.5),
  cutoffVolts: memory(0.9),
  // Nearly flat from 25 mA to 1 A (Linden fig. 14.74), so the value at 1 A stands for all.
  capacity: [{ milliamps: 1000, ampHours: hkj(3.23) }],
  capacityByCelsius: [
    { celsius: -40, share: memory(0.6) },
    { celsius: -20, share: memory(0.85) },
    { celsius: 20, share: memory(1) },
  ],
  openCircuit: [
    { charge: 0, volts: memory(1.2) },
    { charge: 0.1, volts: memory(1.45) },
    { charge: 0.9, volts: memory(1.55) },
    { charge: 1, volts: figure("reported", "fresh cells read 1.73 to 1.8 V (forum measurements)")(1.75) },
  ],
  ohms: figure("memory", "0.1 to 0.15 ohm")(0.12),
  emptyOhmsFactor: memory(2),
  ohmsKilojoules: memory(20),
  selfDischargePerYear: figure("memory", "below 1 % a year, 20 to 25 years of shelf life: the bound")(0.01),
  selfDischargeKilojoules: memory(50),
  continuousMilliamps: memory(2000),
  pulseMilliamps: memory(3000),
};

const energizerReadings = figure(
  "reported",
  "readings of Energizer's graphs to 0.8 V (kurokatta.org, lygte-info.dk), middle where they differ",
);

export const e91: Cell = {
  name: "E91, alkaline AA cell",
  chemistry: "alkaline",
  nominalVolts: memory(1.5),
  cutoffVolts: memory(0.8),
  capacity: [
    { milliamps: 25, ampHours: energizerReadings(2.95) },
    { milliamps: 100, ampHours: energizerReadings(2.6) },
    { milliamps: 500, ampHours: energizerReadings(1.5) },
    { milliamps: 1000, ampHours: energizerReadings(1.0) },
  ],
  capacityByCelsius: [
    { celsius: -20, share: memory(0.25) },
    { celsius: 0, share: memory(0.65) },
    { celsius: 20, share: memory(1) },
  ],
  openCircuit: [
    { charge: 0, volts: memory(1.0) },
    { charge: 0.2, volts: memory(1.18) },
    { charge: 0.6, volts: memory(1.3) },
    { charge: 1, volts: figure("reported", "fresh cells: 1.58 V (advanced-battery.com)")(1.58) },
  ],
  ohms: preset(0.25),
  emptyOhmsFactor: memory(4),
  ohmsKilojoules: memory(30),
  selfDischargePerYear: preset(0.025),
  selfDischargeKilojoules: memory(55),
};
