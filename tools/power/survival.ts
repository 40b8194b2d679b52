/**
 * Nodes that live on what they harvest. They have no life in years: they come through a hard time or they do not. As such
 * firmware slows down when its store gets low, no mean load can tell; every node that is drawn is simulated in full.
 */
import type { Confidence } from "../../boards/types.ts";
import { UserError } from "../errors.ts";
import { findCell } from "../simulator/energy/cells.ts";
import type { Variation } from "../simulator/energy/variation.ts";
import { findProfile } from "../simulator/network/profiles.ts";
import { checkScenario } from "../simulator/rig.ts";
import { randomFor } from "../simulator/world/random.ts";
import type { WakeTrace } from "./load.ts";
import { atBound, drawn, quantile, type Middle } from "./monte-carlo.ts";
import { canStart, type CauseRow, type PowerOptions } from "./power.ts";
import { onlyLevel, sampleRuns, type SampleJob, type SampleResult } from "./sample.ts";

/** As for lives: every run is as long as the sample, and of as many nodes as there are runs. */
export type SurvivalOptions = Omit<PowerOptions, "nodes" | "years" | "visit">;

/** What came of one node. */
export interface Fate {
  /** Its store was never empty. */
  readonly survived: boolean;
  /** 0 to 1. */
  readonly lowestCharge: number;
  readonly emptyHours: number;
  readonly silenceDays: number;
  readonly readingsPerDay: number;
  readonly reportsPerDay: number;
}

/** Of the nodes that were drawn, sorted from the least. */
interface Quantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export interface SurvivalReport {
  readonly name: string;
  readonly cell: string;
  readonly board: string;
  readonly seed: string;
  /** Length of every run. */
  readonly seconds: number;
  readonly nodes: number;
  readonly survived: number;
  readonly fates: readonly Fate[];
  readonly lowestCharge: Quantiles;
  readonly silenceDays: Quantiles;
  readonly readingsPerDay: Quantiles;
  /** Lowest charge of each day, 0 to 1. */
  readonly band: readonly ({ readonly day: number } & Quantiles)[];
  /** Everything at its middle. */
  readonly nominal: Fate;
  readonly whatIf: readonly ({ readonly change: string } & Fate)[];
  readonly harvest: { readonly offeredJoulesPerDay: number; readonly usedJoulesPerDay: number };
  readonly causes: readonly CauseRow[];
  readonly unverifiedShare: number;
  readonly wake: WakeTrace | undefined;
  readonly broken: readonly string[];
}

/** Standard deviation of the logarithm of what the place brings. Chosen, not measured. */
const PLACE_HARVEST = 0.2;

/** @throws UserError when the store cannot start the node at all */
export async function survivalReport(options: SurvivalOptions): Promise<SurvivalReport> {
  const { scenario, scenarioFile, bundle, name, seed, sample, runs, cores } = options;
  checkScenario(scenario);
  const cell = findCell(scenario.cell);
  const facts = scenario.board.facts();
  const shares = findProfile(scenario.network, "scenario, network").coverage.share.map(({ value }) => value);
  const job: SampleJob = { scenarioFile, bundle, seed, lasts: sample };
  const [nominal] = (await sampleRuns([job], cores)) as [SampleResult];
  canStart(nominal, cell, facts);
  const { energy, figures } = nominal;
  if (!nominal.battery.offered.some((coulombs) => coulombs > 0))
    throw new UserError("nothing is harvested in this time", {
      where: "scenario, harvester",
      fix: "sample for longer: --sample 30d",
    });
  // self-discharge is drawn with the cell
  const causes = energy.shareByCause.map(({ cause }) => cause).filter((cause) => cause !== "self-discharge");
  const middle: Middle = { causes: causes.sort(), figures, cell, shares };
  const changes = whatIfs(middle);
  const results = await sampleRuns(
    [...changes.map((change) => ({ ...job, ...change.job })), ...draws(middle, runs, seed).map((one) => ({ ...job, ...one }))],
    cores,
  ); // prettier-ignore
  const nodes = results.slice(changes.length);
  const fates = nodes.map(fateOf);
  const volts = energy.joules / nominal.battery.drawn;
  const perDay = (coulombs: number): number => ((coulombs * volts) / energy.seconds) * 86400;
  return {
    name,
    cell: cell.name,
    board: facts.name,
    seed,
    seconds: energy.seconds,
    nodes: runs,
    survived: fates.filter(({ survived }) => survived).length,
    fates,
    lowestCharge: quantiles(fates.map(({ lowestCharge }) => lowestCharge)),
    silenceDays: quantiles(fates.map(({ silenceDays }) => silenceDays)),
    readingsPerDay: quantiles(fates.map(({ readingsPerDay }) => readingsPerDay)),
    band: nominal.battery.lowestByDay.map((_, day) => ({
      day,
      ...quantiles(nodes.map(({ battery }) => battery.lowestByDay[day] ?? 0)),
    })),
    nominal: fateOf(nominal),
    whatIf: changes.map(({ change }, index) => ({ change, ...fateOf(results[index]!) })),
    harvest: {
      offeredJoulesPerDay: perDay(nominal.battery.harvested + nominal.battery.spilled),
      usedJoulesPerDay: perDay(nominal.battery.harvested),
    },
    causes: energy.shareByCause.map(({ cause, joules, share, microamps, confidence = "memory" as Confidence }) => ({
      cause,
      joulesPerDay: (joules / energy.seconds) * 86400,
      share,
      microamps,
      confidence,
    })),
    unverifiedShare: energy.unverifiedShare,
    wake: nominal.load.wake,
    // a drawn node may die; in the middle nothing should break
    broken: nominal.broken,
  };
}

/** Nodes as they may turn out. */
function draws(middle: Middle, runs: number, seed: string): Pick<SampleJob, "shares" | "variation">[] {
  return Array.from({ length: runs }, (_, index) => {
    const random = randomFor(seed, `life ${index}`);
    const { shares, ...variation } = drawn(middle, random);
    const harvest = Math.exp(PLACE_HARVEST * random.normal());
    return { shares: [shares[0] ?? 0, shares[1] ?? 0, shares[2] ?? 0], variation: { ...variation, harvest } };
  });
}

function whatIfs(middle: Middle): { change: string; job: Pick<SampleJob, "shares" | "variation"> }[] {
  const varied = (change: string, variation: Variation) => ({ change, job: { variation } });
  const levels = [0, 1, 2].filter((level) => middle.shares[level]! > 0);
  return [
    varied("three quarters of the harvest", { harvest: 0.75 }),
    varied("half the harvest", { harvest: 0.5 }),
    varied("a quarter of the harvest", { harvest: 0.25 }),
    varied("a store half as large", { capacity: 0.5 }),
    varied("10 K colder", { celsiusOffset: -10 }),
    ...(levels.length > 1 ? levels : []).map((level) => ({
      change: `all connections at coverage level ${level}`,
      job: { shares: onlyLevel(level) },
    })),
    varied("unverified figures at their bad bound", atBound(middle, 1)),
    varied("unverified figures at their good bound", atBound(middle, -1)),
  ];
}

function fateOf({ battery, energy, messages, readings, silenceSeconds }: SampleResult): Fate {
  const days = energy.seconds / 86400;
  return {
    survived: battery.deaths === 0,
    lowestCharge: battery.lowestCharge,
    emptyHours: battery.emptySeconds / 3600,
    silenceDays: silenceSeconds / 86400,
    readingsPerDay: readings / days,
    reportsPerDay: messages.count / days,
  };
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}
