/** How a board's rail hangs on its battery: regulator, efficiency by load, dividers and bleeders, as the ledger takes them. */
import type { BoardFacts, Regulator } from "../../../boards/types.ts";
import { between, type Cell, supplyOf } from "./cell.ts";
import type { Supply } from "./ledger.ts";

type Power = BoardFacts["power"];

/** Where a converter's ratio is taken; at other loads by a factor on it. */
export const RATED_AMPS = 0.3;

/** This cell in front of a board's own regulator (linear, switching, boost and linear, or none) and its resistors. */
export function boardSupply(cell: Cell, power: Power): Supply {
  const { railVolts, regulator } = power;
  const batteryVolts = cell.nominalVolts.value;
  const rail = regulator.kind === "none" ? batteryVolts : railVolts.value;
  return {
    ...supplyOf(cell, rail, regulator.quiescentMicroamps.value * 1e-6),
    ...conversion(power, batteryVolts),
  };
}

/** What the chip and the rest of the rail take in deep sleep, in ampere at the rail: the board's floor less what is counted apart. */
export function sleepAmps(power: Power): number {
  const { batteryVolts, regulator, sleepFloorMicroamps } = power;
  const volts = (batteryVolts[0] + batteryVolts[1]) / 2;
  const { currentRatio = 1, ratioFactor = () => 1, resistors = [] } = conversion(power, volts);
  const apart = resistors.reduce((sum, { amps }) => sum + amps(volts), regulator.quiescentMicroamps.value * 1e-6);
  const rest = Math.max(0, sleepFloorMicroamps.value * 1e-6 - apart);
  return rest / currentRatio / ratioFactor(rest);
}

/** Efficiency of a switching converter by the current at its output; undefined where there is none. */
export function efficiencyOf({ kind, efficiency: points }: Regulator): ((amps: number) => number) | undefined {
  if (!points?.length || kind === "ldo" || kind === "none") return undefined;
  const logarithms = points.map(({ milliamps }) => Math.log(milliamps));
  const x = (index: number): number => logarithms[index]!;
  const y = (index: number): number => points[index]!.share.value;
  return (amps) => between(points.length, x, y, amps > 0 ? Math.log(amps * 1e3) : -Infinity);
}

function conversion(power: Power, batteryVolts: number): Pick<Supply, "currentRatio" | "ratioFactor" | "resistors"> {
  const { railVolts, regulator, resistors } = power;
  const { kind, boostVolts } = regulator;
  const efficiency = efficiencyOf(regulator);
  // a linear regulator passes the current on; a switching one the power, less its losses
  const switched = kind === "buck" ? railVolts.value : kind === "boost-ldo" ? boostVolts?.value : undefined;
  const boosted = boostVolts?.value ?? 0;
  return {
    currentRatio: switched === undefined ? 1 : switched / batteryVolts / (efficiency?.(RATED_AMPS) ?? 1),
    ...(efficiency && { ratioFactor: (amps: number) => efficiency(RATED_AMPS) / efficiency(amps) }),
    ...(resistors && {
      resistors: resistors.map(({ name, ohms, across }) => ({
        cause: name,
        amps: (volts: number): number => {
          if (across === "battery") return volts / ohms.value;
          const amps = boosted / ohms.value;
          return (boosted * amps) / volts / (efficiency?.(amps) ?? 1);
        },
      })),
    }),
  };
}
