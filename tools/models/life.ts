/**
 * How long a node lives that sends what it decided, against one that sends every input: a rough comparison on the figures of
 * one simulated van, with its assumptions in words. What a node really spends, `hibernode power` and a simulation of its firmware tell.
 */
import { liIon18650 } from "../simulator/energy/cells/rechargeable.ts";

/** From `npm run bench truck`: a day of a van's node that reports what it decided, and of one that sends every sample. */
const VAN = {
  decided: { joules: 1726, modemJoules: 149, kilobytes: 2.1 },
  everything: { modemJoules: 268, kilobytes: 248 },
};
/** What is sent more costs so much more, by the same two days: the sessions are paid already. */
const JOULES_PER_KILOBYTE =
  (VAN.everything.modemJoules - VAN.decided.modemJoules) / (VAN.everything.kilobytes - VAN.decided.kilobytes);
/** Joules that the van's node gets out of its cell: 20.7 days. */
const CELL_JOULES = 20.7 * VAN.decided.joules;
const DAY_SECONDS = 86_400;
const DAYS_A_YEAR = 365.25;
/** As boards/lilygo-t-sim7000g.ts has it; confidence "reported". */
const SLEEP_MICROAMPS = 250;
const SLEEP_JOULES = SLEEP_MICROAMPS * 1e-6 * liIon18650.nominalVolts.value * DAY_SECONDS;

export interface Work {
  /** Of one decision's inputs, if they were sent. */
  readonly inputBytes: number;
  readonly millijoules: number;
  readonly everySeconds: number;
}

export interface Life {
  readonly node: string;
  /** A day, whatever is sent: the node itself and its reports. */
  readonly baseJoules: number;
  readonly decidingYears: number;
  readonly sendingYears: number;
}

export interface Lives {
  readonly decidingJoulesPerDay: number;
  readonly sendingJoulesPerDay: number;
  readonly nodes: readonly Life[];
  readonly assumed: string;
}

/** Years on one 18650 for a node that sleeps between decisions, and for one that is awake as much as the van's. */
export function livesOf({ inputBytes, millijoules, everySeconds }: Work): Lives {
  const decisions = DAY_SECONDS / everySeconds;
  const decidingJoulesPerDay = (decisions * millijoules) / 1000;
  const sendingJoulesPerDay = ((decisions * inputBytes) / 1000) * JOULES_PER_KILOBYTE;
  const lost = (CELL_JOULES * liIon18650.selfDischargePerYear.value) / DAYS_A_YEAR;
  const years = (joules: number): number => CELL_JOULES / (joules + lost) / DAYS_A_YEAR;
  const life = (node: string, baseJoules: number): Life => ({
    node,
    baseJoules,
    decidingYears: years(baseJoules + decidingJoulesPerDay),
    sendingYears: years(baseJoules + sendingJoulesPerDay),
  });
  return {
    decidingJoulesPerDay,
    sendingJoulesPerDay,
    nodes: [
      life("asleep between decisions", SLEEP_JOULES + VAN.decided.modemJoules),
      life("awake as the van's, 80 minutes a day", VAN.decided.joules),
    ],
    assumed: `a decision every ${everySeconds} s and ${inputBytes} bytes of inputs each; a LilyGO T-SIM7000G that reports every half hour either way (${VAN.decided.modemJoules} J a day); ${JOULES_PER_KILOBYTE.toFixed(2)} J for each further kB (both: npm run bench truck, simulated); asleep at ${SLEEP_MICROAMPS} µA (reported); one 18650 of ${(CELL_JOULES / 1000).toFixed(1)} kJ that loses ${100 * liIon18650.selfDischargePerYear.value} % a year (from memory); deciding takes ${millijoules.toFixed(millijoules < 10 ? 2 : 0)} mJ (inferred); what taking the inputs costs is in neither`,
  };
}
