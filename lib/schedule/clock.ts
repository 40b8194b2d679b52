/**
 * The time by which jobs are planned: Unix time as far as it is known, otherwise raw time, both without the drift of
 * the chip's oscillator. What is remembered stays in raw time, which only grows; so whatever the network tells, nothing
 * has to be rewritten.
 */

/** What the plan's clock needs of a node's memory. */
export interface ClockState {
  /** Unix time minus raw time at `syncedAt`, or null while no network has told the time since power-on. */
  offset: number | null;
  /** Raw time at which the offset was learned. */
  syncedAt: number;
  /** How fast the raw clock runs, in parts per million; 0 while unknown. A property of the board: it outlives power cuts. */
  drift: number;
}

/** An oscillator further off than this is not one: the network's clock was set. */
const LARGEST_DRIFT = 1e5;

/** Shorter spans say more about the network's delay than about the oscillator. */
const SHORTEST_SPAN_S = 900;

/** A span of this length counts as much as all before it. */
const HALF_WEIGHT_S = 21600;

/** Plan time of a raw time. */
export function planTime(clock: ClockState, raw: number): number {
  return raw + (clock.offset || 0) - (raw - clock.syncedAt) * clock.drift * 1e-6;
}

/**
 * The network has told the time. Two such moments give the drift; later ones refine it, since the oscillator follows the
 * temperature: the longer the span, the more it counts. @param raw when it was told
 */
export function setClock(clock: ClockState, raw: number, unix: number): void {
  const span = raw - clock.syncedAt;
  const drift = ((raw + clock.offset! - unix) / span) * 1e6;
  // while the time was unknown this is no drift by far
  if (span > SHORTEST_SPAN_S && Math.abs(drift) < LARGEST_DRIFT)
    clock.drift += Math.round((drift - clock.drift) * (clock.drift ? span / (span + HALF_WEIGHT_S) : 1));
  clock.offset = unix - raw;
  clock.syncedAt = raw;
}
