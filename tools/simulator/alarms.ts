/** When the world crossed a limit, and when the broker was told: the latency that an alarm is for. */
import type { Row } from "../receive/decode.ts";
import type { World } from "./world/world.ts";

/** A limit that the firmware is meant to report at once. The scenario states it, independent of the firmware's own. */
export interface AlarmLimit {
  readonly place: string;
  readonly quantity: string;
  /** In the quantity's unit. */
  readonly above: number;
  /** What tells of it in a message, where that is not the quantity itself: a decision of the firmware, for instance. */
  readonly tells?: { readonly quantity: string; readonly above: number; readonly upTo?: number };
}

/** One time that the world stayed above the limit. */
export interface Excursion {
  readonly fromUnix: number;
  readonly untilUnix: number;
  readonly peak: number;
  /**
   * When a message with a value above the limit reached the broker; undefined = never before the excursion ended. Before
   * `fromUnix` when the sensor, within its error, saw it first and the newest value that the broker had was above already.
   */
  readonly toldUnix: number | undefined;
}

const STEP_S = 60;
/** Shorter returns below the limit do not end an excursion. */
const PAUSE_S = 3600;

/** Collects what messages say about a limit. */
export class AlarmWatch {
  readonly #messages: { readonly atUnix: number; readonly above: boolean; readonly endsAbove: boolean }[] = [];

  /** Unix times of the readings that told of an excursion. */
  readonly #claims: number[] = [];

  constructor(readonly limit: AlarmLimit) {}

  message(atUnix: number, rows: readonly Row[]): void {
    const { quantity, above, upTo = Infinity } = this.limit.tells ?? { ...this.limit };
    const tells = (value: number): boolean => value > above && value <= upTo;
    const telling = rows.filter((row) => row.quantity === quantity && row.value !== undefined);
    if (!telling.length) return;
    const values = telling.map(({ value }) => value!);
    for (const { unix, value } of telling) if (unix !== undefined && tells(value!)) this.#claims.push(unix);
    this.#messages.push({ atUnix, above: values.some(tells), endsAbove: tells(values.at(-1)!) });
  }

  /** Every excursion of `seconds` from `startUnix` on, looked for minute by minute. */
  excursions(world: World, startUnix: number, seconds: number): Excursion[] {
    const { place, quantity, above } = this.limit;
    const found: Excursion[] = [];
    let from: number | undefined;
    let last = 0;
    let peak = -Infinity;
    const close = (): void => {
      if (from === undefined) return;
      const span = { fromUnix: startUnix + from, untilUnix: startUnix + last };
      // the last reading above the limit may still be on its way
      const told = this.#told(span.fromUnix, span.untilUnix + PAUSE_S);
      found.push({ ...span, peak, toldUnix: told });
      from = undefined;
      peak = -Infinity;
    };
    for (let at = 0; at <= seconds; at += STEP_S) {
      const value = world.at(place, quantity, at);
      if (value > above) {
        from ??= at;
        last = at;
        peak = Math.max(peak, value);
      } else if (at - last > PAUSE_S) close();
    }
    close();
    return found;
  }

  /** Readings that told of an excursion while none was, those of one span count once, Unix seconds. */
  strays(excursions: readonly Excursion[]): number[] {
    const found = this.#claims.filter(
      (at) => !excursions.some(({ fromUnix, untilUnix }) => at >= fromUnix - STEP_S && at <= untilUnix + 2 * PAUSE_S),
    );
    found.sort((a, b) => a - b);
    return found.filter((at, i) => i === 0 || at - found[i - 1]! > 2 * PAUSE_S);
  }

  #told(fromUnix: number, untilUnix: number): number | undefined {
    const known = this.#messages.findLast(({ atUnix }) => atUnix < fromUnix);
    if (known?.endsAbove) return known.atUnix;
    return this.#messages.find(({ atUnix, above }) => above && atUnix >= fromUnix && atUnix <= untilUnix)?.atUnix;
  }
}
