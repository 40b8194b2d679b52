/** What a setting must keep to, and how far it is from that. */
import { formatDuration } from "../duration.ts";

/** What one setting costs and gives. */
export interface Outcome {
  readonly lifeYears: number;
  /** Seconds from a reading to its arrival that 95 % of the readings stay below. */
  readonly ageSeconds: number;
  /** Longest time until an alarm was told; 0 when none was due. */
  readonly alarmSeconds: number;
  readonly bytesPerMonth: number;
  readonly readingsPerDay: number;
}

export type Measure = keyof Outcome;

export interface Constraint {
  readonly measure: Measure;
  readonly limit: number;
  /** The outcome must be at least (or else at most) the limit. */
  readonly atLeast: boolean;
}

const words: Readonly<Record<Measure, readonly [name: string, shown: (value: number) => string]>> = {
  lifeYears: ["life", (value) => `${value.toFixed(1)} years`],
  ageSeconds: ["age of data", (value) => formatDuration(Math.round(value))],
  alarmSeconds: ["alarm latency", (value) => formatDuration(Math.round(value))],
  bytesPerMonth: ["bytes a month", (value) => `${Math.round(value).toLocaleString("en")}`],
  readingsPerDay: ["readings a day", (value) => value.toFixed(1)],
};

export const measureName = (measure: Measure): string => words[measure][0];
export const shownMeasure = (measure: Measure, value: number): string => words[measure][1](value);

export const shownConstraint = ({ measure, limit, atLeast }: Constraint): string =>
  `${measureName(measure)} ${atLeast ? "at least" : "at most"} ${shownMeasure(measure, limit)}`;

/** Room to the limit as a share of it; negative when it is not kept. */
export function slack({ measure, limit, atLeast }: Constraint, outcome: Outcome): number {
  const room = atLeast ? outcome[measure] - limit : limit - outcome[measure];
  return room / Math.max(Math.abs(limit), 1e-9);
}

export const keeps = (constraints: readonly Constraint[], outcome: Outcome): boolean =>
  constraints.every((constraint) => slack(constraint, outcome) >= 0);

/** No other is both longer-lived and fresher. Sorted from the freshest. */
export function paretoFront<T extends { readonly outcome: Outcome }>(points: readonly T[]): T[] {
  const sorted = [...points].sort(
    (a, b) => a.outcome.ageSeconds - b.outcome.ageSeconds || b.outcome.lifeYears - a.outcome.lifeYears,
  );
  let best = -Infinity;
  return sorted.filter(({ outcome }) => {
    if (outcome.lifeYears <= best) return false;
    best = outcome.lifeYears;
    return true;
  });
}
