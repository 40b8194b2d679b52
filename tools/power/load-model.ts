/** The surrogate of a firmware: how many wakes of which kind a day, what each costs, and how the place's coverage mixes them. */
import type { ByCause, LoadSample, WakeClass } from "./load.ts";

export interface LoadModel {
  readonly rest: ByCause;
  readonly sample: WakeClass;
  /** One report by coverage level; undefined where the network never puts anyone. */
  readonly report: readonly (WakeClass | undefined)[];
  /** Attempts a day if all connections were at that level: where reports fail, they are repeated. */
  readonly attempts: readonly number[];
  readonly samplesPerDay: number;
  readonly reportsPerDay: number;
  /** Shares of the connections at each level. */
  readonly shares: readonly number[];
  readonly volts: number;
  /** Causes of currents that do not pass the regulator. */
  readonly standing: readonly string[];
}

/** A change to a model: each factor is 1 where it is left out. */
export interface LoadChange {
  readonly samples?: number;
  readonly reports?: number;
  readonly shares?: readonly number[];
  /** Factor on everything that a cause takes. */
  readonly causes?: ByCause;
}

export interface Load {
  /** Watts at the battery by cause. */
  readonly watts: ByCause;
  readonly amps: number;
  readonly peakAmps: number;
}

/** From a run with the network as it is, and one per coverage level (undefined: that level has no share). */
export function loadModel(
  whole: LoadSample,
  samples: readonly (LoadSample | undefined)[],
  shares: readonly number[],
): LoadModel {
  const find = (sample: LoadSample | undefined, kind: string): WakeClass | undefined =>
    sample?.classes.find((one) => one.kind === kind);
  const perDay = (sample: LoadSample | undefined, kind: string): number =>
    sample
      ? (sample.classes.reduce((sum, one) => sum + (one.kind === kind ? one.count : 0), 0) / sample.seconds) * 86400
      : 0;
  const nothing: WakeClass = { kind: "sample", level: 0, count: 0, joules: {}, peakMilliamps: 0, awakeSeconds: 0 };
  const reports = perDay(whole, "report");
  return {
    rest: whole.rest,
    sample: find(whole, "sample") ?? nothing,
    report: samples.map((sample) => find(sample, "report")),
    attempts: samples.map((sample) => perDay(sample, "report")),
    // a wake that reports has sampled too
    samplesPerDay: perDay(whole, "sample") + reports,
    reportsPerDay: reports,
    shares,
    volts: whole.volts,
    standing: whole.standing,
  };
}

const attempts = (model: LoadModel, shares: readonly number[]): number =>
  model.attempts.reduce((sum, perDay, level) => sum + perDay * (shares[level] ?? 0), 0);

/** The cause that the ledger books it under. */
const CONVERSION = "regulator";

/** Mean load of a model, changed or not. */
export function loadOf(model: LoadModel, change: LoadChange = {}): Load {
  const { samples = 1, reports = 1, shares = model.shares, causes = {} } = change;
  const reportsPerDay = model.reportsPerDay * reports * (attempts(model, shares) / attempts(model, model.shares) || 1);
  const plainPerDay = Math.max(0, model.samplesPerDay * samples - reportsPerDay);
  const watts: Record<string, number> = { ...model.rest };
  const add = (of: ByCause, perDay: number): void => {
    for (const [cause, joules] of Object.entries(of)) watts[cause] = (watts[cause] ?? 0) + (joules * perDay) / 86400;
  };
  add(model.sample.joules, plainPerDay);
  let peak = model.sample.peakMilliamps;
  for (const [level, report] of model.report.entries()) {
    const share = shares[level] ?? 0;
    if (!report || share === 0) continue;
    add(report.joules, reportsPerDay * share);
    peak = Math.max(peak, report.peakMilliamps);
  }
  let sum = 0;
  let [before, after] = [0, 0];
  for (const cause of Object.keys(watts)) {
    const usual = Math.max(0, watts[cause]!);
    watts[cause] = usual * (causes[cause] ?? 1);
    sum += watts[cause];
    if (cause === CONVERSION || model.standing.includes(cause)) continue;
    before += usual;
    after += watts[cause];
  }
  // what the conversion loses follows what passes it
  const lost = watts[CONVERSION];
  if (lost !== undefined && before > 0) {
    watts[CONVERSION] = (lost * after) / before;
    sum += watts[CONVERSION] - lost;
  }
  return { watts, amps: sum / model.volts, peakAmps: peak / 1e3 };
}
