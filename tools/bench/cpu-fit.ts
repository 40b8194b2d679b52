/** Weights from counted programs, and how far predictions are off. */
import { KINDS } from "../simulator/cpu/kinds.ts";

export interface Counted {
  readonly name: string;
  /** In the order of `KINDS`. */
  readonly work: readonly number[];
  readonly instructions: number;
}

const ROUNDS = 20_000;

/**
 * Least squares of the relative errors, no weight below zero: one weight after the other until nothing moves. A native
 * that no program calls gets the median of the others.
 */
export function fit(programs: readonly Counted[]): number[] {
  const rows = programs.map(({ work, instructions }) => work.map((amount) => amount / instructions));
  const squares = KINDS.map((_, k) => rows.reduce((sum, row) => sum + row[k]! ** 2, 0));
  const weights = KINDS.map(() => 0);
  const rest = rows.map(() => 1);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = 0;
    for (let k = 0; k < weights.length; k++) {
      if (!squares[k]) continue;
      const above = rows.reduce((sum, row, at) => sum + row[k]! * rest[at]!, 0);
      const next = Math.max(0, weights[k]! + above / squares[k]!);
      const change = next - weights[k]!;
      if (!change) continue;
      weights[k] = next;
      moved = Math.max(moved, Math.abs(change));
      rows.forEach((row, at) => (rest[at]! -= row[k]! * change));
    }
    if (moved < 0.01) break;
  }
  const isNative = (at: number): boolean => KINDS[at]!.endsWith(")");
  const known = weights.filter((weight, at) => weight && isNative(at)).sort((a, b) => a - b);
  return weights.map((weight, at) => Math.round(squares[at] || !isNative(at) ? weight : known[known.length >> 1]!));
}

export interface Errors {
  readonly median: number;
  readonly worst: number;
  /** Predicted over counted, minus one; the worst first. */
  readonly each: readonly { readonly name: string; readonly error: number; readonly instructions: number }[];
}

export function errorsOf(programs: readonly Counted[], weights: readonly number[]): Errors {
  const each = programs
    .map(({ name, work, instructions }) => ({
      name,
      instructions,
      error: work.reduce((sum, amount, at) => sum + amount * weights[at]!, 0) / instructions - 1,
    }))
    .sort((a, b) => Math.abs(b.error) - Math.abs(a.error));
  return { median: Math.abs(each[each.length >> 1]!.error), worst: Math.abs(each[0]!.error), each };
}
