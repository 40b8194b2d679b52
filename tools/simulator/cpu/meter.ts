/** CPU time of a bundle in the fast engine: each stretch of it adds what the interpreter would have worked. */
import type { Figure } from "../../../boards/types.ts";
import type { Rewritten } from "../espruino/rewrite.ts";
import { type Kind, splitBlocks, type Work } from "./blocks.ts";
import { WEIGHTS } from "./weights.ts";

/**
 * Nanoseconds of the chip for one counted instruction of a PC's interpreter. Inferred, not measured: an interpreted loop
 * takes 1.6 µs and 0.4 ns an instruction on the laptop that the reference was measured on, and an ESP32 at 240 MHz is
 * taken to be 16 times slower (10 to 25: "inferred" there).
 */
export const NS_PER_INSTRUCTION = 6.5;

export const CPU_FIGURE: Figure = {
  value: NS_PER_INSTRUCTION,
  source:
    "inferred: an ESP32 interprets 16 times (10 to 25) more slowly than the PC on which instructions were counted",
  confidence: "inferred",
};

/** Name of the counter in metered scripts. */
export const COUNTER = "$work$";

/** The script with its work added up in `COUNTER[0]`, in instructions. */
export function metered(code: string): Rewritten {
  return splitBlocks(code, (_, { work }) => {
    const cost = instructionsOf(work);
    return cost ? `${COUNTER}[0]+=${cost}` : "";
  });
}

function instructionsOf(work: Work): number {
  let sum = 0;
  for (const [kind, amount] of Object.entries(work)) sum += amount * WEIGHTS[kind as Kind];
  return Math.round(sum);
}
