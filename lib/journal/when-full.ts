/**
 * What happens when the ring fills up with readings that nobody has confirmed. By itself a journal drops its oldest
 * page. Around it, these policies, options of `node()`, leave out new readings instead: what is left out never gets a
 * number, and the outbox reports how many it were.
 */
import { THINNED } from "../encode/batch.ts";
import type { Journal } from "./journal.ts";

/** Readings of which a ring surely holds as many in half its pages, however badly they pack: below, nothing is read. */
const FEW = 100;

/**
 * Wraps a journal. `append` then returns the next number, unused, for a reading that it left out.
 * @param period seconds between readings as planned
 * @param memory with the number of the oldest unconfirmed reading
 */
export type WhenFull = (
  journal: Journal,
  pages: number,
  period: number,
  memory: { readonly released: number },
) => Journal;

/** Keeps every second, third … reading, the fuller the ring is: three times as long until the oldest are dropped. */
export const thinOut: WhenFull = (journal, pages, period, memory) =>
  limited(journal, period, memory, (used) => period * ((pages / (pages - used + 1)) | 0));

/** The last two pages are for alarms: the backlog stays as it was when they came to be the last. */
export const keepAlarms: WhenFull = (journal, pages, period, memory) =>
  limited(journal, period, memory, (used) => (used > pages - 2 ? Infinity : 0));

/** @param apart seconds that must lie between readings, given how many pages are in use. Infinity: only alarms. */
function limited(
  journal: Journal,
  period: number,
  memory: { readonly released: number },
  apart: (used: number) => number,
): Journal {
  return {
    next: journal.next,
    newest: journal.newest,
    pagesFrom: journal.pagesFrom,
    append(segment, at, values, urgent) {
      const newest = journal.newest();
      const from = memory.released;
      if (newest && newest.segment === segment && journal.next() - from > FEW && !urgent) {
        const seconds = apart(journal.pagesFrom(from));
        if (seconds > period && at - newest.at < seconds - period / 2) return journal.next();
      }
      return journal.append(segment, at, values);
    },
    each(from, visit, skipped) {
      let first = -1;
      let left = 0;
      let before = 0;
      journal.each(from, (reading, oldest) => {
        const { number, at, step } = reading;
        const enough = visit(reading, oldest);
        if (enough) return true;
        // a batch never spans two clock segments
        const gap = first < 0 ? step : at - before;
        if (first < 0) first = number;
        if (gap > period) left += Math.round(gap / period) - 1;
        before = at;
        return;
      });
      if (left && skipped) skipped.push([first, left, THINNED]);
    },
  };
}
