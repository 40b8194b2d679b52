/**
 * How long a cell carries a mean load with its bursts, through the seasons: the formulas of the simulator's battery in steps
 * of five days instead of event by event, so that a life takes a millisecond and a thousand lives a second.
 */
import type { BoardFacts } from "../../boards/types.ts";
import {
  arrhenius,
  capacityAmpHours,
  cellOhms,
  openVolts,
  selfDischargeAmps,
  type Cell,
} from "../simulator/energy/cell.ts";
import { feedOf, feedVolts } from "../simulator/energy/supply-limits.ts";

export const STEP_DAYS = 5;
export const LONGEST_YEARS = 40;
const STEP_S = STEP_DAYS * 86400;
const STEPS_PER_YEAR = 365.25 / STEP_DAYS;

/** A year at the cell: mean and lowest temperature of each step. */
export interface Climate {
  readonly mean: Float64Array;
  readonly lowest: Float64Array;
}

export type Death = "charge" | "sag" | "none";

export interface Life {
  readonly years: number;
  readonly death: Death;
  readonly celsius: number;
  /** Charge that is left at the end of each step. */
  readonly charge: readonly number[];
  /** The lowest voltage that the chip ever sees before the end. */
  readonly lowestVolts: number;
}

export interface LifeOptions {
  readonly cell: Cell;
  readonly facts: BoardFacts;
  readonly climate: Climate;
  /** Mean current at the battery, without the cell's own loss. */
  readonly amps: number;
  /** Highest at the rail. */
  readonly peakAmps: number;
  readonly celsiusOffset?: number;
  /** Factors on the cell's figures. */
  readonly capacity?: number;
  readonly ohms?: number;
  readonly selfDischarge?: number;
  /** Mean power that a harvester brings, after the converter. */
  readonly harvestWatts?: number;
}

export function climateOf(celsius: (seconds: number) => number): Climate {
  const steps = Math.ceil(STEPS_PER_YEAR);
  const mean = new Float64Array(steps);
  const lowest = new Float64Array(steps).fill(Infinity);
  const looks = STEP_DAYS * 24;
  for (let step = 0; step < steps; step++) {
    for (let hour = 0; hour < looks; hour++) {
      const value = celsius(step * STEP_S + hour * 3600);
      mean[step]! += value / looks;
      lowest[step] = Math.min(lowest[step]!, value);
    }
  }
  return { mean, lowest };
}

export function live(options: LifeOptions): Life {
  const { cell, facts, climate, amps, peakAmps, celsiusOffset = 0, harvestWatts = 0 } = options;
  const { capacity = 1, ohms = 1, selfDischarge = 1 } = options;
  const feed = feedOf(facts.power, facts.chip, cell.nominalVolts.value);
  const { passivation, buffer } = cell;
  const charge: number[] = [];
  let used = 0;
  let film = 0;
  let lowestVolts = Infinity;
  const steps = Math.round(LONGEST_YEARS * STEPS_PER_YEAR);
  for (let step = 0; step < steps; step++) {
    const season = step % climate.mean.length;
    const mean = climate.mean[season]! + celsiusOffset;
    const cold = climate.lowest[season]! + celsiusOffset;
    const own = selfDischargeAmps(cell, mean) * selfDischarge;
    const drawn = (amps + own) * STEP_S;
    const full = capacityAmpHours(cell, amps, cold) * 3600 * capacity;
    if (cell.rechargeable && harvestWatts > 0)
      used = Math.max(0, used - (harvestWatts / openVolts(cell, 1 - used / full)) * STEP_S);
    const left = 1 - used / full;
    if (left * full < drawn) {
      const share = Math.max(0, (left * full) / drawn);
      return { years: (step + share) / STEPS_PER_YEAR, death: "charge", celsius: cold, charge, lowestVolts };
    }
    if (passivation) {
      const grows = (STEP_DAYS / passivation.days.value) * 2 ** ((mean - 20) / 10);
      const breaks = (amps * STEP_S) / passivation.clearingCoulombs.value;
      film = (passivation.ohms.value * grows) / (grows + breaks);
    }
    const open = openVolts(cell, left);
    const inner = (cellOhms(cell, left, cold) + film / arrhenius(cell.ohmsKilojoules.value, cold)) * ohms;
    const volts = buffer
      ? feedVolts(feed, open - amps * inner, (buffer.ohms.value / arrhenius(buffer.ohmsKilojoules.value, cold)) * ohms, peakAmps)
      : feedVolts(feed, open, inner, peakAmps); // prettier-ignore
    lowestVolts = Math.min(lowestVolts, volts);
    if (volts < feed.lowestVolts)
      return { years: step / STEPS_PER_YEAR, death: "sag", celsius: cold, charge, lowestVolts };
    used += drawn;
    charge.push(Math.max(0, 1 - used / (capacityAmpHours(cell, amps) * 3600 * capacity)));
  }
  return { years: LONGEST_YEARS, death: "none", celsius: climate.mean[0]!, charge, lowestVolts };
}
