/** Whole drives through the device's own deciding: what is told, what is missed, and what never happened. */
import { decide } from "../../../lib/classify/decide.ts";
import { events } from "../../../lib/classify/events.ts";
import type { Trained } from "../train/linear.ts";
import { featuresAt, type Frame } from "./vehicle.ts";

export interface Deciding {
  readonly margin: number;
  /** Windows of a class in a row that make an event. */
  readonly least: number;
}

/** Seconds of the drive. */
export interface Told {
  readonly kind: number;
  readonly from: number;
  readonly until: number;
}

export function drive(frames: readonly Frame[], model: Pick<Trained, "scores">, { margin, least }: Deciding): Told[] {
  const told = events({ quiet: 0, least, gap: 1 });
  const found: Told[] = [];
  for (let until = 4; until <= frames.length; until++) {
    const event = told(decide(model.scores(featuresAt(frames, until)), margin), until);
    if (event) found.push({ kind: event.kind, from: event.from - 4, until: event.until });
  }
  return found;
}

export interface Tally {
  readonly events: number;
  readonly detected: number;
  /** Told, and nothing of the kind was there. */
  readonly falseAlarms: number;
  readonly hours: number;
}

/** @param events what was there: kind and seconds @param slack seconds that what is told may lie beside it */
export function tally(found: readonly Told[], events: readonly Told[], seconds: number, slack: number): Tally {
  const fits = (one: Told, other: Told): boolean =>
    one.kind === other.kind && one.from < other.until + slack && one.until > other.from - slack;
  return {
    events: events.length,
    detected: events.filter((event) => found.some((one) => fits(one, event))).length,
    falseAlarms: found.filter((one) => !events.some((event) => fits(one, event))).length,
    hours: seconds / 3600,
  };
}

export const tallied = (all: readonly Tally[]): Tally =>
  all.reduce((sum, one) => ({
    events: sum.events + one.events,
    detected: sum.detected + one.detected,
    falseAlarms: sum.falseAlarms + one.falseAlarms,
    hours: sum.hours + one.hours,
  }));
