/** What a node remembers from wake to wake: named fields over the journal's two-slot state. */
import type { StateStore } from "./journal/state.ts";

/** Layout of the stored array. A newer firmware may append fields; what an older one lacks takes its default. */
const VERSION = 1;
const FIELDS = 11;

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
  /** Raw time of the last report, or null. */
  reportedAt: number | null;
  /** Reports that failed since the last good one. */
  failures: number;
  /** Why the last report failed: a fault, 0 = it did not. */
  fault: number;
  /** Raw time before which a failed report is not tried again. */
  retryAt: number;
  /** Whether `sendNow` held at the last sample: 0 or 1. */
  alarm: number;
  /** Offsets of earlier clock segments: segment, offset, segment, offset … newest first. */
  past: (number | null)[];
}

/** @param random 32 random bits, used only when the flash holds no state */
export function loadMemory(store: StateStore, random: () => number): Memory {
  const v = store.load() || [VERSION, random() || 1, -1, -1, 0, null, 0, null, 0, 0, 0, 0];
  return {
    id: v[1]!,
    segment: v[2]!,
    page: v[3]!,
    released: v[4]!,
    offset: v[5]!,
    syncedAt: v[6]!,
    reportedAt: v[7]!,
    failures: v[8]!,
    fault: v[9]!,
    retryAt: v[10]!,
    alarm: v[11]!,
    past: v.slice(FIELDS + 1),
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
  store.save(fields.concat(m.past));
}

/** The clock lost its time (power-on): what is measured from now on belongs to a new segment. */
export function newSegment(m: Memory): void {
  if (m.offset !== null) {
    const last: (number | null)[] = [m.segment, m.offset];
    m.past = last.concat(m.past).slice(0, 4);
  }
  m.segment++;
  m.offset = m.reportedAt = null;
  m.syncedAt = m.retryAt = 0;
}

/** Unix time minus raw time of a segment, or null when it was never known. @param low the segment's low digits */
export function offsetOf(m: Memory, low: number, segments: number): number | null {
  if (m.segment % segments === low) return m.offset;
  for (let i = 0; i < m.past.length; i += 2) if (m.past[i]! % segments === low) return m.past[i + 1]!;
  return null;
}
