/**
 * Dense networks trained with TensorFlow.js, then int8 by post-training quantisation: classifiers, and autoencoders that
 * are taught what is healthy. The same seed gives the same bytes.
 */
import { UserError } from "../../errors.ts";
import { randomFor } from "../../simulator/world/random.ts";
import type { Graph } from "../graph.ts";
import { planNetwork } from "../plan.ts";
import { reference } from "../reference.ts";
import type { Plan } from "../steps.ts";
import type { Trained } from "./linear.ts";
import { type Float, layersOf, quantiseLayers } from "./quantise.ts";
import { scalerFor, standard, STANDARD_SCALE, toBytes } from "./scaler.ts";

export interface NetworkOptions {
  /** Outputs of each hidden layer. */
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly seed: number;
}

export interface TrainedNetwork extends Trained {
  readonly kind: "network";
  readonly graph: Graph;
  readonly plan: Plan;
  /** The network before quantisation, on standard deviations: what the int8 one is compared with. */
  float(features: readonly number[]): number[];
}

type Tf = typeof import("@tensorflow/tfjs-core");
type Layers = typeof import("@tensorflow/tfjs-layers");
export interface Tensorflow {
  readonly tf: Tf;
  readonly layers: Layers;
}

const BATCH = 32;
const RATE = 0.01;

/** TensorFlow.js is no part of the package: training is done on few machines. Throws a UserError that says how to get it. */
export async function loadTensorflow(): Promise<Tensorflow> {
  try {
    const tf = await import("@tensorflow/tfjs-core");
    await import("@tensorflow/tfjs-backend-cpu");
    const layers = await import("@tensorflow/tfjs-layers");
    // otherwise it advertises its native build on the console
    tf.env().set("IS_NODE", false);
    await tf.setBackend("cpu");
    return { tf, layers };
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new UserError("networks are trained with TensorFlow.js, which is not installed", {
      fix: "npm install --save-dev @tensorflow/tfjs-core@4.9.0 @tensorflow/tfjs-layers@4.9.0 @tensorflow/tfjs-backend-cpu@4.9.0",
    });
  }
}

/** Softmax over the classes while training; the device's scores are the int8 logits before it. */
export function trainNetwork(
  tensorflow: Tensorflow,
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
  options: NetworkOptions,
): TrainedNetwork {
  const goals = labels.map((label) => Array.from({ length: classes }, (_, k) => (k === label ? 1 : 0)));
  return fit(tensorflow, rows, goals, "softmax", options);
}

/** Learns to give back what it is given, in standard deviations. */
export function trainAutoencoder(
  tensorflow: Tensorflow,
  rows: readonly (readonly number[])[],
  options: NetworkOptions,
): TrainedNetwork {
  return fit(tensorflow, rows, undefined, "itself", options);
}

function fit(
  { tf, layers }: Tensorflow,
  rows: readonly (readonly number[])[],
  goals: readonly (readonly number[])[] | undefined,
  what: "softmax" | "itself",
  { hidden, epochs, seed }: NetworkOptions,
): TrainedNetwork {
  const scaler = scalerFor(rows);
  const inputs = rows.map((row) => standard(toBytes(scaler, row)));
  const size = inputs[0]!.length;
  const outputs = goals ? goals[0]!.length : size;
  const model = layers.sequential();
  const initializer = (at: number) => layers.initializers.glorotUniform({ seed: seed * 1000 + at });
  [...hidden, outputs].forEach((units, at) =>
    model.add(
      layers.layers.dense({
        units,
        kernelInitializer: initializer(at),
        ...(at < hidden.length && { activation: "relu" as const }),
        ...(at === 0 && { inputShape: [size] }),
      }),
    ),
  );
  const optimizer = tf.train.adam(RATE);
  const random = randomFor(seed, "batches");
  const order = inputs.map((_, n) => n);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let n = order.length - 1; n > 0; n--) {
      const other = Math.floor(random.next() * (n + 1));
      [order[n], order[other]] = [order[other]!, order[n]!];
    }
    for (let from = 0; from < order.length; from += BATCH) {
      const batch = order.slice(from, from + BATCH);
      tf.tidy(() => {
        const x = tf.tensor2d(batch.map((n) => inputs[n]!));
        const y = goals ? tf.tensor2d(batch.map((n) => [...goals[n]!])) : x;
        optimizer.minimize(() => {
          const given = model.apply(x, { training: true }) as typeof x;
          return (
            what === "softmax" ? tf.losses.softmaxCrossEntropy(y, given) : tf.losses.meanSquaredError(y, given)
          ) as never;
        });
      });
    }
  }
  const float = layersOf(model);
  model.dispose();
  optimizer.dispose();
  return deployed(float, inputs, scaler);
}

function deployed(
  float: readonly Float[],
  inputs: readonly number[][],
  scaler: TrainedNetwork["scaler"],
): TrainedNetwork {
  const { graph, run } = quantiseLayers(float, inputs, {
    shape: [1, inputs[0]!.length],
    scale: STANDARD_SCALE,
    zero: 0,
  });
  const exact = reference(graph, "single");
  const plan = planNetwork(graph, "single", "network");
  const entrance = { kind: 1, data: new Uint8Array(Float32Array.of(...scaler.factors, ...scaler.offsets).buffer) } as const; // prettier-ignore
  return {
    kind: "network",
    scaler,
    graph,
    plan: { ...plan, entrance },
    float: (features) => run(standard(toBytes(scaler, features))),
    scores: (features) =>
      exact(Array.from(toBytes(scaler, features), (byte) => byte - 128)).map((score) => score + 128),
  };
}

/** The device's measure of an autoencoder: mean squared difference in standard deviations, of what the int8 network gives. */
export function reconstructionError({ scaler, plan, scores }: TrainedNetwork, features: readonly number[]): number {
  const wanted = standard(toBytes(scaler, features));
  const given = scores(features).map((score) => (score - plan.zero) * plan.scale);
  return wanted.reduce((sum, value, at) => sum + (value - given[at]!) ** 2, 0) / wanted.length;
}
