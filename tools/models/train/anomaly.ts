/**
 * Anomalies against what was learned as healthy: the device's own `baseline` over windows of a recording, and precision,
 * recall and F1 by the recording's labels.
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

/** Learns from the first `healthy` rows, judges all that follow. */
export function judge({ rows, anomalous }: Recording, healthy: number, options: AnomalyOptions): Counts {
  const smooth = averages(rows, options.window);
  const size = rows[0]!.length;
  const learned = baseline(size, 1e-6);
  for (const row of smooth.slice(0, healthy)) learned.learn(row);
  const usual = smooth.slice(0, healthy).map((row) => learned.distance(row)).sort((a, b) => a - b); // prettier-ignore
  const threshold = usual[Math.min(usual.length - 1, Math.floor(options.quantile * usual.length))]! * options.factor;
  const counts = { hits: 0, misses: 0, falseAlarms: 0, quiet: 0 };
  for (let at = healthy; at < rows.length; at++) {
    const alarm = learned.distance(smooth[at]!) > threshold;
    counts[anomalous[at] ? (alarm ? "hits" : "misses") : alarm ? "falseAlarms" : "quiet"]++;
  }
  return counts;
}

/** Means of the last rows, as a device has them. */
function averages(rows: readonly (readonly number[])[], window: number): number[][] {
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
