/** A measured wake laid over the simulated one: where they fit best, and how far each state is off. */
import { UserError } from "../../errors.ts";
import type { WakeTrace } from "../load.ts";
import type { MeasuredTrace } from "./trace-file.ts";

export interface StateDifference {
  readonly cause: string;
  readonly seconds: number;
  readonly simulatedMilliamps: number;
  readonly measuredMilliamps: number;
}

export interface Comparison {
  /** The simulated wake begins so long after the trace does. */
  readonly shiftSeconds: number;
  /** Correlation of the currents' logarithms there, at most 1. */
  readonly likeness: number;
  /** Mean currents while the simulation was in each state. */
  readonly states: readonly StateDifference[];
}

const STEP_S = 0.02;
const FLOOR_MILLIAMPS = 0.001;
const LEAST_LIKENESS = 0.5;

/** @throws UserError when the trace is shorter than the wake, or nowhere like it. */
export function compareWake(wake: WakeTrace, trace: MeasuredTrace, file: string): Comparison {
  const simulated = stepped(wake);
  const measured = means(trace);
  const room = measured.length - simulated.length;
  if (room < 0)
    throw new UserError(
      `the trace lasts ${(measured.length * STEP_S).toFixed(1)} s, a wake that reports ${wake.seconds.toFixed(1)} s`,
      { where: file, fix: "record from before the wake until the node sleeps again" },
    );
  const pattern = simulated.map(({ milliamps }) => logarithm(milliamps));
  const logs = measured.map(logarithm);
  let best = { shift: 0, likeness: -1 };
  for (let shift = 0; shift <= room; shift++) {
    const likeness = correlation(pattern, logs, shift);
    if (likeness > best.likeness) best = { shift, likeness };
  }
  if (best.likeness < LEAST_LIKENESS)
    throw new UserError(`nothing in the trace looks like the simulated wake (likeness ${best.likeness.toFixed(2)})`, {
      where: file,
      fix: "record a wake that reports, of this firmware on this board",
    });
  const sums = new Map<string, { steps: number; simulated: number; measured: number }>();
  for (const [index, { milliamps, cause }] of simulated.entries()) {
    const sum = sums.get(cause) ?? { steps: 0, simulated: 0, measured: 0 };
    sum.steps++;
    sum.simulated += milliamps;
    sum.measured += measured[best.shift + index]!;
    sums.set(cause, sum);
  }
  const states = [...sums].map(([cause, { steps, ...sum }]) => ({
    cause,
    seconds: steps * STEP_S,
    simulatedMilliamps: sum.simulated / steps,
    measuredMilliamps: sum.measured / steps,
  }));
  return { shiftSeconds: best.shift * STEP_S, likeness: best.likeness, states };
}

function stepped({ points, seconds }: WakeTrace): { milliamps: number; cause: string }[] {
  let index = 0;
  return Array.from({ length: Math.max(1, Math.floor(seconds / STEP_S)) }, (_, step) => {
    while (index + 1 < points.length && points[index + 1]!.seconds <= step * STEP_S) index++;
    return points[index]!;
  });
}

/** Mean of the samples in each step; a step without any keeps the one before. */
function means({ seconds, milliamps }: MeasuredTrace): number[] {
  const count = Math.floor(seconds[seconds.length - 1]! / STEP_S);
  const result: number[] = [];
  for (let step = 0, at = 0; step < count; step++) {
    let sum = 0;
    let samples = 0;
    for (; at < seconds.length && seconds[at]! < (step + 1) * STEP_S; at++, samples++) sum += milliamps[at]!;
    result.push(samples ? sum / samples : (result[step - 1] ?? 0));
  }
  return result;
}

const logarithm = (milliamps: number): number => Math.log(Math.max(milliamps, FLOOR_MILLIAMPS));

function correlation(pattern: readonly number[], logs: readonly number[], shift: number): number {
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0];
  for (const [index, a] of pattern.entries()) {
    const b = logs[shift + index]!;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  const n = pattern.length;
  const spread = Math.sqrt((xx - (x * x) / n) * (yy - (y * y) / n));
  return spread > 0 ? (xy - (x * y) / n) / spread : 0;
}
