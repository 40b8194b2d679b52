/**
 * Named cells as data: voltage, capacity by current, self-discharge and limits, each with source and confidence.
 * Life is capacity over current; voltage sag, temperature and passivation are not modelled here.
 */
import type { BoardFacts, Confidence, Figure } from "../../../boards/types.ts";
import { unknownName } from "../../suggest.ts";
import type { Supply } from "./ledger.ts";

export interface Cell {
  readonly name: string;
  readonly chemistry: string;
  readonly nominalVolts: Figure;
  /** The cell is empty for a node below this. */
  readonly cutoffVolts: Figure;
  /**
   * Capacity before self-discharge, by constant current (increasing), at about 20 °C. Below the first and above the
   * last current it is taken as flat and as the last value.
   */
  readonly capacity: readonly { readonly milliamps: number; readonly ampHours: Figure }[];
  /** Share of the capacity at the lowest current that is lost within a year. */
  readonly selfDischargePerYear: Figure;
  /** What a capacitor across the cell leaks besides. */
  readonly leakageMicroamps?: Figure;
  /** Highest constant current, and highest short pulse, where known. */
  readonly continuousMilliamps?: Figure;
  readonly pulseMilliamps?: Figure;
}

const figure =
  (confidence: Confidence, source: string) =>
  (value: number): Figure => ({ value, confidence, source });
const memory = figure("memory", "usual value, no document at hand");
const linden = figure("paper", "Linden's Handbook of Batteries, 4th ed., fig. 14.17a (D bobbin, 25 °C)");
const energizerReadings = figure(
  "reported",
  "readings of Energizer's graphs to 0.8 V (kurokatta.org, lygte-info.dk), middle where they differ",
);
const preset = figure("reported", "published simulation preset, no cell data");
const hkj = figure("reported", "HKJ's discharge tests at 1 A");

/** A D bobbin. Linden's 17 Ah at 0.2 mA (and 18.4 at 1 mA) are 19 Ah less ten (two) years of the self-discharge below. */
const er34615: Cell = {
  name: "ER34615, Li-SOCl2 D cell, bobbin",
  chemistry: "Li-SOCl2",
  nominalVolts: memory(3.6),
  cutoffVolts: memory(2.0),
  capacity: [
    { milliamps: 4, ampHours: linden(19.0) },
    { milliamps: 20, ampHours: linden(13.5) },
    { milliamps: 35, ampHours: linden(7) },
  ],
  selfDischargePerYear: figure(
    "computed",
    "from the low-rate points of Linden's fig. 14.17a: 17 Ah over 9.7 years",
  )(0.011),
  continuousMilliamps: memory(100),
  pulseMilliamps: memory(400),
};

const l91: Cell = {
  name: "L91, Li-FeS2 AA cell",
  chemistry: "Li-FeS2",
  nominalVolts: memory(1.5),
  cutoffVolts: memory(0.9),
  // Nearly flat from 25 mA to 1 A (Linden fig. 14.74), so the value at 1 A stands for all.
  capacity: [{ milliamps: 1000, ampHours: hkj(3.23) }],
  selfDischargePerYear: figure("memory", "below 1 % a year, 20 to 25 years of shelf life: the bound")(0.01),
  continuousMilliamps: memory(2000),
  pulseMilliamps: memory(3000),
};

const e91: Cell = {
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
  selfDischargePerYear: preset(0.025),
};

/** Cells by the name that `--cell` takes; "-2s" and "-3s" are two and three cells in series. */
export const cells = {
  er34615,
  "er34615-hpc1550": {
    ...er34615,
    name: "ER34615 with HPC1550 hybrid capacitor",
    leakageMicroamps: figure("memory", "a few microampere: 5 assumed")(5),
    pulseMilliamps: figure("reported", "maker's drawing: at least 3.45 V at 5 ohm")(690),
  },
  cr123a: {
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
    selfDischargePerYear: preset(0.01),
    continuousMilliamps: preset(1500),
  },
  "l91-2s": inSeries(l91, 2),
  "l91-3s": inSeries(l91, 3),
  "e91-3s": inSeries(e91, 3),
  "li-ion-18650": {
    name: "Li-ion 18650",
    chemistry: "Li-ion",
    nominalVolts: memory(3.6),
    cutoffVolts: memory(3.0),
    // One point is taken as flat, so its current does not matter. 2.5 Ah is the low end of 2.5 to 3.4.
    capacity: [{ milliamps: 500, ampHours: memory(2.5) }],
    selfDischargePerYear: memory(0.3),
  },
  "lifepo4-18650": {
    name: "LiFePO4 18650",
    chemistry: "LiFePO4",
    nominalVolts: memory(3.2),
    cutoffVolts: memory(2.5),
    capacity: [{ milliamps: 300, ampHours: memory(1.5) }],
    selfDischargePerYear: memory(0.3),
  },
} as const satisfies Record<string, Cell>;

export type CellName = keyof typeof cells;

function inSeries(cell: Cell, count: number): Cell {
  const times = (volts: Figure): Figure => ({ ...volts, value: volts.value * count });
  return {
    ...cell,
    name: `${count} × ${cell.name}`,
    nominalVolts: times(cell.nominalVolts),
    cutoffVolts: times(cell.cutoffVolts),
  };
}

/** The cell of that name; a UserError with the nearest name when there is none. */
export function findCell(name: string, where?: string): Cell {
  if (!Object.hasOwn(cells, name)) throw unknownName("cell", name, Object.keys(cells), where);
  return cells[name as CellName];
}

/** Capacity in ampere-hours before self-discharge at a mean current in ampere, interpolated over the current's logarithm. */
export function capacityAmpHours({ capacity }: Cell, amps: number): number {
  const milliamps = amps * 1e3;
  const above = capacity.findIndex((point) => point.milliamps >= milliamps);
  const upper = capacity[above];
  if (!upper) return capacity[capacity.length - 1]!.ampHours.value;
  const lower = capacity[above - 1];
  if (!lower) return upper.ampHours.value;
  const share = Math.log(milliamps / lower.milliamps) / Math.log(upper.milliamps / lower.milliamps);
  return lower.ampHours.value + (upper.ampHours.value - lower.ampHours.value) * share;
}

const hoursPerYear = 365.25 * 24;

/** Current that the cell loses inside (and in a capacitor across it), in ampere, as a constant loss. */
export function selfDischargeAmps({ capacity, selfDischargePerYear, leakageMicroamps }: Cell): number {
  const leakage = (leakageMicroamps?.value ?? 0) * 1e-6;
  return (capacity[0]!.ampHours.value * selfDischargePerYear.value) / hoursPerYear + leakage;
}

/** The figures behind the cause "self-discharge". */
export function selfDischargeFigures({ selfDischargePerYear, leakageMicroamps }: Cell): readonly Figure[] {
  return leakageMicroamps ? [selfDischargePerYear, leakageMicroamps] : [selfDischargePerYear];
}

/** Years until the cell is empty under a mean load in ampere (self-discharge comes on top). */
export function lifeYears(cell: Cell, loadAmps: number): number {
  if (!(loadAmps >= 0)) throw new RangeError(`a mean current of ${loadAmps} A`);
  return capacityAmpHours(cell, loadAmps) / (loadAmps + selfDischargeAmps(cell)) / hoursPerYear;
}

/** The ledger's supply: this cell in front of a board's linear regulator. */
export function supplyOf(cell: Cell, railVolts: number, quiescentAmps: number): Supply {
  const batteryVolts = cell.nominalVolts.value;
  return { batteryVolts, railVolts, quiescentAmps, selfDischargeAmps: selfDischargeAmps(cell) };
}

/** The same for a board's own regulator: linear, switching, boost and linear, or none. */
export function boardSupply(cell: Cell, { railVolts, regulator }: BoardFacts["power"]): Supply {
  const batteryVolts = cell.nominalVolts.value;
  const { kind, quiescentMicroamps, efficiency, boostVolts } = regulator;
  // a linear regulator passes the current on; a switching one the power, less its losses
  const switched = kind === "buck" ? railVolts.value : kind === "boost-ldo" ? boostVolts?.value : undefined;
  return {
    ...supplyOf(cell, kind === "none" ? batteryVolts : railVolts.value, quiescentMicroamps.value * 1e-6),
    currentRatio: switched === undefined ? 1 : switched / batteryVolts / (efficiency?.value ?? 1),
  };
}
