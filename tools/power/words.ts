/** Numbers and deaths in words, the same on the terminal and in the report. */
import { formatDuration } from "../duration.ts";
import type { PowerReport } from "./power.ts";
import type { SurvivalReport } from "./survival.ts";

export const plain = (value: number, digits = 1): string =>
  value.toLocaleString("en", { minimumFractionDigits: 0, maximumFractionDigits: digits });

/** What ends the lives: which cause first, and for how many of the drawn nodes. */
export function deathWords({ lives, nominal }: PowerReport): string {
  const { charge, sag, none } = lives.deaths;
  const parts = [
    charge && `${charge} of ${lives.runs} run out of charge`,
    sag && `${sag} die by a sagging voltage under load`,
    none && `${none} outlive the model's ${plain(Math.max(...lives.years))} years`,
  ].filter(Boolean);
  const first =
    nominal.death === "sag"
      ? `The middle one sags below the brown-out level at ${plain(nominal.celsius)} °C, with charge left.`
      : nominal.death === "charge"
        ? "The middle one runs out of charge."
        : "The middle one does not die.";
  return `${first} ${parts.join("; ")}.`;
}

/** Whether nodes that harvest come through, and how often they say something. */
export function survivalWords({ nodes, survived, seconds, readingsPerDay, silenceDays }: SurvivalReport): string {
  return `${survived} of ${nodes} nodes come through ${formatDuration(seconds)} without an empty store; the middle one brings ${plain(readingsPerDay.p50)} readings a day and is never silent for more than ${plain(silenceDays.p50 * 24, 0)} hours.`;
}
