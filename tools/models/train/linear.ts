/** Multinomial logistic regression with a penalty on large weights, then its weights as int8: one dense layer on the device. */
import type { Graph } from "../graph.ts";
import { planNetwork } from "../plan.ts";
import type { Plan } from "../steps.ts";
import { reference } from "../reference.ts";
import { type Scaler, scalerFor, STANDARD_SCALE, standard, toBytes } from "./scaler.ts";

const ITERATIONS = 1500;

/** What every trained model offers: scores as the device computes them, 0 to 255 for each class. */
export interface Trained {
  readonly scaler: Scaler;
  scores(features: readonly number[]): number[];
}

export interface TrainedLinear extends Trained {
  readonly kind: "linear";
  readonly graph: Graph;
  readonly plan: Plan;
}

/** @param penalty one over the strength of the data: 10 keeps the weights small, 0.1 lets them grow */
export function trainLinear(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
  penalty: number,
): TrainedLinear {
  const scaler = scalerFor(rows);
  const inputs = rows.map((row) => standard(toBytes(scaler, row)));
  const layer = fit(inputs, labels, classes, penalty);
  const graph = quantise(layer, inputs);
  const exact = reference(graph, "single");
  const plan = planNetwork(graph, "single", "linear model");
  const entrance = { kind: 1, data: new Uint8Array(Float32Array.of(...scaler.factors, ...scaler.offsets).buffer) } as const; // prettier-ignore
  return {
    kind: "linear",
    scaler,
    graph,
    plan: { ...plan, entrance },
    scores: (features) =>
      exact(Array.from(toBytes(scaler, features), (byte) => byte - 128)).map((score) => score + 128),
  };
}

/** The text that lib/classify/linear.ts reads, one byte a character. */
export function linearTable({ plan, scaler }: TrainedLinear): Uint8Array {
  // one dense step: factors and offsets of the classes, then their weights
  const [{ data }] = plan.steps as [Plan["steps"][number]];
  const size = 16 * plan.outputs + plan.inputs * plan.outputs;
  const pairs = Float32Array.from({ length: 2 * plan.inputs }, (_, i) => (i % 2 ? scaler.offsets : scaler.factors)[i >> 1]!); // prettier-ignore
  return Uint8Array.from([plan.inputs, plan.outputs, ...data.subarray(0, size), ...new Uint8Array(pairs.buffer)]);
}

interface Layer {
  readonly weights: number[][];
  readonly bias: number[];
}

/** Nesterov's accelerated descent on the whole set, from zero: the same every time. */
function fit(inputs: readonly number[][], labels: readonly number[], classes: number, penalty: number): Layer {
  const size = inputs[0]!.length + 1;
  const with1 = inputs.map((row) => [...row, 1]);
  const largest = Math.max(...with1.map((row) => row.reduce((sum, x) => sum + x * x, 0)));
  const rate = 1 / (0.5 * largest + penalty / inputs.length);
  let here = Array.from({ length: classes }, () => new Float64Array(size));
  let before = here;
  for (let step = 1; step <= ITERATIONS; step++) {
    const momentum = (step - 1) / (step + 2);
    const ahead = here.map((row, k) => row.map((value, i) => value + momentum * (value - before[k]![i]!)));
    const slope = ahead.map((row) => row.map((value, i) => (i === size - 1 ? 0 : (penalty * value) / inputs.length)));
    with1.forEach((row, n) => {
      softmax(ahead.map((w) => w.reduce((sum, value, i) => sum + value * row[i]!, 0))).forEach((p, k) => {
        const error = (p - (labels[n] === k ? 1 : 0)) / inputs.length;
        for (let i = 0; i < size; i++) slope[k]![i]! += error * row[i]!;
      });
    });
    before = here;
    here = ahead.map((row, k) => row.map((value, i) => value - rate * slope[k]![i]!));
  }
  return { weights: here.map((row) => Array.from(row.subarray(0, size - 1))), bias: here.map((row) => row[size - 1]!) };
}

export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** One scale for all weights, and one for the scores that the training set's largest fits. */
function quantise({ weights, bias }: Layer, inputs: readonly number[][]): Graph {
  const columns = weights[0]!.length;
  const scale = Math.fround(Math.max(...weights.flat().map(Math.abs), 1e-6) / 127);
  const bytes = Int8Array.from(weights.flat(), (weight) => Math.round(weight / scale));
  const unit = STANDARD_SCALE * scale;
  const offsets = Int32Array.from(bias, (value) => Math.round(value / unit));
  const logits = inputs.flatMap((row) => weights.map((w, k) => w.reduce((sum, value, i) => sum + value * row[i]!, bias[k]!))); // prettier-ignore
  const output = Math.fround(Math.max(...logits.map(Math.abs), 1e-6) / 127);
  const tensor = (name: string, shape: number[], type: "int8" | "int32", scales: number[], data?: Uint8Array) => ({ name, shape, type, scales, zeroPoints: [0], axis: 0, data }); // prettier-ignore
  return {
    tensors: [
      tensor("features", [1, columns], "int8", [STANDARD_SCALE]),
      tensor("weights", [weights.length, columns], "int8", [scale], new Uint8Array(bytes.buffer)),
      tensor("bias", [weights.length], "int32", [Math.fround(unit)], new Uint8Array(offsets.buffer)),
      tensor("logits", [1, weights.length], "int8", [output]),
    ],
    operators: [
      {
        kind: "FULLY_CONNECTED",
        inputs: [0, 1, 2],
        outputs: [3],
        options: { activation: 0, weightsFormat: 0, keepNumDims: 0 },
      },
    ],
    inputs: [0],
    outputs: [3],
  };
}
