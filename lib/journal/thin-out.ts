/**
 * What happens when the ring fills up with readings that nobody has confirmed. By itself a journal drops its oldest
 * page. Around it, these policies leave out new readings instead: what is left out never gets a number, and the outbox
 * reports how many it were.
 */
import { THINNED } from "../encode/batch.ts";
import type { Journal } from "./journal.ts";

/** Readings of which a ring surely holds as many in half its pages, however badly they pack: below, nothing is read. */
const FEW = 100;

/** Seconds that must lie between readings, given how many pages of how many are in use. Infinity: only alarms. */
export type Policy = (used: number, pages: number, period: number) => number;

/** Keeps every second, third … reading, the fuller the ring is: three times as long until the oldest are dropped. */
export const thinOut: Policy = (used, pages, period) => period * ((pages / (pages - used + 1)) | 0);

/** The last two pages are for alarms: the backlog stays as it was when they came to be the last. */
export const keepAlarms: Policy = (used, pages) => (used > pages - 2 ? Infinity : 0);

/**
 * Wraps a journal. `append` then returns the next number, unused, for a reading that it left out.
 * @param period seconds between readings as planned
 * @param released number of the oldest unconfirmed reading
 * @param urgent whether the reading at hand must be kept
 */
export function limited(
  journal: Journal,
  pages: number,
  policy: Policy,
  period: number,
  released: () => number,
  urgent: () => boolean,
): Journal {
  return {
    next: journal.next,
    newest: journal.newest,
    pagesFrom: journal.pagesFrom,
    append(segment, at, values) {
      const newest = journal.newest();
      const from = released();
      if (newest && newest.segment === segment && journal.next() - from > FEW && !urgent()) {
        const apart = policy(journal.pagesFrom(from), pages, period);
        if (apart > period && at - newest.at < apart - period / 2) return journal.next();
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
        const apart = first < 0 ? step : at - before;
        if (first < 0) first = number;
        if (apart > period) left += Math.round(apart / period) - 1;
        before = at;
        return;
      });
      if (left && skipped) skipped.push([first, left, THINNED]);
    },
  };
}
