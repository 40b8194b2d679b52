/** How far a figure may be off, by what it rests on: the spread of Monte Carlo draws, and the bounds of unverified figures. */
import type { Confidence, Figure } from "../../boards/types.ts";

/** From the surest to the least sure. */
const ranks: readonly Confidence[] = ["datasheet", "paper", "computed", "reported", "inferred", "memory"];

/** Standard deviation of the figure's logarithm. Chosen, not measured: typical against guaranteed values, unit to unit. */
const spread: Readonly<Record<Confidence, number>> = {
  datasheet: 0.05,
  paper: 0.1,
  computed: 0.1,
  reported: 0.2,
  inferred: 0.3,
  memory: 0.3,
};

/** The weakest of some figures; `undefined` (no figure at all) counts as memory. */
export function weakest(figures: readonly Figure[] | undefined): Confidence {
  if (!figures?.length) return "memory";
  return ranks[Math.max(...figures.map(({ confidence }) => ranks.indexOf(confidence)))]!;
}

export const isUnverified = (confidence: Confidence): boolean => ranks.indexOf(confidence) >= ranks.indexOf("reported");

export const spreadOf = (confidence: Confidence): number => spread[confidence];

/** Factor of a figure drawn `deviations` from its middle. */
export const factorAt = (confidence: Confidence, deviations: number): number =>
  Math.exp(spread[confidence] * deviations);

/** Bounds are two standard deviations off. */
export const BOUND_DEVIATIONS = 2;
