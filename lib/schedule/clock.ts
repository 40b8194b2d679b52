/**
 * The clocks of a node. Raw time is the chip's oscillator, and only grows. Device time is raw time without the drift: it
 * is what readings are stored with, so that its seconds are true ones whenever the network corrects the rest. Plan time
 * is what jobs are planned by: Unix time as far as it is known, otherwise device time. Whatever the network tells, nothing
 * that is stored has to be rewritten.
 */

/** What the clocks need of a node's memory. */
export interface ClockState {
  /** Unix time minus device time, or null while no network has told the time since power-on. */
  offset: number | null;
  /** Raw time at which the network last told the time. */
  syncedAt: number;
  /** How fast the raw clock runs, in parts per million; 0 while unknown. A property of the board: it outlives power cuts. */
  drift: number;
  /** Raw time minus device time at `syncedAt`. */
  gained: number;
}

/** An oscillator further off than this is not one: the network's clock was set. */
const LARGEST_DRIFT = 1e5;

/** Shorter spans say more about the network's delay than about the oscillator. */
const SHORTEST_SPAN_S = 900;

/** A span of this length counts as much as all before it. */
const HALF_WEIGHT_S = 21600;

/** The network tells whole seconds: what differs by 1.4 is left as it is, and times in a message stay evenly spaced. */
const SMALLEST_ERROR_SQUARED = 2;

/** Device time of a raw time. */
export function deviceTime(clock: ClockState, raw: number): number {
  return raw - clock.gained - (raw - clock.syncedAt) * clock.drift * 1e-6;
}

/**
 * The network has told the time. Two such moments give the drift; later ones refine it, since the oscillator follows the
 * temperature: the longer the span, the more it counts. @param raw whole seconds, when it was told
 */
export function setClock(clock: ClockState, raw: number, unix: number): void {
  const span = raw - clock.syncedAt;
  const device = deviceTime(clock, raw);
  const error = device + clock.offset! - unix;
  const drift = (error / span) * 1e6;
  clock.gained = Math.round(raw - device);
  clock.syncedAt = raw;
  if (error * error < SMALLEST_ERROR_SQUARED) return;
  // while the time was unknown this is no drift by far
  if (span > SHORTEST_SPAN_S && Math.abs(clock.drift + drift) < LARGEST_DRIFT)
    clock.drift += Math.round(drift * (clock.drift ? span / (span + HALF_WEIGHT_S) : 1));
  clock.offset = unix - raw + clock.gained;
}
