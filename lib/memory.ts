/** What a node remembers from wake to wake: one list of values in the journal's two-page state. */
import type { StateStore } from "./journal/state.ts";

/** Of a slot: holds 500 characters. */
export const STATE_BYTES = 512;

/** Of a slot of the settings: holds 1012 characters. */
export const SETTINGS_BYTES = 1024;

/** Raw time before any other: what happened then is due again. */
export const NEVER = -1e9;

/**
 * Fields are stored in this order and only ever added at the end: a newer firmware gives what it does not find its
 * initial value, an older one carries along what it does not know.
 */
export interface Memory {
  /** The journal's, chosen at random when the flash was new: tells a device that was wiped from one that lost data. */
  id: number;
  /** Counts power-ons: each starts a new raw clock. */
  segment: number;
  /** Journal page in use. */
  page: number;
  /** Number of the oldest reading that the broker has not confirmed. */
  released: number;
  /** Number of the reading that last raised the alarm: above `released`, it is to leave before the backlog. */
  aheadFrom: number;
  /** The readings from `aheadFrom` up to this number have overtaken the backlog and are confirmed. */
  aheadEnd: number;
  /** Unix time minus raw time, or null while no network has told the time since power-on. */
  offset: number | null;
  /** Raw time at which the offset was learned. */
  syncedAt: number;
  /** Raw time of the last report, or NEVER. */
  reportedAt: number;
  /** Reports that failed since the last good one. */
  failures: number;
  /** Why the last report failed: a fault, 0 = it did not. */
  fault: number;
  /** Raw time before which a failed report is not tried again. */
  retryAt: number;
  /** What held at the last sample: 1 = `sendNow`, 2 = the policy's reason to report. */
  alarm: number;
  /** Numbers below this are taken, by readings that the flash refused as well. */
  floor: number;
  /** Offsets of earlier clock segments: segment, offset, segment, offset … newest first. */
  past: (number | null)[];
  /** How fast the raw clock runs, in parts per million; 0 while unknown. */
  drift: number;
  /** Raw time until which a sleep goes on that is longer than the chip's timer carries. */
  wakeAt: number;
  /** Wakes in a row that did not end by themselves: hung, crashed, or the supply broke down. */
  unfinished: number;
  /** What the extensions of `node()` keep, by extension. */
  kept: number[][];
}

/** @param random 32 random bits */
export function loadMemory(store: StateStore<unknown[]>, random: () => number): Memory {
  const initial: Memory = {
    // 0: the journal chooses one, or tells what it was
    id: 0,
    // any segment: readings of a forgotten one must not be taken for readings of this one
    segment: random() & 127,
    page: -1,
    released: 0,
    aheadFrom: 0,
    aheadEnd: 0,
    offset: null,
    syncedAt: 0,
    reportedAt: NEVER,
    failures: 0,
    fault: 0,
    retryAt: 0,
    alarm: 0,
    floor: 0,
    past: [],
    drift: 0,
    wakeAt: 0,
    unfinished: 0,
    kept: [],
  };
  const fields = initial as unknown as Record<string, unknown>;
  const names = Object.keys(initial);
  const stored = store.load();
  if (stored) stored.forEach((value, i) => (fields[names[i] || i + "x"] = value));
  return initial;
}

/** Durable when it returns true. */
export function saveMemory(store: StateStore<unknown[]>, memory: Memory): boolean {
  return store.save(Object.values(memory));
}

/** Segment and offset of the clock as it runs now and of those before it, newest first. */
const clocks = (m: Memory): (number | null)[] => {
  const now: (number | null)[] = [m.segment, m.offset];
  return now.concat(m.past);
};

/** The clock lost its time (power-on): what is measured from now on belongs to a new segment. */
export function newSegment(m: Memory): void {
  if (m.offset !== null) m.past = clocks(m).slice(0, 4);
  m.segment++;
  m.offset = null;
  m.reportedAt = NEVER;
  m.syncedAt = m.retryAt = m.wakeAt = 0;
}

/** Unix time minus raw time of a segment, or null when it was never known. @param low the segment's low digits */
export function offsetOf(m: Memory, low: number, segments: number): number | null {
  const all = clocks(m);
  for (let i = 0; i < all.length; i += 2) if (all[i]! % segments === low) return all[i + 1]!;
  return null;
}
