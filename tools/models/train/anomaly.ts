/**
 * Anomalies against what was learned as healthy: a detector over windows of a recording (the device's own `baseline`, or an
 * autoencoder), and precision, recall and F1 by the recording's labels.
 */
import { parse } from "csv-parse/sync";
import { baseline } from "../../../lib/classify/baseline.ts";
import { UserError } from "../../errors.ts";

export interface Recording {
  readonly name: string;
  /** A row for each second, a value for each channel. */
  readonly rows: readonly (readonly number[])[];
  readonly anomalous: readonly boolean[];
}

/** CSV with a header; `channels` and `label` name columns. A recording without the label's column is healthy throughout. */
export function readRecording(text: string, name: string, channels: readonly string[], label: string): Recording {
  const header = text.slice(0, text.indexOf("\n"));
  const delimiter = header.includes(";") ? ";" : ",";
  const table = parse<Record<string, string>>(text, { columns: true, delimiter, trim: true });
  const missing = channels.find((channel) => table[0]?.[channel] === undefined);
  if (missing !== undefined)
    throw new UserError(`there is no column "${missing}"`, { where: name, fix: `columns: ${header.trim()}` });
  return {
    name,
    rows: table.map((row) => channels.map((channel) => Number(row[channel]))),
    anomalous: table.map((row) => Number(row[label] ?? 0) === 1),
  };
}

export interface AnomalyOptions {
  /** Rows that are averaged into what is judged. */
  readonly window: number;
  /** The share of the learned rows that may lie above the threshold, as a quantile. */
  readonly quantile: number;
  /** The threshold is that quantile of the learned distances, times this. */
  readonly factor: number;
}

export interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
  readonly quiet: number;
}

/** Learns from healthy rows; gives the distance from them. */
export type Detector = (healthy: readonly (readonly number[])[]) => (row: readonly number[]) => number;

/** What the device learns by itself. */
export const byBaseline: Detector = (healthy) => {
  const learned = baseline(healthy[0]!.length, 1e-6);
  for (const row of healthy) learned.learn(row);
  return (row) => learned.distance(row);
};

/** Where the healthy rows are: so many at the recording's start, which are not judged, or a recording of their own. */
export type Healthy = number | Recording;

export function judge(
  { rows, anomalous }: Recording,
  healthy: Healthy,
  options: AnomalyOptions,
  learn: Detector,
): Counts {
  const smooth = averages(rows, options.window);
  const start = typeof healthy === "number" ? healthy : 0;
  const learned = typeof healthy === "number" ? smooth.slice(0, healthy) : averages(healthy.rows, options.window);
  const distance = learn(learned);
  const limit = thresholdOf(learned, distance, options);
  const counts = { hits: 0, misses: 0, falseAlarms: 0, quiet: 0 };
  for (let at = start; at < rows.length; at++) {
    const alarm = distance(smooth[at]!) > limit;
    counts[anomalous[at] ? (alarm ? "hits" : "misses") : alarm ? "falseAlarms" : "quiet"]++;
  }
  return counts;
}

export function thresholdOf(
  healthy: readonly (readonly number[])[],
  distance: ReturnType<Detector>,
  { quantile, factor }: AnomalyOptions,
): number {
  const usual = healthy.map((row) => distance(row)).sort((a, b) => a - b);
  return usual[Math.min(usual.length - 1, Math.floor(quantile * usual.length))]! * factor;
}

/** Means of the last rows, as a device has them. */
export function averages(rows: readonly (readonly number[])[], window: number): number[][] {
  return rows.map((_, at) => {
    const last = rows.slice(Math.max(0, at - window + 1), at + 1);
    return last[0]!.map((_value, channel) => last.reduce((sum, row) => sum + row[channel]!, 0) / last.length);
  });
}

export const total = (all: readonly Counts[]): Counts =>
  all.reduce((sum, one) => ({
    hits: sum.hits + one.hits,
    misses: sum.misses + one.misses,
    falseAlarms: sum.falseAlarms + one.falseAlarms,
    quiet: sum.quiet + one.quiet,
  }));

export interface Detection {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Share of the healthy rows that were called anomalous. */
  readonly falseAlarmRate: number;
  readonly missedRate: number;
}

export function detection({ hits, misses, falseAlarms, quiet }: Counts): Detection {
  const precision = hits / (hits + falseAlarms);
  const recall = hits / (hits + misses);
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    falseAlarmRate: falseAlarms / (falseAlarms + quiet),
    missedRate: 1 - recall,
  };
}
