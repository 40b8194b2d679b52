/** Numbers and deaths in words, the same on the terminal and in the report. */
import type { PowerReport } from "./power.ts";

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
