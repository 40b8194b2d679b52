/**
 * What a cell is: its figures, and the formulas on them. Capacity comes from a table of currents, resistance and
 * self-discharge follow Arrhenius, and a bobbin cell that rests grows a film that the next burst has to break.
 */
import type { Figure } from "../../../boards/types.ts";
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
  /** Share of that capacity that can be had at a temperature (rising); straight lines between, flat outside. */
  readonly capacityByCelsius: readonly { readonly celsius: number; readonly share: Figure }[];
  /** Open circuit, by the charge that is left (0 to 1, rising). */
  readonly openCircuit: readonly { readonly charge: number; readonly volts: Figure }[];
  /** What a burst of about a second sees at 20 °C when the cell is full and has no film. */
  readonly ohms: Figure;
  /** Times that, when it is empty. */
  readonly emptyOhmsFactor: Figure;
  /** Activation energy of the resistance, kJ/mol. */
  readonly ohmsKilojoules: Figure;
  /** Share of the capacity at the lowest current that is lost within a year at 20 °C. */
  readonly selfDischargePerYear: Figure;
  /** Activation energy of the self-discharge, kJ/mol. */
  readonly selfDischargeKilojoules: Figure;
  /** What a capacitor across the cell leaks besides. */
  readonly leakageMicroamps?: Figure;
  readonly passivation?: Passivation;
  /** A capacitor across the cell, which gives the bursts. */
  readonly buffer?: Buffer;
  readonly rechargeable?: boolean;
  /** Charge (0 to 1) from which an empty one carries the node again. */
  readonly restartCharge?: number;
  /** Highest constant current, and highest short pulse, where known. */
  readonly continuousMilliamps?: Figure;
  readonly pulseMilliamps?: Figure;
}

/** The film of lithium chloride on the anode. */
export interface Passivation {
  /** Resistance of the full-grown film at 20 °C. */
  readonly ohms: Figure;
  /** Time constant of its growth at 20 °C; growth doubles about every 10 K. */
  readonly days: Figure;
  /** Charge that takes it down to 1/e. */
  readonly clearingCoulombs: Figure;
}

export interface Buffer {
  readonly farads: Figure;
  /** At 20 °C. */
  readonly ohms: Figure;
  /** Activation energy of that, kJ/mol. */
  readonly ohmsKilojoules: Figure;
}

export const ROOM_CELSIUS = 20;
const GAS_CONSTANT = 8.314e-3; // kJ/(mol K)
const KELVIN = 273.15;
const HOURS_PER_YEAR = 365.25 * 24;

/** How many times faster a process of that activation energy (kJ/mol) runs than at 20 °C; below 1 in the cold. */
export function arrhenius(kilojoules: number, celsius: number): number {
  return Math.exp((kilojoules / GAS_CONSTANT) * (1 / (ROOM_CELSIUS + KELVIN) - 1 / (celsius + KELVIN)));
}

/** Capacity in ampere-hours before self-discharge at a mean current in ampere: a line over the current's logarithm. */
export function capacityAmpHours(cell: Cell, amps: number, celsius = ROOM_CELSIUS): number {
  return atRoom(cell, amps) * capacityShare(cell, celsius);
}

function atRoom({ capacity }: Cell, amps: number): number {
  const milliamps = amps * 1e3;
  const above = capacity.findIndex((point) => point.milliamps >= milliamps);
  const upper = capacity[above];
  if (!upper) return capacity[capacity.length - 1]!.ampHours.value;
  const lower = capacity[above - 1];
  if (!lower) return upper.ampHours.value;
  const share = Math.log(milliamps / lower.milliamps) / Math.log(upper.milliamps / lower.milliamps);
  return lower.ampHours.value + (upper.ampHours.value - lower.ampHours.value) * share;
}

function capacityShare({ capacityByCelsius: points }: Cell, celsius: number): number {
  return between(
    points.length,
    (index) => points[index]!.celsius,
    (index) => points[index]!.share.value,
    celsius,
  );
}

/** Open-circuit voltage at a charge from 0 to 1. */
export function openVolts({ openCircuit: points }: Cell, charge: number): number {
  return between(
    points.length,
    (index) => points[index]!.charge,
    (index) => points[index]!.volts.value,
    charge,
  );
}

/** Resistance without film, by the charge that is left. */
export function cellOhms({ ohms, emptyOhmsFactor, ohmsKilojoules }: Cell, charge: number, celsius: number): number {
  const used = 1 - Math.min(1, Math.max(0, charge));
  return (ohms.value * (1 + (emptyOhmsFactor.value - 1) * used * used)) / arrhenius(ohmsKilojoules.value, celsius);
}

/** Current that the cell loses inside (and in a capacitor across it), in ampere. */
export function selfDischargeAmps(cell: Cell, celsius = ROOM_CELSIUS): number {
  const { capacity, selfDischargePerYear, selfDischargeKilojoules, leakageMicroamps } = cell;
  const leakage = (leakageMicroamps?.value ?? 0) * 1e-6;
  const room = (capacity[0]!.ampHours.value * selfDischargePerYear.value) / HOURS_PER_YEAR;
  return (room + leakage) * (celsius === ROOM_CELSIUS ? 1 : arrhenius(selfDischargeKilojoules.value, celsius));
}

/** The figures behind the cause "self-discharge". */
export function selfDischargeFigures({ selfDischargePerYear, leakageMicroamps }: Cell): readonly Figure[] {
  return leakageMicroamps ? [selfDischargePerYear, leakageMicroamps] : [selfDischargePerYear];
}

/** Years until the cell is empty under a mean load in ampere at 20 °C (self-discharge comes on top). */
export function lifeYears(cell: Cell, loadAmps: number): number {
  if (!(loadAmps >= 0)) throw new RangeError(`a mean current of ${loadAmps} A`);
  return capacityAmpHours(cell, loadAmps) / (loadAmps + selfDischargeAmps(cell)) / HOURS_PER_YEAR;
}

/** The ledger's supply: this cell in front of a linear regulator. */
export function supplyOf(cell: Cell, railVolts: number, quiescentAmps: number): Supply {
  const batteryVolts = cell.nominalVolts.value;
  return { batteryVolts, railVolts, quiescentAmps, selfDischargeAmps: selfDischargeAmps(cell) };
}

/** A straight line between points that rise in x; flat outside of them. */
export function between(count: number, x: (index: number) => number, y: (index: number) => number, at: number): number {
  let index = 0;
  while (index < count && x(index) < at) index++;
  if (index === 0) return y(0);
  if (index === count) return y(count - 1);
  const low = x(index - 1);
  return y(index - 1) + ((y(index) - y(index - 1)) * (at - low)) / (x(index) - low);
}
