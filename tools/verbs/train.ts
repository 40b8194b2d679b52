/** `hibernode train`: labelled windows, or recordings of a machine, to a model for the device and an honest report. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { detection, judge, readRecording, total } from "../models/train/anomaly.ts";
import { intervals, leaveGroupsOut, quality, riskCoverage, type Trainer } from "../models/train/evaluate.ts";
import { type Examples, readExamples } from "../models/train/examples.ts";
import { forestTable, trainForest } from "../models/train/forest.ts";
import { trainLinear } from "../models/train/linear.ts";
import { writeBlob } from "../models/blob.ts";
import type { Output } from "../terminal/output.ts";
import { table } from "../terminal/table.ts";
import type { Verb } from "./verb.ts";

interface Options {
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
  readonly seed: string;
  readonly name: string;
  readonly out?: string;
}

export const trainVerb: Verb = (run) =>
  new Command("train")
    .description("train a classifier from labelled windows, or judge an anomaly detector on recordings")
    .argument("<data...>", "linear, forest: one table (.csv, .arff); baseline: recordings (.csv, .csv.gz)")
    .option("--kind <KIND>", "linear, forest, or baseline (learns what is healthy)", "linear")
    .option("--label <COLUMN>", "what is to be told", "label")
    .option("--group <COLUMN>", "trip, machine or day of a window: a fold leaves one out whole")
    .option("--group-match <REGEX>", "the part of that column that names the group")
    .option("--features <REGEX>", "columns to learn from (default: all of numbers)")
    .option("--classes <LIST>", "only these labels, with commas between")
    .option("--trees <COUNT>", "forest: how many", "20")
    .option("--depth <COUNT>", "forest: how deep", "5")
    .option("--penalty <NUMBER>", "linear: on large weights", "10")
    .option("--channels <LIST>", "baseline: columns, with commas between")
    .option("--healthy <ROWS>", "baseline: how many rows at the start are healthy", "400")
    .option("--window <ROWS>", "baseline: how many rows are averaged", "10")
    .option("--factor <NUMBER>", "baseline: threshold over the 99th percentile of the healthy distances", "1")
    .option("--seed <NUMBER>", "of everything random", "1")
    .option("--name <NAME>", "of the model", "model")
    .option("--out <DIR>", "writes the model and its report there")
    .action(run(train));

async function train(output: Output, files: readonly string[], options: Options): Promise<boolean> {
  if (options.kind === "baseline") return judgeRecordings(output, files, options);
  if (options.kind !== "linear" && options.kind !== "forest")
    throw new UserError(`"${options.kind}" is no kind of model`, {
      where: "--kind",
      fix: "linear, forest or baseline",
    });
  if (options.group === undefined)
    throw new UserError("a group is needed: windows of one trip or machine resemble each other", {
      where: "--group",
      fix: "name the column that tells trips, machines or days apart; random windows would promise too much",
    });
  const [file] = files as [string];
  const examples = readExamples(read(file), file, {
    label: options.label,
    group: options.group,
    groupMatch: pattern(options.groupMatch, "--group-match"),
    features: pattern(options.features, "--features"),
    classes: options.classes?.split(","),
  });
  const groups = [...new Set(examples.rows.map(({ group }) => group))];
  if (groups.length < 2)
    throw new UserError(`there is one group only: ${groups.join()}`, { where: "--group", fix: "give data of at least two trips, machines or days" }); // prettier-ignore
  const trainer = trainerOf(options);
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
  const bytes = "plan" in model ? writeBlob(model.plan as never, file).bytes : forestTable(model as never);
  output.fact("model", `${options.kind}, ${examples.featureNames.length} features, ${bytes.length} bytes`);
  if (options.out !== undefined) write(output, options, bytes, examples, report);
  output.result({ ...report, modelBytes: bytes.length });
  return true;
}

function trainerOf({ kind, penalty, trees, depth, seed }: Options): Trainer {
  const [weight, count, levels, start] = [
    number(penalty, "--penalty"),
    number(trees, "--trees"),
    number(depth, "--depth"),
    number(seed, "--seed"),
  ];
  if (kind === "linear") return (rows, labels, classes) => trainLinear(rows, labels, classes, weight);
  return (rows, labels, classes) => trainForest(rows, labels, classes, { trees: count, depth: levels, seed: start });
}

function number(text: string, flag: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new UserError(`"${text}" is no number above 0`, { where: flag });
}

function pattern(text: string | undefined, flag: string): RegExp | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text);
  } catch {
    throw new UserError(`"${text}" is no regular expression`, { where: flag });
  }
}

function read(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
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

function write(
  output: Output,
  { out, name, kind }: Options,
  bytes: Uint8Array,
  examples: Examples,
  report: object,
): void {
  const folder = resolve(out!);
  mkdirSync(folder, { recursive: true });
  const text = Buffer.from(bytes).toString("base64");
  const open =
    kind === "linear"
      ? `import { embeddedNetwork } from "hibernode/classify/network";\nimport { dense } from "hibernode/classify/operators";\n\nexport const open = () => embeddedNetwork(atob("${text}"), { 1: dense });`
      : `import { openForest } from "hibernode/classify/forest";\n\nexport const open = () => openForest(atob("${text}"));`;
  writeFileSync(join(folder, `${name}.ts`), `/** Trained by hibernode: ${kind}. Features: ${examples.featureNames.join(", ")}. */\n${open}\n\nexport const classes = ${JSON.stringify(examples.classes)};\n`); // prettier-ignore
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  output.fact("written", `${relative("", folder) || "."}: ${name}.ts for the firmware, ${name}.json`);
}

function judgeRecordings(output: Output, files: readonly string[], options: Options): boolean {
  const channels = options.channels?.split(",") ?? [];
  if (channels.length === 0)
    throw new UserError("no channels are named", { where: "--channels", fix: "name columns, with commas between" });
  const settings = { window: number(options.window, "--window"), quantile: 0.99, factor: number(options.factor, "--factor") }; // prettier-ignore
  const all = files.map((file) => {
    const recording = readRecording(read(file), basename(file), channels, options.label);
    return { name: recording.name, counts: judge(recording, number(options.healthy, "--healthy"), settings) };
  });
  const rows = all.map(({ name, counts }) => [name, ...shown(counts)]);
  const sum = total(all.map(({ counts }) => counts));
  output.line(table(["recording", "precision", "recall", "F1", "false alarms", "missed"], [...rows, ["all", ...shown(sum)]], [1, 2, 3, 4, 5])); // prettier-ignore
  output.result({ kind: "baseline", channels, ...settings, recordings: all.map(({ name, counts }) => ({ name, ...detection(counts) })), all: detection(sum) }); // prettier-ignore
  return true;
}

function shown(counts: Parameters<typeof detection>[0]): string[] {
  const { precision, recall, f1, falseAlarmRate, missedRate } = detection(counts);
  return [precision.toFixed(2), recall.toFixed(2), f1.toFixed(3), percent(falseAlarmRate), percent(missedRate)];
}
