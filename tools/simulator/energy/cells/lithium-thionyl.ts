/** Li-SOCl2 cells: bobbin cells of high energy, spiral cells of high power, and bobbin cells with a capacitor across. */
import type { Cell } from "../cell.ts";
import { figure, linden, memory, preset, times } from "./figures.ts";

const tadiran = figure("datasheet", "Tadiran LTC brochure: open circuit 3.67 V");
const film = figure("reported", "published simulation preset of an LS14500: 4.5 to 25 ohm, the middle");
const scaled = (to: string) => figure("inferred", `preset of an LS14500 by the anode's area of ${to}`);

/** What all of them have in common. */
const chemistry = {
  chemistry: "Li-SOCl2",
  nominalVolts: memory(3.6),
  cutoffVolts: memory(2.0),
  capacityByCelsius: [
    { celsius: -40, share: memory(0.6) },
    { celsius: -20, share: memory(0.8) },
    { celsius: 0, share: memory(0.93) },
    { celsius: 20, share: memory(1) },
    { celsius: 60, share: memory(0.95) },
  ],
  // flat to the end, then it falls: a voltage says nothing about the charge that is left
  openCircuit: [
    { charge: 0, volts: memory(3.0) },
    { charge: 0.03, volts: memory(3.5) },
    { charge: 0.1, volts: tadiran(3.64) },
    { charge: 1, volts: tadiran(3.67) },
  ],
  emptyOhmsFactor: memory(3),
  ohmsKilojoules: figure("inferred", "resistance five times at -20 °C, as bobbin discharge curves show it")(25),
  selfDischargeKilojoules: figure("reported", "published simulation preset: 46 to 58 kJ/mol, the middle")(52),
} as const satisfies Partial<Cell>;

/** A D bobbin. Linden's 17 Ah at 0.2 mA (and 18.4 at 1 mA) are 19 Ah less ten (two) years of the self-discharge below. */
export const er34615: Cell = {
  ...chemistry,
  name: "ER34615, Li-SOCl2 D cell, bobbin",
  capacity: [
    { milliamps: 4, ampHours: linden(19.0) },
    { milliamps: 20, ampHours: linden(13.5) },
    { milliamps: 35, ampHours: linden(7) },
  ],
  ohms: figure("memory", "400 mA pulses of 0.1 s above 3.0 V, from 3.67 V: 1.7; longer bursts see more")(2.2),
  selfDischargePerYear: figure(
    "computed",
    "from the low-rate points of Linden's fig. 14.17a: 17 Ah over 9.7 years",
  )(0.011),
  passivation: { ohms: scaled("a D cell, three times")(5), days: memory(60), clearingCoulombs: memory(3) },
  continuousMilliamps: memory(100),
  pulseMilliamps: memory(400),
};

/** A D spiral: a third of the energy is traded for the power. */
export const er34615m: Cell = {
  ...chemistry,
  name: "ER34615M, Li-SOCl2 D cell, spiral",
  capacity: [
    { milliamps: 50, ampHours: figure("reported", "Eden Worth's simulator; its current is not stated")(14) },
    { milliamps: 500, ampHours: memory(11) },
  ],
  ohms: memory(0.25),
  selfDischargePerYear: figure("memory", "2 to 3 % a year, the middle")(0.025),
  passivation: { ohms: scaled("a wound D cell")(1), days: memory(60), clearingCoulombs: memory(10) },
  continuousMilliamps: memory(1000),
  pulseMilliamps: figure("memory", "1 to 2 A, the low end")(1000),
};

/** An AA bobbin, after Saft's LS14500. */
export const er14505: Cell = {
  ...chemistry,
  name: "ER14505, Li-SOCl2 AA cell, bobbin",
  capacity: [
    { milliamps: 2, ampHours: preset(2.6) },
    { milliamps: 20, ampHours: memory(2.0) },
    { milliamps: 50, ampHours: memory(1.3) },
  ],
  ohms: figure("reported", "published simulation preset of an LS14500")(2.8),
  selfDischargePerYear: figure("datasheet", "Saft LS cells: below 1 % after a year at 20 °C (LS26500 sheet)")(0.01),
  passivation: { ohms: film(15), days: memory(60), clearingCoulombs: memory(1) },
  continuousMilliamps: memory(50),
  pulseMilliamps: memory(200),
};

const hybrid = {
  leakageMicroamps: figure("memory", "a few microampere: 5 assumed")(5),
  buffer: {
    farads: figure("computed", "350 mAh (Long Sing drawings, reported) over 3.67 to 2.5 V")(1077),
    ohms: figure("computed", "maker's drawing: at least 3.45 V at 5 ohm, from 3.67 V")(0.32),
    ohmsKilojoules: memory(20),
  },
  pulseMilliamps: figure("reported", "maker's drawing: at least 3.45 V at 5 ohm")(690),
} as const satisfies Partial<Cell>;

export const er34615Hpc1550: Cell = { ...er34615, ...hybrid, name: "ER34615 with HPC1550 hybrid capacitor" };

export const er14505Hpc1520: Cell = {
  ...er14505,
  ...hybrid,
  name: "ER14505 with HPC1520 hybrid capacitor",
  buffer: {
    ...hybrid.buffer,
    farads: figure("computed", "150 mAh (Long Sing drawings, reported) over 3.67 to 2.5 V")(462),
    ohms: figure("computed", "maker's drawing: at least 3.35 V at 5 ohm, from 3.67 V")(0.48),
  },
  leakageMicroamps: times(hybrid.leakageMicroamps, 0.6),
};
