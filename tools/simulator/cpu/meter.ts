/** CPU time of a bundle in the fast engine: each stretch of it adds what the interpreter would have worked. */
import type { Chip, Figure } from "../../../boards/types.ts";
import { HELPERS, type Rewritten } from "../espruino/rewrite.ts";
import { SIZED, splitBlocks, type Work } from "./blocks.ts";
import { type Kind, KINDS, sizeOf } from "./kinds.ts";
import { WEIGHTS } from "./weights.ts";

/** Derives the script that counts, and the globals that it counts with. */
export interface WorkMeter {
  instrument(code: string): Rewritten;
  globals(helpers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/** By place in KINDS: these are looked up millions of times. */
const INSTRUCTIONS = KINDS.map((kind) => WEIGHTS[kind] ?? 0);
const TEXT = KINDS.indexOf("text");
const CHARS = KINDS.indexOf("chars");
const ITEMS = KINDS.indexOf("items");
const SORTED = KINDS.indexOf("sorted");

/** Name of the counter in metered scripts. */
const COUNTER = "$work$";

/** Adds up instructions in `work[0]`. */
export function instructionMeter(work: Float64Array): WorkMeter {
  return meter(
    work,
    ({ work: kinds }) => {
      const cost = instructionsOf(kinds);
      return cost ? `${COUNTER}[0]+=${cost}` : "";
    },
    (kind, amount) => void (work[0]! += amount * INSTRUCTIONS[kind]!),
  );
}

/** Adds up amounts of work, a place for each kind. */
export function workMeter(amounts: Float64Array): WorkMeter {
  const add = (kind: number, amount: number): void => void (amounts[kind]! += amount);
  const blocks: Work[] = [];
  const counter = (index: number): void => {
    for (const [kind, amount] of Object.entries(blocks[index]!)) add(KINDS.indexOf(kind as Kind), amount as number);
  };
  return meter(counter, ({ work }) => `${COUNTER}(${blocks.push(work) - 1})`, add);
}

function meter(
  counter: unknown,
  count: (block: { readonly work: Work }) => string,
  add: (kind: number, amount: number) => void,
): WorkMeter {
  return {
    instrument: (code) => splitBlocks(code, (_, block) => count(block)),
    globals(helpers) {
      const join = helpers[HELPERS.add] as (a: unknown, b: unknown) => unknown;
      return {
        [COUNTER]: counter,
        [SIZED](kind: number, value: unknown): unknown {
          // text costs by the character what a list costs by the item
          if (typeof value === "string" && kind !== SORTED) add(kind === ITEMS ? CHARS : kind, value.length);
          else add(kind, sizeOf(KINDS[kind] as Parameters<typeof sizeOf>[0], value));
          return value;
        },
        [HELPERS.add](a: unknown, b: unknown): unknown {
          const sum = join(a, b);
          if (typeof sum === "string") add(TEXT, sum.length);
          return sum;
        },
      };
    },
  };
}

function instructionsOf(work: Work): number {
  let sum = 0;
  for (const [kind, amount] of Object.entries(work)) sum += (amount as number) * (WEIGHTS[kind] ?? 0);
  return Math.round(sum);
}

/**
 * Nanoseconds of the chip for one counted instruction of a PC's interpreter. Inferred, not measured: an interpreted loop
 * takes 1.6 µs and 0.4 ns an instruction on the laptop that the reference was measured on, and an ESP32 at 240 MHz is
 * taken to be 16 times slower (10 to 25: "inferred" there). The C3 runs at 160 MHz.
 */
export const CPU_FIGURES: Readonly<Record<Chip, Figure>> = {
  esp32: slower(240),
  esp32s3: slower(240),
  esp32c3: slower(160),
};

function slower(megahertz: number): Figure {
  return {
    value: (6.5 * 240) / megahertz,
    source: `inferred: at 240 MHz 16 times (10 to 25) slower than the PC on which instructions were counted; this chip has ${megahertz} MHz`,
    confidence: "inferred",
  };
}
