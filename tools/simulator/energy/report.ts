/** What a run says about the battery: who drew the energy, how long the cell lasts, and how sure the figures are. */
import type { Confidence, Figure } from "../../../boards/types.ts";
import { capacityAmpHours, selfDischargeFigures, type Cell } from "./cell.ts";

export interface EnergyRun {
  /** Joules at the battery by cause, as `Ledger.causes()` gives them. */
  readonly causes: ReadonlyMap<string, number>;
  /** Length of the run. */
  readonly seconds: number;
  /** What the battery lost; without it the joules at the cell's nominal voltage. */
  readonly coulombs?: number;
  /** Mean temperature of the cell, on which its capacity depends. Default 20 °C. */
  readonly celsius?: number;
  readonly cell: Cell;
  /** The figures that each cause rests on; a cause that is not listed counts as unverified. */
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
}

export interface CauseShare {
  readonly cause: string;
  readonly joules: number;
  /** Of all joules, 0 to 1. */
  readonly share: number;
  /** Mean current at the battery. */
  readonly microamps: number;
  /** The weakest of its figures; undefined when it has none. */
  readonly confidence: Confidence | undefined;
}

export interface EnergyReport {
  readonly seconds: number;
  readonly joules: number;
  readonly joulesPerDay: number;
  /** Mean current out of the battery, self-discharge included. */
  readonly meanMicroamps: number;
  readonly lifeYears: number;
  /** Largest first. */
  readonly shareByCause: readonly CauseShare[];
  /** Share of the joules that rests on at least one unverified figure, 0 to 1. */
  readonly unverifiedShare: number;
  /** Capacity on which the life rests. */
  readonly capacityConfidence: Confidence;
}

const HOURS_PER_YEAR = 365.25 * 24;

/** From the surest to the least sure. */
const confidences: readonly Confidence[] = ["datasheet", "paper", "computed", "reported", "inferred", "memory"];
const unverifiedFrom = confidences.indexOf("reported");

const weakest = (figures: readonly Figure[]): Confidence | undefined =>
  confidences[Math.max(...figures.map(({ confidence }) => confidences.indexOf(confidence)))];

/** Turns a ledger's causes into rates, shares and a life. */
export function energyReport({ causes, seconds, coulombs, celsius, cell, figures }: EnergyRun): EnergyReport {
  if (!(seconds > 0)) throw new RangeError(`an energy report over ${seconds} s`);
  const figuresOf = (cause: string): readonly Figure[] =>
    figures.get(cause) ?? (cause === "self-discharge" ? selfDischargeFigures(cell) : []);
  const joules = [...causes.values()].reduce((total, part) => total + part, 0);
  // the mean over the run: what a cause cost at the battery, in the current that the cell gave for it
  const volts = coulombs ? joules / coulombs : cell.nominalVolts.value;
  const amps = (part: number): number => part / volts / seconds;
  const shareByCause = [...causes]
    .map(([cause, part]) => ({
      cause,
      joules: part,
      share: joules > 0 ? part / joules : 0,
      microamps: amps(part) * 1e6,
      confidence: weakest(figuresOf(cause)),
    }))
    .sort((a, b) => b.joules - a.joules);
  const unverified = shareByCause.filter(
    ({ confidence }) => confidence === undefined || confidences.indexOf(confidence) >= unverifiedFrom,
  );
  return {
    seconds,
    joules,
    joulesPerDay: (joules / seconds) * 86400,
    meanMicroamps: amps(joules) * 1e6,
    lifeYears:
      capacityAmpHours(cell, amps(joules - (causes.get("self-discharge") ?? 0)), celsius) /
      amps(joules) /
      HOURS_PER_YEAR,
    shareByCause,
    unverifiedShare: unverified.reduce((total, { share }) => total + share, 0),
    capacityConfidence: weakest(cell.capacity.map(({ ampHours }) => ampHours))!,
  };
}
