/**
 * What was taken from a shelf or put there: the change of its weight, as pieces of one kind. A change that is no such number
 * is unknown, never guessed.
 */
import type { Memo } from "hibernode/schedule/remember";
import { COUNT, MASS, STATE } from "hibernode/sensors/quantities";
import type { Sensor } from "hibernode/sensors/sensor";

/** `state` when the change fits no product. */
export const UNKNOWN = 99;

export interface ShelfRules {
  /** Mass of one piece in kg; `state` is the product's place from 1 on. */
  readonly products: readonly number[];
  /** A change below this is none: vibration, a drop of water. */
  readonly still: number;
  /** Share of a piece by which the change may be off, and most pieces of one visit. */
  readonly tolerance: number;
  readonly most: number;
}

/** @param place where in the memory the shelf keeps its last mass in grams; each shelf has its own */
export function shelf(
  scale: Sensor<"mass">,
  memo: Memo,
  place: number,
  rules: ShelfRules,
): Sensor<"mass" | "state" | "count"> {
  return {
    quantities: [MASS, STATE, COUNT],
    start: () => scale.start(),
    read() {
      const result = scale.read();
      if (typeof result === "number") return result;
      const mass = result[0]!;
      const before = memo.get(place);
      const change = before === undefined ? 0 : mass - before / 1000;
      if (before !== undefined && Math.abs(change) < rules.still) return [mass, 0, 0];
      const kept: number[] = [];
      for (let i = 0; i < place || memo.get(i) !== undefined; i++) kept.push(memo.get(i) || 0);
      kept[place] = Math.round(mass * 1000);
      memo.set(kept);
      if (before === undefined) return [mass, 0, 0];
      // the product whose pieces fit the change best
      let state = UNKNOWN;
      let count = 0;
      let least = rules.tolerance;
      rules.products.forEach((piece, i) => {
        const pieces = Math.round(change / piece);
        const off = Math.abs(change - pieces * piece) / piece;
        if (!pieces || Math.abs(pieces) > rules.most || off > least) return;
        least = off;
        state = i + 1;
        count = pieces;
      });
      return [mass, state, count];
    },
  };
}
