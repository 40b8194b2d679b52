/** A recorded window, for instance a second of an accelerometer: values at a sample rate, once or again and again. */
import { parseDuration } from "../../duration.ts";
import type { Source } from "./sources.ts";

export interface SamplesOptions {
  /** In the quantity's base unit. */
  readonly values: ArrayLike<number>;
  readonly hertz: number;
  /** When the window starts, and how often it comes again ("10m"); once unless stated. */
  readonly at?: string | undefined;
  readonly every?: string | undefined;
  /** The value before, between and after; that of the first sample unless stated. */
  readonly rest?: number | undefined;
}

/** Plays the window; between two samples lies a straight line. */
export function samples({ values, hertz, at = "0s", every, rest = values[0] ?? 0 }: SamplesOptions): Source {
  if (values.length === 0 || !(hertz > 0)) throw new RangeError("samples: expected values and a sample rate");
  const from = parseDuration(at, "samples at");
  const period = every === undefined ? Infinity : parseDuration(every, "samples every");
  return {
    start: () => ({
      at(seconds) {
        const since = period === Infinity || seconds < from ? seconds - from : (seconds - from) % period;
        const position = since * hertz;
        const index = Math.floor(position);
        if (index < 0 || index >= values.length) return rest;
        const before = values[index]!;
        return before + ((values[index + 1] ?? rest) - before) * (position - index);
      },
    }),
  };
}
