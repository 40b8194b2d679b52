/** Random forests on bytes: every threshold is a byte, so that the device decides exactly as here. */
import type { Random } from "../../simulator/hardware.ts";
import { randomFor } from "../../simulator/world/random.ts";
import type { Trained } from "./linear.ts";
import { scalerFor, toBytes } from "./scaler.ts";

export type Node =
  | { readonly label: number }
  | { readonly feature: number; readonly threshold: number; readonly below: Node; readonly above: Node };

export interface TrainedForest extends Trained {
  readonly kind: "forest";
  readonly trees: readonly Node[];
  readonly classes: number;
}

export interface ForestOptions {
  readonly trees: number;
  readonly depth: number;
  readonly seed: number;
}

export function trainForest(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
  { trees: count, depth, seed }: ForestOptions,
): TrainedForest {
  const scaler = scalerFor(rows);
  const bytes = rows.map((row) => toBytes(scaler, row));
  const random = randomFor(seed, "forest");
  const trees = Array.from({ length: count }, () => {
    const drawn = bytes.map(() => Math.floor(random.next() * bytes.length));
    return grow(drawn, { bytes, labels, classes, random }, depth);
  });
  return {
    kind: "forest",
    scaler,
    trees,
    classes,
    scores: (features) => {
      const votes = new Array<number>(classes).fill(0);
      const x = toBytes(scaler, features);
      for (const tree of trees) votes[walk(tree, x)]!++;
      return votes.map((vote) => Math.trunc((vote * 255) / count));
    },
  };
}

function walk(node: Node, x: Uint8Array): number {
  while ("feature" in node) node = x[node.feature]! <= node.threshold ? node.below : node.above;
  return node.label;
}

interface Data {
  readonly bytes: readonly Uint8Array[];
  readonly labels: readonly number[];
  readonly classes: number;
  readonly random: Random;
}

function grow(rows: readonly number[], data: Data, depth: number): Node {
  const counts = countsOf(rows, data);
  const label = counts.indexOf(Math.max(...counts));
  if (depth === 0 || counts[label] === rows.length) return { label };
  const split = bestSplit(rows, data);
  if (!split) return { label };
  const isBelow = (row: number): boolean => data.bytes[row]![split.feature]! <= split.threshold;
  const below = grow(rows.filter(isBelow), data, depth - 1);
  const above = grow(rows.filter((row) => !isBelow(row)), data, depth - 1); // prettier-ignore
  return { ...split, below, above };
}

function countsOf(rows: readonly number[], { labels, classes }: Data): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const row of rows) counts[labels[row]!]!++;
  return counts;
}

/** Of some features drawn anew, the threshold that leaves the least mixture (Gini's). */
function bestSplit(rows: readonly number[], data: Data): { feature: number; threshold: number } | undefined {
  const features = data.bytes[0]!.length;
  let best: { feature: number; threshold: number } | undefined;
  let least = rows.length - squareSum(countsOf(rows, data)) / rows.length - 1e-9;
  for (let draw = Math.ceil(Math.sqrt(features)); draw > 0; draw--) {
    const feature = Math.floor(data.random.next() * features);
    const ordered = [...rows].sort((a, b) => data.bytes[a]![feature]! - data.bytes[b]![feature]!);
    const below = new Array<number>(data.classes).fill(0);
    const above = countsOf(rows, data);
    ordered.forEach((row, index) => {
      below[data.labels[row]!]!++;
      above[data.labels[row]!]!--;
      const [here, next] = [data.bytes[row]![feature]!, data.bytes[ordered[index + 1] ?? row]![feature]!];
      const count = index + 1;
      if (here === next) return;
      const mixture = rows.length - squareSum(below) / count - squareSum(above) / (rows.length - count);
      if (mixture < least) [least, best] = [mixture, { feature, threshold: (here + next) >> 1 }];
    });
  }
  return best;
}

const squareSum = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count * count, 0);

/** The table that lib/classify/forest.ts reads, one byte a character. */
export function forestTable({ trees, classes, scaler }: TrainedForest): Uint8Array {
  const features: number[] = [];
  const thresholds: number[] = [];
  const above: number[] = [];
  const add = (node: Node): void => {
    const at = features.length;
    features.push("feature" in node ? node.feature : 255);
    thresholds.push("feature" in node ? node.threshold : node.label);
    above.push(0);
    if (!("feature" in node)) return;
    add(node.below);
    above[at] = features.length;
    add(node.above);
  };
  const roots = trees.map((tree) => {
    const root = features.length;
    add(tree);
    return root;
  });
  const inputs = scaler.factors.length;
  const words = (list: readonly number[]): number[] => list.flatMap((value) => [value & 255, value >> 8]);
  const pairs = Float32Array.from({ length: 2 * inputs }, (_, i) => (i % 2 ? scaler.offsets : scaler.factors)[i >> 1]!);
  return Uint8Array.from([
    ...[inputs, classes],
    ...words([trees.length, features.length, ...roots]),
    ...[...features, ...thresholds],
    ...words(above),
    ...new Uint8Array(pairs.buffer),
  ]);
}

/** The forest as code: faster, and larger. The function adds each tree's vote to `v`, from the bytes `x`. */
export function forestCode({ trees }: { readonly trees: readonly Node[] }): string {
  const text = (node: Node): string =>
    "feature" in node
      ? `x[${node.feature}]>${node.threshold}?${text(node.above)}:${text(node.below)}`
      : String(node.label);
  return `(x, v) => {\n${trees.map((tree) => `  v[${text(tree)}]++;`).join("\n")}\n}`;
}
