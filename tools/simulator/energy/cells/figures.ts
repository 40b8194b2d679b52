/** Where the cells' figures come from. */
import type { Confidence, Figure } from "../../../../boards/types.ts";

export const figure =
  (confidence: Confidence, source: string) =>
  (value: number): Figure => ({ value, confidence, source });

export const memory = figure("memory", "usual value, no document at hand");
export const preset = figure("reported", "published simulation preset, no cell data");
export const maxwell = figure(
  "datasheet",
  "Maxwell HC series, 1013793.5: initial ESR and leakage, the maxima, at 25 °C",
);

export const linden = figure("paper", "Linden's Handbook of Batteries, 4th ed., fig. 14.17a (D bobbin, 25 °C)");
export const hkj = figure("reported", "HKJ's discharge tests at 1 A");

/** Times a count of cells, or the like. */
export const times = (of: Figure, factor: number): Figure => ({ ...of, value: of.value * factor });
