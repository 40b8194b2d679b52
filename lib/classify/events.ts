/** Decisions about overlapping windows to events: one manoeuvre lasts several windows, and a single odd window is none. */
import type { Decision } from "./decide.ts";

export interface EventsOptions {
  /** The class that is no event. */
  readonly quiet: number;
  /** Windows of one class in a row that make an event. */
  readonly least: number;
  /** Quiet or rejected windows that an event survives. */
  readonly gap: number;
}

export interface Event {
  readonly kind: number;
  /** Times as they were handed in: of the first and of the last window of the event. */
  readonly from: number;
  readonly until: number;
  readonly windows: number;
}

/** Feed it every window's decision; it answers with the event that has just ended, if one has. */
export function events({ quiet, least, gap }: EventsOptions): (decision: Decision, time: number) => Event | undefined {
  let kind = quiet;
  let from = 0;
  let until = 0;
  let windows = 0;
  let missed = 0;
  return (decision, time) => {
    const now = decision.rejected ? quiet : decision.best;
    if (now === kind && kind !== quiet) {
      until = time;
      windows++;
      missed = 0;
      return undefined;
    }
    if (now === quiet && kind !== quiet && ++missed <= gap) return undefined;
    const ended = kind !== quiet && windows >= least ? { kind, from, until, windows } : undefined;
    kind = now;
    from = until = time;
    windows = now === quiet ? 0 : 1;
    missed = 0;
    return ended;
  };
}
