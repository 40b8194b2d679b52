/**
 * What a quantity of the world does over virtual time, as a scenario declares it. A source is a description; `start`
 * makes the signal of one run, which answers in any order of time and gives the same value for the same time whatever
 * was asked before, so that two engines with different lookups see the same world.
 */
import { parseDuration } from "../../duration.ts";
import { UserError } from "../../errors.ts";
import { hashText, normalAt } from "./random.ts";
import { readDate } from "./timestamps.ts";
import { loadTrace, type Trace, type TraceOptions } from "./trace.ts";
import type { BaseUnit } from "./units.ts";

export interface Signal {
  /** Value at `seconds` since the start of the run. */
  at(seconds: number): number;
  /** The next time after `seconds` at which the value jumps, Infinity when none; only signals that jump and hold have it. */
  nextChange?(seconds: number): number;
}

export interface Source {
  /** Unit of the values, where the source knows it. */
  readonly unit?: () => BaseUnit;
  /** The recording it plays and the second of it at which the run starts. */
  readonly recording?: () => { readonly trace: Trace; readonly from: number };
  /** `stream` names the random numbers of this signal: seed, place and quantity. */
  start(stream: string): Signal;
}

/** Always `value`. */
export function constant(value: number): Source {
  if (!Number.isFinite(value)) throw new RangeError(`constant(${value}): expected a number`);
  return { start: () => ({ at: () => value, nextChange: () => Infinity }) };
}

/** `mean` + `amplitude` × sin: at its mean and rising at time 0, or `phase` later. Period and phase carry units ("1d"). */
export function sine(wave: { mean: number; amplitude: number; period: string; phase?: string }): Source {
  const { mean, amplitude, phase = "0s" } = wave;
  const turn = (2 * Math.PI) / positive(wave.period, "sine period");
  const shift = parseDuration(phase, "sine phase");
  return { start: () => ({ at: (seconds) => mean + amplitude * Math.sin((seconds - shift) * turn) }) };
}

/**
 * Normal noise of standard `deviation` around `mean` (0): a new independent value `every` so often, blended in between
 * in such a way that the deviation is the same at every moment.
 */
export function noise({ deviation, every, mean = 0 }: { deviation: number; every: string; mean?: number }): Source {
  const spacing = positive(every, "noise every");
  return {
    start(stream) {
      const key = hashText(stream);
      let knot = NaN;
      let before = 0;
      let after = 0;
      const at = (seconds: number): number => {
        const position = seconds / spacing;
        const index = Math.floor(position);
        if (index !== knot) {
          before = index === knot + 1 ? after : normalAt(key, index);
          after = normalAt(key, index + 1);
          knot = index;
        }
        const angle = (position - index) * (Math.PI / 2);
        return mean + deviation * (before * Math.cos(angle) + after * Math.sin(angle));
      };
      return { at };
    },
  };
}

/**
 * Holds each value from its time on: `steps([["0s", 4], ["2d", 12]])`. Before the first time it has the first value;
 * with `repeat: "1d"` the list starts over every day.
 */
export function steps(
  list: readonly (readonly [at: string, value: number])[],
  { repeat }: { repeat?: string } = {},
): Source {
  if (list.length === 0)
    throw new UserError("steps([]) has no value", { fix: 'give at least one: steps([["0s", 4]])' });
  const times = Float64Array.from(list, ([at]) => parseDuration(at, "steps"));
  const values = Float64Array.from(list, ([, value]) => value);
  times.forEach((time, index) => {
    if (index > 0 && time <= times[index - 1]!) {
      throw new UserError(`steps: "${list[index]![0]}" is not later than "${list[index - 1]![0]}"`, {
        fix: "sort them by time",
      });
    }
  });
  const period = repeat === undefined ? Infinity : positive(repeat, "steps repeat");
  if (times[times.length - 1]! >= period) {
    throw new UserError(`steps: "${list[list.length - 1]![0]}" lies outside the ${repeat} that repeat`, {
      fix: "repeat less often",
    });
  }
  return { start: () => held(times, values, period) };
}

/** The sum of several sources, for instance a daily sine and noise. */
export function sum(...sources: readonly [Source, ...Source[]]): Source {
  return {
    ...(sources.every(({ unit }) => !unit) ? {} : { unit: () => sources.find(({ unit }) => unit)!.unit!() }),
    start(stream) {
      const signals = sources.map((source, index) => source.start(`${stream}+${index}`));
      return { at: (seconds) => signals.reduce((total, signal) => total + signal.at(seconds), 0) };
    },
  };
}

export interface TraceSourceOptions extends TraceOptions {
  /** Where in the recording the run starts: a date ("2013-12-20") or a time since its first sample ("30d"). */
  readonly from?: string | undefined;
  /** After the last sample: keep its value (default), or start over. */
  readonly after?: "hold" | "repeat" | undefined;
  /** Between samples: a straight line (default), or the value of the sample before. */
  readonly between?: "line" | "hold" | undefined;
}

/** A recording, played from virtual time 0 on. The file is read when the world is built or asked about, and then once. */
export function trace(options: TraceSourceOptions): Source {
  let loaded: { trace: Trace; from: number } | undefined;
  const recording = (): { trace: Trace; from: number } => {
    if (!loaded) {
      const found = loadTrace(options);
      loaded = { trace: found, from: startWithin(found, options.from) };
    }
    return loaded;
  };
  return {
    unit: () => recording().trace.unit,
    recording,
    start() {
      const { trace: found, from } = recording();
      const { seconds, values, period } = options.after === "repeat" ? closed(found) : { ...found, period: Infinity };
      const signal = options.between === "hold" ? held(seconds, values, period) : interpolated(seconds, values, period);
      if (from === 0) return signal;
      const nextChange = signal.nextChange?.bind(signal);
      return {
        at: (time) => signal.at(time + from),
        ...(nextChange && { nextChange: (time: number) => nextChange(time + from) - from }),
      };
    },
  };
}

function startWithin(found: Trace, from: string | undefined): number {
  if (from === undefined) return 0;
  const date = readDate(from);
  const offset = Number.isNaN(date) ? parseDuration(from, "trace from") : date - (found.startsAt ?? NaN);
  const last = found.seconds[found.seconds.length - 1]!;
  if (offset >= 0 && offset <= last) return offset;
  const { startsAt } = found;
  const iso = (time: number): string => new Date(time * 1000).toISOString().slice(0, 19);
  throw new UserError(`the recording does not hold "${from}"`, {
    where: found.file,
    fix:
      startsAt === undefined
        ? `choose a time up to ${last}s`
        : `choose a date from ${iso(startsAt)} to ${iso(startsAt + last)}`,
  });
}

/** A recording that starts over one usual sample spacing after its last sample, with a straight line over the seam. */
function closed({ seconds, values }: Trace): { seconds: Float64Array; values: Float64Array; period: number } {
  if (seconds.length < 2) return { seconds, values, period: Infinity };
  const gaps = seconds
    .slice(1)
    .map((time, index) => time - seconds[index]!)
    .sort();
  const period = seconds[seconds.length - 1]! + gaps[gaps.length >> 1]!;
  return { seconds: Float64Array.of(...seconds, period), values: Float64Array.of(...values, values[0]!), period };
}

/** Finds the sample that holds at a time, starting at the one found last: time mostly moves forward in small steps. */
function cursor(times: Float64Array): (time: number) => number {
  let index = 0;
  return (time) => {
    for (let step = 0; step < 8 && index + 1 < times.length && times[index + 1]! <= time; step++) index++;
    if (times[index]! <= time && (index + 1 >= times.length || times[index + 1]! > time)) return index;
    let low = 0;
    let high = times.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= time) low = middle;
      else high = middle;
    }
    return (index = low);
  };
}

function interpolated(times: Float64Array, values: Float64Array, period: number): Signal {
  const find = cursor(times);
  const at = (seconds: number): number => {
    const time = period === Infinity ? seconds : seconds % period;
    const index = find(time);
    const from = times[index]!;
    const value = values[index]!;
    if (time <= from || index + 1 >= times.length) return value;
    return value + ((values[index + 1]! - value) * (time - from)) / (times[index + 1]! - from);
  };
  return { at };
}

function held(times: Float64Array, values: Float64Array, period: number): Signal {
  const find = cursor(times);
  const at = (seconds: number): number => values[find(period === Infinity ? seconds : seconds % period)]!;
  const nextChange = (seconds: number): number => {
    const turn = period === Infinity ? 0 : Math.floor(seconds / period) * period;
    const time = seconds - turn;
    const next = time < times[0]! ? times[0] : times[find(time) + 1];
    if (next !== undefined) return turn + next;
    return period === Infinity ? Infinity : turn + period;
  };
  return { at, nextChange };
}

function positive(text: string, where: string): number {
  const seconds = parseDuration(text, where);
  if (!(seconds > 0)) throw new UserError(`"${text}" must be longer than nothing`, { where });
  return seconds;
}
