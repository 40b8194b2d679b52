/** `hibernode train`: labelled windows, or recordings of a machine, to a model for the device and an honest report. */
import { basename } from "node:path";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { costOf, costOfTrees } from "../models/cost.ts";
import { intervals, leaveGroupsOut, quality, riskCoverage, type Trainer } from "../models/train/evaluate.ts";
import { type Examples, readExamples } from "../models/train/examples.ts";
import { trainForest } from "../models/train/forest.ts";
import { framesShape, windowsOf } from "../models/train/samples.ts";
import { trainLinear } from "../models/train/linear.ts";
import { type AnyTrained, modelModule } from "../models/train/module.ts";
import { loadTensorflow, trainNetwork } from "../models/train/network.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import { EVERY_DEFAULT, EVERY_FLAG, EVERY_HELP, printLife } from "./model-life.ts";
import { judgeRecordings } from "./train-anomalies.ts";
import { numberOf, readData, writeModel } from "./train-files.ts";
import type { Verb } from "./verb.ts";

export interface TrainOptions {
  readonly kind: string;
  readonly label: string;
  readonly group?: string;
  readonly groupMatch?: string;
  readonly features?: string;
  readonly classes?: string;
  readonly channels?: string;
  readonly healthy: string;
  readonly window: string;
  readonly factor: string;
  readonly trees: string;
  readonly depth: string;
  readonly penalty: string;
  readonly hidden: string;
  readonly epochs: string;
  readonly learn?: string;
  readonly frames?: string;
  readonly seed: string;
  readonly name: string;
  readonly out?: string;
  readonly every: string;
}

export const trainVerb: Verb = (run) =>
  new Command("train")
    .description("train a classifier from labelled windows, or judge an anomaly detector on recordings")
    .argument(
      "<data...>",
      "linear, forest, network: one table (.csv, .arff); baseline, autoencoder: recordings (.csv, .csv.gz)",
    )
    .option("--kind <KIND>", "linear, forest, network; baseline or autoencoder (learn what is healthy)", "linear")
    .option("--label <COLUMN>", "what is to be told", "label")
    .option("--group <COLUMN>", "trip, machine or day of a window: a fold leaves one out whole")
    .option("--group-match <REGEX>", "the part of that column that names the group")
    .option("--features <REGEX>", "columns to learn from (default: all of numbers)")
    .option("--classes <LIST>", "only these labels, with commas between")
    .option("--frames <SAMPLESxFRAMES>", "rows are samples: windows of so many frames, as lib/classify/frames has them")
    .option("--trees <COUNT>", "forest: how many", "20")
    .option("--depth <COUNT>", "forest: how deep", "5")
    .option("--penalty <NUMBER>", "linear: on large weights", "10")
    .option("--hidden <LIST>", "network, autoencoder: outputs of the hidden layers, with commas between", "16")
    .option("--epochs <COUNT>", "network, autoencoder: how often all data are seen", "60")
    .option("--channels <LIST>", "baseline, autoencoder: columns, with commas between")
    .option("--healthy <ROWS>", "baseline, autoencoder: how many rows at the start are healthy", "400")
    .option("--learn <FILE>", "baseline, autoencoder: a healthy recording to learn from, in their place")
    .option("--window <ROWS>", "baseline, autoencoder: how many rows are averaged", "10")
    .option(
      "--factor <NUMBER>",
      "baseline, autoencoder: threshold over the 99th percentile of the healthy distances",
      "1",
    )
    .option(EVERY_FLAG, `linear, forest, network: ${EVERY_HELP}`, EVERY_DEFAULT)
    .option("--seed <NUMBER>", "of everything random", "1")
    .option("--name <NAME>", "of the model", "model")
    .option("--out <DIR>", "writes the model and its report there")
    .action(run(train));

async function train(output: Output, files: readonly string[], options: TrainOptions): Promise<boolean> {
  if (options.kind === "baseline" || options.kind === "autoencoder") return judgeRecordings(output, files, options);
  const trainer = await trainerOf(options);
  if (options.group === undefined)
    throw new UserError("a group is needed: windows of one trip or machine resemble each other", {
      where: "--group",
      fix: "name the column that tells trips, machines or days apart; random windows would promise too much",
    });
  const [file] = files as [string];
  const table = readExamples(readData(file), file, {
    label: options.label,
    group: options.group,
    groupMatch: pattern(options.groupMatch, "--group-match"),
    features: pattern(options.features, "--features"),
    classes: options.classes?.split(","),
  });
  const examples = options.frames === undefined ? table : windowsOf(table, framesShape(options.frames));
  const groups = [...new Set(examples.rows.map(({ group }) => group))];
  if (groups.length < 2)
    throw new UserError(`there is one group only: ${groups.join()}`, { where: "--group", fix: "give data of at least two trips, machines or days" }); // prettier-ignore
  const { events, windowAccuracy } = leaveGroupsOut(examples, trainer);
  const result = quality(events, examples.classes.length);
  const report = {
    data: basename(file),
    kind: options.kind,
    windows: examples.rows.length,
    events: events.length,
    groups: groups.length,
    windowAccuracy,
    eventAccuracy: result.accuracy,
    macroF1: result.macroF1,
    intervals: intervals(events, examples.classes.length),
    classes: examples.classes,
    f1: result.f1,
    confusion: result.confusion,
    riskCoverage: riskCoverage(events),
  };
  print(output, report);
  const model = trainer(examples.rows.map(({ features }) => features), examples.rows.map(({ label }) => label), examples.classes.length); // prettier-ignore
  const about = `Trained by hibernode: ${options.kind}. Features: ${examples.featureNames.join(", ")}.`;
  const module = modelModule(model, about, [`export const classes = ${JSON.stringify(examples.classes)};`]);
  output.fact("model", `${options.kind}, ${examples.featureNames.length} features, ${module.bytes.length} bytes`);
  const cost = model.kind === "forest" ? costOfTrees(model.trees.length) : costOf(model.plan);
  const life = printLife(output, options.every, { inputBytes: bytesOf(table, options), millijoules: cost.esp32Millijoules }); // prettier-ignore
  const whole = { ...report, modelBytes: module.bytes.length, linuxMs: cost.linuxMs, esp32Ms: cost.esp32Ms, esp32Millijoules: cost.esp32Millijoules, life }; // prettier-ignore
  if (options.out !== undefined) writeModel(output, options.out, options.name, module, whole);
  output.result(whole);
  return true;
}

/** What sending one decision's inputs takes: two bytes for a raw sample of an axis, one for a feature. */
function bytesOf({ featureNames }: Examples, { frames }: TrainOptions): number {
  if (frames === undefined) return featureNames.length;
  const shape = framesShape(frames);
  return 2 * shape.length * shape.frames * featureNames.length;
}

type AnyTrainer = (...all: Parameters<Trainer>) => AnyTrained;

async function trainerOf({ kind, penalty, trees, depth, seed, hidden, epochs }: TrainOptions): Promise<AnyTrainer> {
  const start = numberOf(seed, "--seed");
  if (kind === "linear") {
    const weight = numberOf(penalty, "--penalty");
    return (rows, labels, classes) => trainLinear(rows, labels, classes, weight);
  }
  if (kind === "forest") {
    const options = { trees: numberOf(trees, "--trees"), depth: numberOf(depth, "--depth"), seed: start };
    return (rows, labels, classes) => trainForest(rows, labels, classes, options);
  }
  if (kind !== "network")
    throw new UserError(`"${kind}" is no kind of model`, {
      where: "--kind",
      fix: "linear, forest, network, baseline or autoencoder",
    });
  const options = { hidden: hidden.split(",").map((size) => numberOf(size, "--hidden")), epochs: numberOf(epochs, "--epochs"), seed: start }; // prettier-ignore
  const tensorflow = await loadTensorflow();
  return (rows, labels, classes) => trainNetwork(tensorflow, rows, labels, classes, options);
}

function pattern(text: string | undefined, flag: string): RegExp | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text);
  } catch {
    throw new UserError(`"${text}" is no regular expression`, { where: flag });
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

interface Report extends Omit<ReturnType<typeof quality>, "accuracy"> {
  readonly eventAccuracy: number;
  readonly windowAccuracy: number;
  readonly windows: number;
  readonly events: number;
  readonly groups: number;
  readonly classes: readonly string[];
  readonly intervals: ReturnType<typeof intervals>;
  readonly riskCoverage: ReturnType<typeof riskCoverage>;
}

function print(output: Output, report: Report): void {
  const { accuracy, macroF1 } = report.intervals;
  const range = ([low, high]: readonly [number, number]): string => `95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}`; // prettier-ignore
  output.fact("judged on", `${report.events} events, ${report.windows} windows of ${report.groups} groups, each group left out whole`); // prettier-ignore
  output.fact("accuracy", `${percent(report.eventAccuracy)} of the events (${range(accuracy)}); ${percent(report.windowAccuracy)} of the windows`); // prettier-ignore
  output.fact("macro-F1", `${report.macroF1.toFixed(3)} (${range(macroF1)})`);
  output.line();
  const rows = report.confusion.map((row, k) => [report.classes[k]!, ...row.map(String), report.f1[k]!.toFixed(2)]);
  output.line(table(["is \\ called", ...report.classes.map((_, k) => String(k)), "F1"], rows, report.classes.map((_, k) => k + 1).concat(report.classes.length + 1))); // prettier-ignore
  output.line();
  const risks = report.riskCoverage.map((risk) => [percent(risk.coverage), risk.leastMargin.toFixed(0), percent(risk.accuracy)]); // prettier-ignore
  output.line(table(["decided", "least margin", "accuracy"], risks, [0, 1, 2]));
  output.line();
}
