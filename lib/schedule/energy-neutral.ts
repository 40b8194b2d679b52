/**
 * Energy-neutral operation for nodes that harvest (Kansal, Hsu, Zahedi, Srivastava: "Power management in energy
 * harvesting sensor networks", ACM TECS 6(4), 2007): the day is cut into slots, the harvest of each slot is forecast by
 * an exponentially weighted average, and the node spends what it expects to earn in the coming day, plus or minus what
 * brings the store back to its target. One step runs from "slowest" to "fastest" and sets both rates.
 */
import { now } from "../platform/espruino.ts";
import type { Job } from "./every.ts";
import { keptBy, POLICY, type Extension } from "./extensions.ts";

export interface EnergyNeutralOptions {
  /** Voltage at which the node must stop, and at which the store is full. */
  readonly emptyVolts: number;
  readonly fullVolts: number;
  /** Of the capacitor. Charge = farads × volts. */
  readonly farads: number;
  /** Charge in coulombs that one sample and one report cost, boots included, and a day of sleep with all leaks. */
  readonly sampleCoulombs: number;
  readonly reportCoulombs: number;
  readonly dayCoulombs: number;
  /** Bounds: the rates are never outside. */
  readonly slowest: readonly [sample: Job, report: Job];
  readonly fastest: readonly [sample: Job, report: Job];
}

const DAY = 86400;
const SLOTS = 12;
const SLOT_S = DAY / SLOTS;
/** Weight of the newest observation of a slot (Kansal: 0.5). */
const NEWEST = 0.5;
/** The store is steered to this share of its range, within a day. */
const TARGET = 0.8;
/** Below this share only the slowest rates are left, whatever the forecast says. */
const RESERVE = 0.1;
/** Steps between slowest and fastest. */
const STEPS = 100;
/** Charge is kept in tenths of a coulomb: whole numbers are short. */
const UNITS = 10;

/** What is kept: the step, plan time and charge at the last look, and the harvest that each slot is expected to bring. */
const STEP = 0;
const SEEN_AT = 1;
const CHARGE = 2;
const FORECAST = 3;

/** @param volts picks the store's voltage out of a sample; NaN changes nothing */
export function energyNeutral<R>(volts: (readings: R) => number, options: EnergyNeutralOptions): Extension<R> {
  const { slowest, fastest } = options;
  const perDay = (job: 0 | 1, share: number) => {
    const least = DAY / slowest[job].period;
    return least + (DAY / fastest[job].period - least) * share;
  };
  const spending = (share: number) =>
    options.dayCoulombs + perDay(0, share) * options.sampleCoulombs + perDay(1, share) * options.reportCoulombs;
  const full = (options.fullVolts - options.emptyVolts) * options.farads;

  return (host) => {
    const kept = keptBy(host, POLICY);
    const share = () => (kept[STEP] || 0) / STEPS;
    const job = (index: 0 | 1): Job => ({
      period: DAY / perDay(index, share()),
      slack: fastest[index].slack,
    });

    /** What has come in since the last look, as a mean over the slots that it spans. */
    const learn = (at: number, charge: number) => {
      const span = at - kept[SEEN_AT]!;
      const earned = charge - kept[CHARGE]! / UNITS + (spending(share()) * span) / DAY;
      const perSlot = Math.max(0, (earned * SLOT_S * UNITS) / span);
      for (let i = 0; i < Math.min(SLOTS, Math.round(span / SLOT_S) || 1); i++) {
        const slot = FORECAST + (Math.floor(at / SLOT_S - 1 - i) % SLOTS);
        kept[slot] = Math.round(kept[slot]! + (perSlot - kept[slot]!) * NEWEST);
      }
    };

    const plan = (charge: number) => {
      let income = (charge - TARGET * full) * UNITS;
      for (let i = 0; i < SLOTS; i++) income += kept[FORECAST + i]!;
      const wanted = (income / UNITS - spending(0)) / (spending(1) - spending(0));
      kept[STEP] = charge < RESERVE * full ? 0 : Math.round(Math.max(0, Math.min(1, wanted)) * STEPS);
    };

    return {
      jobs: () => [job(0), job(1)],
      // on the reserve, what costs nothing
      most: () => (kept[CHARGE]! < RESERVE * full * UNITS ? 0 : Infinity),
      sampled(readings) {
        const charge = (volts(readings) - options.emptyVolts) * options.farads;
        const at = host.time(now());
        const since = at - kept[SEEN_AT]!;
        const isLow = charge < RESERVE * full && kept[STEP]! > 0;
        // one look per slot: each costs a write to the flash
        if (isNaN(charge) || (Math.floor(at / SLOT_S) === Math.floor(kept[SEEN_AT]! / SLOT_S) && !isLow)) return false;
        if (isNaN(since)) for (let i = 0; i < SLOTS; i++) kept[FORECAST + i] = 0;
        // after a jump of the clock nothing can be said about what came in
        else if (since > 0 && since < DAY) learn(at, charge);
        plan(charge);
        kept[SEEN_AT] = Math.floor(at);
        kept[CHARGE] = Math.round(charge * UNITS);
        host.save();
        return false;
      },
    };
  };
}
