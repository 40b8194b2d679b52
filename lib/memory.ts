/** What a node remembers from wake to wake: named fields over the journal's two-slot state. */
import type { StateStore } from "./journal/state.ts";

/** Layout of the stored array. A newer firmware may append fields; what an older one lacks takes its default. */
const VERSION = 1;
const PAST = 12;
const APPENDED = PAST + 4;

/** Raw time before any other: what happened then is due again. */
export const NEVER = -1e9;

export interface Memory {
  /** Chosen at random when the flash was new: tells a device that was wiped from one that lost data. */
  id: number;
  /** Counts power-ons: each starts a new raw clock. */
  segment: number;
  /** Journal page in use. */
  page: number;
  /** Number of the oldest reading that the broker has not confirmed. */
  released: number;
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

/** @param random 32 random bits, used only when the flash holds no state */
export function loadMemory(store: StateStore, random: () => number): Memory {
  const v = store.load() || [VERSION, random() || 1, -1, -1, 0, null, 0, NEVER, 0, 0, 0, 0];
  return {
    id: v[1]!,
    segment: v[2]!,
    page: v[3]!,
    released: v[4]!,
    offset: v[5]!,
    syncedAt: v[6]!,
    reportedAt: v[7] === null ? NEVER : v[7]!,
    failures: v[8]!,
    fault: v[9]!,
    retryAt: v[10]!,
    alarm: v[11]!,
    past: v.slice(PAST, APPENDED),
    drift: v[APPENDED] || 0,
    wakeAt: v[APPENDED + 1] || 0,
    unfinished: v[APPENDED + 2] || 0,
    kept: (v[APPENDED + 3] || []) as unknown as number[][],
  };
}

export function saveMemory(store: StateStore, m: Memory): void {
  const fields: (number | null)[] = [
    VERSION,
    m.id,
    m.segment,
    m.page,
    m.released,
    m.offset,
    m.syncedAt,
    m.reportedAt,
    m.failures,
    m.fault,
    m.retryAt,
    m.alarm,
  ];
  while (m.past.length < 4) m.past.push(null);
  store.save(fields.concat(m.past, m.drift, m.wakeAt, m.unfinished, [m.kept] as unknown as number[]));
}

/** The clock lost its time (power-on): what is measured from now on belongs to a new segment. */
export function newSegment(m: Memory): void {
  if (m.offset !== null) {
    const last: (number | null)[] = [m.segment, m.offset];
    m.past = last.concat(m.past).slice(0, 4);
  }
  m.segment++;
  m.offset = null;
  m.reportedAt = NEVER;
  m.syncedAt = m.retryAt = m.wakeAt = 0;
}

/** Unix time minus raw time of a segment, or null when it was never known. @param low the segment's low digits */
export function offsetOf(m: Memory, low: number, segments: number): number | null {
  if (m.segment % segments === low) return m.offset;
  for (let i = 0; i < m.past.length; i += 2) if (m.past[i]! % segments === low) return m.past[i + 1]!;
  return null;
}
