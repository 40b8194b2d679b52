/** How good a model is on what it has not seen: whole groups left out, by event, with intervals and the price of rejecting. */
import { randomFor } from "../../simulator/world/random.ts";
import type { Example, Examples } from "./examples.ts";
import type { Trained } from "./linear.ts";

export type Trainer = (rows: readonly (readonly number[])[], labels: readonly number[], classes: number) => Trained;

/** One occurrence, judged by a model that has seen nothing of its group. */
export interface Judged {
  readonly event: string;
  readonly group: string;
  readonly label: number;
  readonly best: number;
  /** Of the summed scores, 0 to 255 for each window. */
  readonly margin: number;
}

/** Groups left out one after another; windows of one event vote together. */
export function leaveGroupsOut(
  { rows, classes }: Examples,
  train: Trainer,
): { events: Judged[]; windowAccuracy: number } {
  const scored: { row: Example; scores: number[] }[] = [];
  for (const group of new Set(rows.map((row) => row.group))) {
    const seen = rows.filter((row) => row.group !== group);
    const model = train(seen.map((row) => row.features), seen.map((row) => row.label), classes.length); // prettier-ignore
    for (const row of rows) if (row.group === group) scored.push({ row, scores: model.scores(row.features) });
  }
  const hits = scored.filter(({ row, scores }) => scores.indexOf(Math.max(...scores)) === row.label).length;
  const events = new Map<string, { row: Example; sums: number[]; windows: number }>();
  for (const { row, scores } of scored) {
    const known = events.get(row.event) ?? { row, sums: scores.map(() => 0), windows: 0 };
    known.windows++;
    scores.forEach((score, k) => (known.sums[k]! += score));
    events.set(row.event, known);
  }
  const judged = [...events].map(([event, { row, sums, windows }]): Judged => {
    const order = [...sums].sort((a, b) => b - a);
    return { event, group: row.group, label: row.label, best: sums.indexOf(order[0]!), margin: (order[0]! - order[1]!) / windows }; // prettier-ignore
  });
  return { events: judged, windowAccuracy: hits / scored.length };
}

export interface Quality {
  readonly accuracy: number;
  readonly macroF1: number;
  /** F1 of each class; NaN for one that neither occurs nor is claimed. */
  readonly f1: readonly number[];
  /** [true][claimed] */
  readonly confusion: readonly (readonly number[])[];
}

export function quality(events: readonly Judged[], classes: number): Quality {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { label, best } of events) confusion[label]![best]!++;
  const f1 = confusion.map((row, k) => {
    const claimed = confusion.reduce((sum, other) => sum + other[k]!, 0);
    const there = row.reduce((sum, count) => sum + count, 0);
    return (2 * row[k]!) / (claimed + there);
  });
  const known = f1.filter((value) => !Number.isNaN(value));
  const hits = confusion.reduce((sum, row, k) => sum + row[k]!, 0);
  return { accuracy: hits / events.length, macroF1: known.reduce((sum, value) => sum + value, 0) / known.length, f1, confusion }; // prettier-ignore
}

/** 95 % intervals by drawing the events anew, 2000 times. */
export function intervals(
  events: readonly Judged[],
  classes: number,
): Record<"accuracy" | "macroF1", [number, number]> {
  const random = randomFor(1, "bootstrap");
  const drawn = Array.from({ length: 2000 }, () =>
    quality(events.map(() => events[Math.floor(random.next() * events.length)]!), classes),
  ); // prettier-ignore
  const range = (values: number[]): [number, number] => {
    values.sort((a, b) => a - b);
    return [values[Math.floor(0.025 * values.length)]!, values[Math.floor(0.975 * values.length)]!];
  };
  return { accuracy: range(drawn.map((one) => one.accuracy)), macroF1: range(drawn.map((one) => one.macroF1)) };
}

export interface Risk {
  /** Share of the events that are still decided. */
  readonly coverage: number;
  readonly leastMargin: number;
  readonly accuracy: number;
}

/** What rejecting small margins buys. */
export function riskCoverage(events: readonly Judged[]): Risk[] {
  const order = [...events].sort((a, b) => b.margin - a.margin);
  return [1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6].map((coverage) => {
    const kept = order.slice(0, Math.max(1, Math.round(coverage * order.length)));
    const hits = kept.filter(({ label, best }) => label === best).length;
    return { coverage, leastMargin: coverage === 1 ? 0 : kept.at(-1)!.margin, accuracy: hits / kept.length };
  });
}
