/**
 * A surrogate of the ledger for tuning: each outcome as a sum of a constant and, per dial, x and 1/x (a period costs by how
 * often it comes; data age by how long it is), fitted by least squares to the settings that were simulated.
 */
import type { Dial } from "./knobs.ts";
import type { Measure, Outcome } from "./constraints.ts";

export interface Sample {
  readonly positions: readonly number[];
  /** Mean current in ampere; life follows from it. */
  readonly amps: number;
  readonly outcome: Outcome;
}

export type Predict = (positions: readonly number[]) => {
  readonly amps: number;
  readonly outcome: Omit<Outcome, "lifeYears">;
};

const MEASURES: readonly Exclude<Measure, "lifeYears">[] = [
  "ageSeconds",
  "alarmSeconds",
  "bytesPerMonth",
  "readingsPerDay",
];
/** Keeps directions apart that the samples cannot tell apart. */
const RIDGE = 1e-9;

export function fit(dials: readonly Dial[], samples: readonly Sample[]): Predict {
  const rows = samples.map(({ positions }) => features(dials, positions));
  const solve = (value: (sample: Sample) => number): number[] => leastSquares(rows, samples.map(value));
  const amps = solve((sample) => sample.amps);
  const others = MEASURES.map((measure) => [measure, solve(({ outcome }) => outcome[measure])] as const);
  return (positions) => {
    const row = features(dials, positions);
    const at = (weights: readonly number[]): number => row.reduce((sum, x, index) => sum + x * weights[index]!, 0);
    return {
      amps: at(amps),
      outcome: Object.fromEntries(others.map(([measure, weights]) => [measure, at(weights)])) as unknown as Omit<
        Outcome,
        "lifeYears"
      >,
    };
  };
}

/** Between 0 and about 1 each, so that no unit weighs more than another. */
function features(dials: readonly Dial[], positions: readonly number[]): number[] {
  return [
    1,
    ...dials.flatMap(({ numbers, values }, index) => {
      const position = positions[index]!;
      if (!numbers) return values.slice(1).map((_, other) => Number(other + 1 === position));
      const value = numbers[position]!;
      const [low, high] = [numbers[0]!, numbers[numbers.length - 1]!];
      return low > 0 ? [value / high, low / value] : [(value - low) / (high - low)];
    }),
  ];
}

/** Normal equations with a small ridge, by Gaussian elimination. */
function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  const size = rows[0]!.length;
  const matrix = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size + 1 }, (_, j) =>
      rows.reduce((sum, row, at) => sum + row[i]! * (j === size ? values[at]! : row[j]!), i === j ? RIDGE : 0),
    ),
  );
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let at = column; at <= size; at++) matrix[row]![at]! -= factor * matrix[column]![at]!;
    }
  }
  return matrix.map((row, index) => row[size]! / row[index]!);
}
