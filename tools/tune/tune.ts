/**
 * Finds the setting of a firmware's knobs that lives longest within its constraints: a few full simulations, a surrogate
 * fitted to them, the surrogate's best settings simulated in turn, until the best one is a simulated one.
 */
import type { Constants } from "../build/config-file.ts";
import { UserError } from "../errors.ts";
import {
  keeps, measureName, paretoFront, shownConstraint, shownMeasure, slack, type Constraint, type Outcome,
} from "./constraints.ts"; // prettier-ignore
import { allPositions, settingOf, type Dial } from "./knobs.ts";
import { fit, type Sample } from "./surrogate.ts";

export interface Point {
  readonly positions: readonly number[];
  readonly setting: Constants;
  readonly outcome: Outcome;
}

/** Simulates settings in full; results in their order. */
export type Simulate = (
  settings: readonly Constants[],
) => Promise<readonly { readonly amps: number; readonly outcome: Outcome }[]>;

export interface TuneOptions {
  readonly dials: readonly Dial[];
  readonly constraints: readonly Constraint[];
  readonly simulate: Simulate;
  /** Life in years of a mean current, for settings that are not simulated. */
  readonly lifeYears: (amps: number) => number;
  /** Most settings that are simulated. */
  readonly evaluations: number;
}

export interface Tuned {
  readonly best: Point;
  /** Of everything simulated: no other lives longer and is fresher. */
  readonly front: readonly Point[];
  /** What keeps the best setting from living longer. */
  readonly binding: string;
  readonly evaluations: number;
  /** Of the life of the best setting: predicted before it was simulated, against simulated. */
  readonly predictionError: number;
}

const PER_ROUND = 4;

/** @throws UserError that names the constraints that cannot be kept. */
export async function tune({ dials, constraints, simulate, lifeYears, evaluations }: TuneOptions): Promise<Tuned> {
  const grid = allPositions(dials);
  const samples = new Map<string, Sample>();
  const predicted = new Map<string, number>();
  const add = async (wanted: readonly (readonly number[])[]): Promise<void> => {
    const fresh = wanted.filter((positions) => !samples.has(positions.join())).slice(0, evaluations - samples.size);
    const results = await simulate(fresh.map((positions) => settingOf(dials, positions)));
    for (const [index, positions] of fresh.entries()) samples.set(positions.join(), { positions, ...results[index]! });
  };
  const simulated = (): Point[] =>
    [...samples.values()].map(({ positions, outcome }) => ({
      positions,
      outcome,
      setting: settingOf(dials, positions),
    }));

  await add(design(dials));
  let guessed: Point[] = [];
  for (;;) {
    const predict = fit(dials, [...samples.values()]);
    guessed = grid.map((positions) => {
      const known = samples.get(positions.join());
      if (known) return { positions, outcome: known.outcome, setting: settingOf(dials, positions) };
      const { amps, outcome } = predict(positions);
      // where the plane leaves the ground, the current of the least demanding sample holds
      const least = Math.min(...[...samples.values()].map((sample) => sample.amps));
      const life = lifeYears(Math.max(amps, least / 2));
      return { positions, outcome: { ...outcome, lifeYears: life }, setting: settingOf(dials, positions) };
    });
    const good = guessed.filter(({ outcome }) => keeps(constraints, outcome));
    const wanted = longestFirst(good.length ? good : closest(guessed, constraints))
      .slice(0, PER_ROUND)
      .filter(({ positions }) => !samples.has(positions.join()));
    if (!wanted.length || samples.size >= evaluations) break;
    for (const { positions, outcome } of wanted) predicted.set(positions.join(), outcome.lifeYears);
    await add(wanted.map(({ positions }) => positions));
  }
  const points = simulated();
  const [best] = longestFirst(points.filter(({ outcome }) => keeps(constraints, outcome)));
  if (!best) throw impossible(points, guessed, constraints);
  const before = predicted.get(best.positions.join());
  return {
    best,
    front: paretoFront(points),
    binding: bindingOf(best, guessed, dials, constraints),
    evaluations: samples.size,
    predictionError: before === undefined ? 0 : before / best.outcome.lifeYears - 1,
  };
}

/** Longest life first; the fresher of two that live as long. */
const longestFirst = (points: readonly Point[]): Point[] =>
  [...points].sort((a, b) => b.outcome.lifeYears - a.outcome.lifeYears || a.outcome.ageSeconds - b.outcome.ageSeconds);

/** The points that miss by least. */
function closest(points: readonly Point[], constraints: readonly Constraint[]): Point[] {
  const miss = ({ outcome }: Point): number =>
    constraints.reduce((sum, constraint) => sum + Math.max(0, -slack(constraint, outcome)), 0);
  return [...points].sort((a, b) => miss(a) - miss(b)).slice(0, PER_ROUND);
}

/** Both ends of every dial, all others in the middle, and the middle itself; the corners too where they are few. */
function design(dials: readonly Dial[]): number[][] {
  const middle = dials.map(({ values }) => values.length >> 1);
  const along = dials.flatMap(({ values }, index) => {
    const ends = values.length > 2 ? [0, values.length - 1] : [0, 1];
    return (dials[index]!.numbers ? ends : values.map((_, at) => at)).map((at) => middle.with(index, at));
  });
  const corners = dials.length <= 2 ? dials.reduce<number[][]>((all, { values }) => all.flatMap((before) => [[...before, 0], [...before, values.length - 1]]), [[]]) : []; // prettier-ignore
  const seen = new Map([middle, ...along, ...corners].map((positions) => [positions.join(), positions]));
  return [...seen.values()];
}

/** Relaxes each constraint and each end of a dial by one step: what lets the life grow most is what binds. */
function bindingOf(
  best: Point,
  guessed: readonly Point[],
  dials: readonly Dial[],
  constraints: readonly Constraint[],
): string {
  const longest = (kept: readonly Constraint[]): Point | undefined =>
    longestFirst(guessed.filter(({ outcome }) => keeps(kept, outcome)))[0];
  const gains = constraints.map((constraint) => {
    const found = longest(constraints.filter((other) => other !== constraint));
    return { constraint, found, gain: (found?.outcome.lifeYears ?? 0) - best.outcome.lifeYears };
  });
  const [most] = gains.sort((a, b) => b.gain - a.gain);
  const turned = (to: Point): string =>
    dials
      .filter((_, index) => to.positions[index] !== best.positions[index])
      .map(({ name }) => `${name} from ${best.setting[name]} to ${to.setting[name]}`)
      .join(" and ");
  if (most?.found && most.gain > 0.05)
    return `${shownConstraint(most.constraint)}: without it ${turned(most.found)} would give ${most.gain.toFixed(1)} years more`;
  const atEnd = dials.find(
    ({ values, numbers }, index) => numbers && [0, values.length - 1].includes(best.positions[index]!),
  );
  if (atEnd) return `the range of ${atEnd.name}: it stands at its end, ${best.setting[atEnd.name]}`;
  return "nothing: the best setting lies inside all ranges and limits";
}

function impossible(
  points: readonly Point[],
  guessed: readonly Point[],
  constraints: readonly Constraint[],
): UserError {
  const all = [...points, ...guessed];
  for (const constraint of constraints) {
    const [nearest] = [...all].sort((a, b) => slack(constraint, b.outcome) - slack(constraint, a.outcome));
    if (slack(constraint, nearest!.outcome) >= 0) continue;
    const { measure } = constraint;
    return new UserError(
      `${shownConstraint(constraint)} cannot be kept by any setting: the nearest is ${shownMeasure(measure, nearest!.outcome[measure])}, with ${shownSetting(nearest!.setting)}`,
      { where: "constraints", fix: `widen the ranges of the knobs, or ask for less ${measureName(measure)}` },
    );
  }
  // each can be kept alone: the one that gives most room to the others when it is left out binds
  const freed = constraints.map((left) => ({
    left,
    kept: all.filter(({ outcome }) => keeps(constraints.filter((other) => other !== left), outcome)).length,
  })); // prettier-ignore
  const [binding] = freed.sort((a, b) => b.kept - a.kept);
  const rest = all.filter(({ outcome }) =>
    keeps(
      constraints.filter((other) => other !== binding!.left),
      outcome,
    ),
  );
  const [nearest] = [...(rest.length ? rest : all)].sort(
    (a, b) => slack(binding!.left, b.outcome) - slack(binding!.left, a.outcome),
  );
  const others = constraints
    .filter((other) => other !== binding!.left)
    .map(shownConstraint)
    .join(" and ");
  return new UserError(
    `${shownConstraint(binding!.left)} and ${others} exclude each other: the nearest has ${measureName(binding!.left.measure)} of ${shownMeasure(binding!.left.measure, nearest!.outcome[binding!.left.measure])}, with ${shownSetting(nearest!.setting)}`,
    { where: "constraints", fix: "give way in one of them, or widen the ranges of the knobs" },
  ); // prettier-ignore
}

export const shownSetting = (setting: Constants): string =>
  Object.entries(setting)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
