/** Puts messages together: each reading once, in order, and what is missing or was given up named as such. */
import { decodeBatch, type DecodedBatch, type Row } from "./decode.ts";
import { join, sizeOf, uncovered, type Span } from "./spans.ts";

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
  /** Readings that came after newer ones of the same journal: an alarm overtook them. */
  readonly late: number;
  /** Those of them that did not continue the backlog either. */
  readonly disordered: number;
  /** Numbers that the device gave up and that never came, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Readings that the device left out to save room: they never had numbers. */
  readonly thinned: number;
  /** Numbers that neither came nor were given up, between the first and the last number heard of. */
  readonly gaps: readonly Gap[];
}

interface JournalState {
  received: readonly Span[];
  readonly skipped: { readonly first: number; count: number; readonly reason: string }[];
}

/** Everything that a collector knows of its device, as plain data for a file or a database. */
export interface CollectorState {
  readonly journals: readonly (JournalState & { readonly journal: number })[];
  readonly messages: number;
  readonly duplicates: number;
  readonly late: number;
  readonly disordered?: number;
}

/** Up to this number everything has come or was given up. */
function settled({ received, skipped }: JournalState): number {
  const given = skipped.filter(({ reason }) => reason !== "thinned");
  const spans = [...received, ...given.map(({ first, count }) => ({ first, end: first + count }))];
  let end = 0;
  spans
    .sort((a, b) => a.first - b.first)
    .forEach((span, i) => (end = i && span.first > end ? end : Math.max(end, span.end)));
  return end;
}

/** Receives the messages of one device, in any order and any number of times. A device that was wiped starts a new journal. */
export class Collector {
  readonly #journals = new Map<number, JournalState>();
  #messages: number;
  #duplicates: number;
  #late: number;
  #disordered: number;

  /** @param state what an earlier collector of the same device knew */
  constructor(state?: CollectorState) {
    this.#messages = state?.messages ?? 0;
    this.#duplicates = state?.duplicates ?? 0;
    this.#late = state?.late ?? 0;
    this.#disordered = state?.disordered ?? 0;
    for (const { journal, received, skipped } of state?.journals ?? [])
      this.#journals.set(journal, { received, skipped: skipped.map((skip) => ({ ...skip })) });
  }

  /** Rows of the readings that were not received before, by seq. A payload is decoded first (UserError when it is none). */
  add(message: Uint8Array | DecodedBatch): Row[] {
    const batch = message instanceof Uint8Array ? decodeBatch(message) : message;
    const state: JournalState = this.#journals.get(batch.journal) ?? { received: [], skipped: [] };
    this.#journals.set(batch.journal, state);
    this.#messages++;

    const span = { first: batch.seq, end: batch.seq + batch.count };
    const fresh = uncovered(span, state.received);
    const newest = state.received.at(-1)?.end ?? 0;
    this.#duplicates += batch.count - sizeOf(fresh);
    const late = sizeOf(fresh.filter(({ first }) => first < newest));
    this.#late += late;
    for (const skip of batch.skipped) {
      // a message that comes again says it again, and may say more
      const same = state.skipped.find(({ first, reason }) => first === skip.first && reason === skip.reason);
      if (same) same.count = Math.max(same.count, skip.count);
      else state.skipped.push({ ...skip });
    }
    if (late && span.first > settled(state)) this.#disordered += late;
    state.received = join(state.received, span);
    return batch.rows.filter(({ seq }) => fresh.some(({ first, end }) => seq >= first && seq < end));
  }

  /** Nothing has come yet. */
  get isNew(): boolean {
    return !this.#journals.size;
  }

  knows(journal: number): boolean {
    return this.#journals.has(journal);
  }

  state(): CollectorState {
    return {
      journals: [...this.#journals].map(([journal, { received, skipped }]) => ({
        journal,
        received,
        skipped: skipped.map((skip) => ({ ...skip })),
      })),
      messages: this.#messages,
      duplicates: this.#duplicates,
      late: this.#late,
      disordered: this.#disordered,
    };
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
        if (reason === "thinned") {
          thinned += count;
          continue;
        }
        // what came nevertheless, and what was reported twice, counts once
        skipped[reason] = (skipped[reason] ?? 0) + sizeOf(uncovered({ first, end: first + count }, known));
        known = join(known, { first, end: first + count });
      }
      const whole = { first: known[0]?.first ?? 0, end: known.at(-1)?.end ?? 0 };
      for (const { first, end } of uncovered(whole, known)) gaps.push({ journal, first, count: end - first });
    }
    return {
      messages: this.#messages,
      readings,
      duplicates: this.#duplicates,
      late: this.#late,
      disordered: this.#disordered,
      skipped,
      thinned,
      gaps,
    };
  }
}
