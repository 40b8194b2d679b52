/** Lives of many nodes: coverage, temperature, currents and cells drawn around their middle; the same seed, the same lives. */
import type { BoardFacts, Figure } from "../../boards/types.ts";
import { selfDischargeFigures, type Cell } from "../simulator/energy/cell.ts";
import type { Random } from "../simulator/hardware.ts";
import { randomFor } from "../simulator/world/random.ts";
import { BOUND_DEVIATIONS, factorAt, isUnverified, spreadOf, weakest } from "./confidence.ts";
import { live, STEP_DAYS, type Climate, type Death, type Life } from "./life.ts";
import { loadOf, type LoadChange, type LoadModel } from "./load-model.ts";

export interface Node {
  readonly model: LoadModel;
  readonly cell: Cell;
  readonly facts: BoardFacts;
  readonly climate: Climate;
  /** The figures behind each cause. */
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
  readonly harvestWatts: number;
}

/** Where and how one node may differ: factors on causes and on the cell's figures, and its coverage. */
export interface Draw {
  readonly causes: Readonly<Record<string, number>>;
  readonly shares: readonly number[];
  readonly celsiusOffset: number;
  readonly capacity: number;
  readonly ohms: number;
  readonly selfDischarge: number;
}

/** What is drawn around: the causes of the energy with the figures behind them, the cell, and the network's coverage. */
export interface Middle {
  readonly causes: readonly string[];
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
  readonly cell: Cell;
  readonly shares: readonly number[];
}

export interface Lives {
  readonly runs: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  /** Sorted, in years. */
  readonly years: readonly number[];
  readonly deaths: Readonly<Record<Death, number>>;
  /** Charge by quarter of a year: what 10, 50 and 90 % of the nodes have left. */
  readonly band: readonly {
    readonly years: number;
    readonly p10: number;
    readonly p50: number;
    readonly p90: number;
  }[];
}

/** Standard deviations of a node's place: its mean temperature, and the logarithm of each coverage level's share. */
const PLACE_CELSIUS = 2;
const PLACE_COVERAGE = 1;

export function lifeOf(node: Node, change: LoadChange = {}, draw: Partial<Omit<Draw, "causes" | "shares">> = {}): Life {
  const { cell, facts, climate, harvestWatts } = node;
  const { amps, peakAmps } = loadOf(node.model, change);
  return live({ cell, facts, climate, harvestWatts, amps, peakAmps, ...draw });
}

export function monteCarlo(node: Node, runs: number, seed: number | string): Lives {
  const { model, cell, figures } = node;
  const middle = { causes: causesOf(model), figures, cell, shares: model.shares };
  const lives = Array.from({ length: runs }, (_, index) => {
    const { causes, shares, ...cell } = drawn(middle, randomFor(seed, `life ${index}`));
    return lifeOf(node, { causes, shares }, cell);
  });
  const years = lives.map((life) => life.years).sort((a, b) => a - b);
  const deaths = { charge: 0, sag: 0, none: 0 };
  for (const { death } of lives) deaths[death]++;
  const every = Math.round(365.25 / 4 / STEP_DAYS);
  const last = Math.max(...lives.map(({ charge }) => charge.length));
  const band = [];
  for (let step = 0; step < last + every; step += every) {
    // a node that is dead has nothing left
    const left = lives.map(({ charge }) => (step === 0 ? 1 : (charge[step - 1] ?? 0))).sort((a, b) => a - b);
    const point = { years: (step * STEP_DAYS) / 365.25 };
    band.push({ ...point, p10: quantile(left, 0.1), p50: quantile(left, 0.5), p90: quantile(left, 0.9) });
  }
  return { runs, p10: quantile(years, 0.1), p50: quantile(years, 0.5), p90: quantile(years, 0.9), years, deaths, band };
}

export function drawn({ causes: names, figures, cell, shares }: Middle, random: Random): Draw {
  const factor = (behind: readonly Figure[] | undefined): number => factorAt(weakest(behind), random.normal());
  const causes = Object.fromEntries(names.map((cause) => [cause, factor(figures.get(cause))]));
  const weights = shares.map((share) => share * Math.exp(PLACE_COVERAGE * random.normal()));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    causes,
    shares: weights.map((weight) => weight / sum),
    celsiusOffset: PLACE_CELSIUS * random.normal(),
    // cells of one batch are closer together than what is known of them
    capacity: Math.exp(Math.min(0.1, spreadOf(capacityConfidence(cell))) * random.normal()),
    ohms: factor([cell.ohms]),
    selfDischarge: factor(selfDischargeFigures(cell)),
  };
}

/** Every unverified figure at its bad (1) or good (-1) bound, all in the same direction. */
export function atBound(
  { causes: names, figures, cell }: Omit<Middle, "shares">,
  sign: 1 | -1,
): Omit<Draw, "shares" | "celsiusOffset"> {
  const factor = (behind: readonly Figure[] | undefined): number => {
    const confidence = weakest(behind);
    return isUnverified(confidence) ? factorAt(confidence, sign * BOUND_DEVIATIONS) : 1;
  };
  return {
    causes: Object.fromEntries(names.map((cause) => [cause, factor(figures.get(cause))])),
    capacity: isUnverified(capacityConfidence(cell)) ? Math.exp(-sign * 0.2) : 1,
    ohms: factor([cell.ohms]),
    selfDischarge: factor(selfDischargeFigures(cell)),
  };
}

/** Life with every unverified figure at its bounds. */
export function bounds(node: Node): { readonly worst: number; readonly best: number } {
  const { model, cell, figures } = node;
  const at = (sign: 1 | -1): number => {
    const { causes, ...draw } = atBound({ causes: causesOf(model), figures, cell }, sign);
    return lifeOf(node, { causes }, draw).years;
  };
  return { worst: at(1), best: at(-1) };
}

export const causesOf = (model: LoadModel): string[] => Object.keys(loadOf(model).watts).sort();

const capacityConfidence = ({ capacity }: Cell) => weakest(capacity.map(({ ampHours }) => ampHours));

/** Of sorted values. */
export function quantile(sorted: readonly number[], share: number): number {
  if (!sorted.length) return NaN;
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at - Math.floor(at));
}

/** Changes of batteries over `years` for one node, on average; a node gets a new life with each. */
export function changesPerNode({ years: lives }: Lives, years: number): number {
  // renewal: every draw in turn, so that no random number is needed
  return lives.reduce((sum, life) => sum + Math.max(0, Math.ceil(years / life) - 1), 0) / lives.length;
}
