/** Puts messages together: each reading once, in order, and what is missing or was given up named as such. */
import { decodeBatch, type DecodedBatch, type Row, type Skipped } from "./decode.ts";

/** Numbers `first` up to, but not including, `end`. */
interface Span {
  readonly first: number;
  readonly end: number;
}

export interface Gap {
  readonly journal: number;
  readonly first: number;
  readonly count: number;
}

export interface CollectorReport {
  readonly messages: number;
  /** Different readings received. */
  readonly readings: number;
  /** Readings that came again. */
  readonly duplicates: number;
  /** Readings that came after newer ones of the same journal. */
  readonly late: number;
  /** Numbers that the device gave up and that never came, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Readings that the device left out to save room: they never had numbers. */
  readonly thinned: number;
  /** Numbers that neither came nor were given up, between the first and the last number heard of. */
  readonly gaps: readonly Gap[];
}

interface JournalState {
  received: Span[];
  readonly skipped: Skipped[];
  /** Readings that were left out before they got numbers, by the number of the reading after which they would come. */
  readonly thinned: Map<number, number>;
}

/** Adds a span to sorted, disjoint spans; neighbours become one. */
function join(spans: readonly Span[], { first, end }: Span): Span[] {
  if (first >= end) return [...spans];
  const before = spans.filter((span) => span.end < first);
  const after = spans.filter((span) => span.first > end);
  const touched = spans.slice(before.length, spans.length - after.length);
  return [
    ...before,
    { first: Math.min(first, touched[0]?.first ?? first), end: Math.max(end, touched.at(-1)?.end ?? end) },
    ...after,
  ];
}

/** The parts of `span` that none of the sorted spans covers. */
function uncovered({ first, end }: Span, spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  let from = first;
  for (const span of spans) {
    if (span.end <= from) continue;
    if (span.first >= end) break;
    if (span.first > from) out.push({ first: from, end: span.first });
    from = span.end;
  }
  if (from < end) out.push({ first: from, end });
  return out;
}

const sizeOf = (spans: readonly Span[]): number => spans.reduce((sum, { first, end }) => sum + end - first, 0);

/** Receives the messages of one device, in any order and any number of times. A device that was wiped starts a new journal. */
export class Collector {
  readonly #journals = new Map<number, JournalState>();
  #messages = 0;
  #duplicates = 0;
  #late = 0;

  /** Rows of the readings that were not received before, by seq. A payload is decoded first (UserError when it is none). */
  add(message: Uint8Array | DecodedBatch): Row[] {
    const batch = message instanceof Uint8Array ? decodeBatch(message) : message;
    const state: JournalState = this.#journals.get(batch.journal) ?? { received: [], skipped: [], thinned: new Map() };
    this.#journals.set(batch.journal, state);
    this.#messages++;

    const span = { first: batch.seq, end: batch.seq + batch.count };
    const fresh = uncovered(span, state.received);
    const newest = state.received.at(-1)?.end ?? 0;
    this.#duplicates += batch.count - sizeOf(fresh);
    this.#late += sizeOf(fresh.filter(({ first }) => first < newest));
    state.received = join(state.received, span);
    for (const skip of batch.skipped)
      // a message that comes again says it again, and may say more
      if (skip.reason === "thinned")
        state.thinned.set(skip.first, Math.max(skip.count, state.thinned.get(skip.first) ?? 0));
      else state.skipped.push(skip);
    return batch.rows.filter(({ seq }) => fresh.some(({ first, end }) => seq >= first && seq < end));
  }

  report(): CollectorReport {
    const skipped: Record<string, number> = {};
    const gaps: Gap[] = [];
    let readings = 0;
    let thinned = 0;
    for (const [journal, state] of this.#journals) {
      readings += sizeOf(state.received);
      let known = state.received;
      for (const { first, count, reason } of state.skipped) {
        // what came nevertheless, and what was reported twice, counts once
        skipped[reason] = (skipped[reason] ?? 0) + sizeOf(uncovered({ first, end: first + count }, known));
        known = join(known, { first, end: first + count });
      }
      for (const count of state.thinned.values()) thinned += count;
      const whole = { first: known[0]?.first ?? 0, end: known.at(-1)?.end ?? 0 };
      for (const { first, end } of uncovered(whole, known)) gaps.push({ journal, first, count: end - first });
    }
    return {
      messages: this.#messages,
      readings,
      duplicates: this.#duplicates,
      late: this.#late,
      skipped,
      thinned,
      gaps,
    };
  }
}
