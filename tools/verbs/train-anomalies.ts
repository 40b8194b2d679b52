/** The kinds of `hibernode train` that know only what is healthy: judged on recordings with labels. */
import { basename } from "node:path";
import { UserError } from "../errors.ts";
import { averages, byBaseline, detection, type Detector, judge, readRecording, thresholdOf, total } from "../models/train/anomaly.ts"; // prettier-ignore
import { modelModule } from "../models/train/module.ts";
import { loadTensorflow, reconstructionError, trainAutoencoder } from "../models/train/network.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import type { TrainOptions } from "./train.ts";
import { numberOf, readData, writeModel } from "./train-files.ts";

export async function judgeRecordings(
  output: Output,
  files: readonly string[],
  options: TrainOptions,
): Promise<boolean> {
  const channels = options.channels?.split(",") ?? [];
  if (channels.length === 0)
    throw new UserError("no channels are named", { where: "--channels", fix: "name columns, with commas between" });
  const settings = { window: numberOf(options.window, "--window"), quantile: 0.99, factor: numberOf(options.factor, "--factor") }; // prettier-ignore
  const open = (file: string) => readRecording(readData(file), basename(file), channels, options.label);
  const healthy = options.learn === undefined ? numberOf(options.healthy, "--healthy") : open(options.learn);
  const encoder = options.kind === "autoencoder" ? await encoderOf(options) : undefined;
  const detector: Detector = encoder ? byReconstruction(encoder) : byBaseline;
  const all = files.map((file) => {
    const recording = open(file);
    return { name: recording.name, counts: judge(recording, healthy, settings, detector) };
  });
  const rows = all.map(({ name, counts }) => [name, ...shown(counts)]);
  const sum = total(all.map(({ counts }) => counts));
  output.line(table(["recording", "precision", "recall", "F1", "false alarms", "missed"], [...rows, ["all", ...shown(sum)]], [1, 2, 3, 4, 5])); // prettier-ignore
  const report = { kind: options.kind, channels, ...settings, recordings: all.map(({ name, counts }) => ({ name, ...detection(counts) })), all: detection(sum) }; // prettier-ignore
  if (encoder && options.out !== undefined) {
    const first = typeof healthy === "number" ? open(files[0]!).rows.slice(0, healthy) : healthy.rows;
    const learned = averages(first, settings.window);
    const model = encoder(learned);
    const limit = thresholdOf(learned, (row) => reconstructionError(model, row), settings);
    const pairs = channels.flatMap((_, at) => [model.scaler.factors[at]!, model.scaler.offsets[at]!]);
    const module = modelModule(model, `Trained by hibernode: autoencoder. Features: ${channels.join(", ")}.`, [
      `/** For \`reconstruction\`: factor and offset of every feature. */`,
      `export const pairs = new Float32Array(${JSON.stringify(pairs)});`,
      `/** A distance above this is an anomaly. */`,
      `export const threshold = ${limit};`,
    ]);
    writeModel(output, options.out, options.name, module, { ...report, threshold: limit });
  }
  output.result(report);
  return true;
}

type Encoder = (rows: readonly (readonly number[])[]) => ReturnType<typeof trainAutoencoder>;

async function encoderOf({ hidden, epochs, seed }: TrainOptions): Promise<Encoder> {
  const settings = { hidden: hidden.split(",").map((size) => numberOf(size, "--hidden")), epochs: numberOf(epochs, "--epochs"), seed: numberOf(seed, "--seed") }; // prettier-ignore
  const tensorflow = await loadTensorflow();
  return (rows) => trainAutoencoder(tensorflow, rows, settings);
}

const byReconstruction =
  (encoder: Encoder): Detector =>
  (healthy) => {
    const model = encoder(healthy);
    return (row) => reconstructionError(model, row);
  };

function shown(counts: Parameters<typeof detection>[0]): string[] {
  const { precision, recall, f1, falseAlarmRate, missedRate } = detection(counts);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [precision.toFixed(2), recall.toFixed(2), f1.toFixed(3), percent(falseAlarmRate), percent(missedRate)];
}
