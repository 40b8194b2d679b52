/** The physical surroundings of a run: places (named after the sensors in them), each with quantities over virtual time. */
import { UserError } from "../../errors.ts";
import { unknownName } from "../../suggest.ts";
import type { Signal, Source } from "./sources.ts";
import { quantities, type Quantity } from "./units.ts";

/** What a scenario declares: `{ cargo: { temperature: trace({...}), humidity: constant(60) } }`. */
export type WorldSpec = Readonly<Record<string, Readonly<Partial<Record<Quantity, Source>>>>>;

export interface WorldOptions {
  readonly seed: number | string;
  /** Seconds since the start of the run, for instance `() => clock.now`. */
  readonly now: () => number;
}

const MEAN_STEP_S = 300;

export class World {
  readonly #now: () => number;
  readonly #places = new Map<string, Map<string, Signal>>();
  /** Unix time of virtual time 0 by the first recording that knows its date. */
  readonly startsAt: number | undefined;
  /** Seconds until the shortest recording ends; undefined without recordings. */
  readonly spanSeconds: number | undefined;

  constructor(spec: WorldSpec, { seed, now }: WorldOptions) {
    this.#now = now;
    let startsAt: number | undefined;
    let spanSeconds: number | undefined;
    for (const [place, sources] of Object.entries(spec)) {
      const signals = new Map<string, Signal>();
      for (const [quantity, source] of Object.entries(sources) as [string, Source][]) {
        checkUnit(place, quantity, source);
        signals.set(quantity, source.start(`${seed}/${place}.${quantity}`));
        const recording = source.recording?.();
        if (!recording) continue;
        const { trace, from } = recording;
        const span = trace.seconds[trace.seconds.length - 1]! - from;
        if (trace.startsAt !== undefined) startsAt ??= trace.startsAt + from;
        spanSeconds = Math.min(spanSeconds ?? Infinity, span);
      }
      this.#places.set(place, signals);
    }
    this.startsAt = startsAt;
    this.spanSeconds = spanSeconds;
  }

  /**
   * Value now, or at `seconds` since the start, in the quantity's base unit. A place or quantity that the scenario does
   * not have is a UserError.
   */
  at(place: string, quantity: string, seconds = this.#now()): number {
    return this.#signal(place, quantity).at(seconds);
  }

  /** Mean over a stretch of time, seconds since the start: exact where the quantity jumps, else from a value every 5 minutes. */
  mean(place: string, quantity: string, from: number, to: number): number {
    const signal = this.#signal(place, quantity);
    let sum = 0;
    for (let at = from; at < to;) {
      const change = signal.nextChange?.(at) ?? at;
      // what changes all the time may say so by a change that is now
      const holds = change > at;
      const next = Math.min(to, holds ? change : at + MEAN_STEP_S);
      sum += signal.at(holds ? at : (at + next) / 2) * (next - at);
      at = next;
    }
    return sum / (to - from);
  }

  /** Virtual microseconds at which a quantity that jumps (a contact) next changes; Infinity when it never does again. */
  nextChangeUs(place: string, quantity: string): number {
    const signal = this.#signal(place, quantity);
    if (!signal.nextChange) {
      throw new UserError(`the world's ${quantity} at "${place}" changes all the time`, {
        fix: `declare it with steps(), constant() or trace({ ..., between: "hold" })`,
      });
    }
    const seconds = signal.nextChange(this.#now());
    const rounded = Math.round(seconds * 1e6);
    return rounded / 1e6 < seconds ? rounded + 1 : rounded;
  }

  #signal(place: string, quantity: string): Signal {
    return this.#places.get(place)?.get(quantity) ?? this.#missing(place, quantity);
  }

  #missing(place: string, quantity: string): never {
    const signals = this.#places.get(place);
    if (!signals) throw unknownName("place in the world", place, [...this.#places.keys()], "scenario");
    const error = unknownName(`quantity at "${place}"`, quantity, [...signals.keys()], "scenario");
    throw new UserError(error.message, { where: error.where, fix: `${error.fix}, or add ${quantity}: constant(...)` });
  }
}

function checkUnit(place: string, quantity: string, source: Source): void {
  const where = `world.${place}.${quantity}`;
  if (!Object.hasOwn(quantities, quantity)) throw unknownName("quantity", quantity, Object.keys(quantities), where);
  const expected = quantities[quantity as Quantity];
  const got = source.unit?.();
  if (got === undefined || got === expected) return;
  throw new UserError(`expected values that convert to ${expected}, got ${got}`, {
    where,
    fix: "check the unit of the trace",
  });
}
