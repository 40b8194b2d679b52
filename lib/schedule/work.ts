/**
 * Jobs of the author's own beside sampling and reporting: recurring, once, or on an event. They share wakes like the
 * others. A job counts as failed until it has called `done`: one that hangs or restarts the chip is tried again later
 * each time, and does not hold up the rest.
 */
import { after, now } from "../platform/espruino.ts";
import { type Duration, type Job, seconds } from "./every.ts";
import { keptBy, WORK, type Extension, type WakeCause } from "./extensions.ts";
import { backOff, dueAt } from "./plan.ts";

export interface WorkItem extends Job {
  /** Call `done` when finished; the wake's limit of awake time ends it otherwise. */
  readonly run: (done: () => void, woke: WakeCause) => void;
  /** Seconds after its first wake at which it runs first; default 0. */
  readonly first?: number;
  /** Runs in wakes of this cause, and not by time. (Every object in Espruino has a method `on`.) */
  readonly wakes?: WakeCause;
}

/** @param job `every("1d", { slack: "2h" })` */
export function recurring(job: Job, run: WorkItem["run"]): WorkItem {
  return { period: job.period, slack: job.slack, run };
}

/** Once in the life of the flash. */
export function once(delay: Duration, slack: Duration, run: WorkItem["run"]): WorkItem {
  return { period: Infinity, slack: seconds(slack), first: seconds(delay), run };
}

/** In every wake that has this cause, for instance `PIN`. */
export function onWake(cause: WakeCause, run: WorkItem["run"]): WorkItem {
  return { period: Infinity, slack: 0, wakes: cause, run };
}

/** How long a job that failed waits: doubles from the first to the longest. */
const LONGEST_RETRY_S = 86400;
const FIRST_RETRY_S = 300;

/** At most eight; their order must stay the same, since what is kept is kept by position. */
export function work<R>(items: readonly WorkItem[]): Extension<R> {
  return (host) => {
    // for each job: raw time of its last run (negative: not yet run, to be run then), and failures in a row
    const kept = keptBy(host, WORK);
    const started = now();
    const hasRun: boolean[] = [];
    items.forEach((item, i) => {
      const last = kept[i * 2];
      const first = item.first || 0;
      // a raw clock that restarted with the supply leaves times behind that lie ahead; what ran once stays done
      const isAhead = Math.abs(last!) > started + first + 1 && !(last! >= 0 && item.period === Infinity);
      if (last === undefined || isAhead) {
        kept[i * 2] = -Math.floor(started + first) - 1;
        kept[i * 2 + 1] = 0;
      }
    });
    const due = (i: number) => {
      const item = items[i]!;
      const last = kept[i * 2]!;
      const failures = kept[i * 2 + 1]!;
      if (item.wakes !== undefined) return item.wakes === host.cause && !hasRun[i] ? 0 : Infinity;
      if (last < 0) return host.time(-1 - last);
      if (!failures) return dueAt(item, host.time(last));
      return host.time(last) + backOff(failures, FIRST_RETRY_S, LONGEST_RETRY_S);
    };
    const runFrom = (from: number, then: () => void) => {
      let i = from;
      while (i < items.length && due(i) > host.time(now()) + 1) i++;
      if (i === items.length) return then();
      let isDone = false;
      const next = () => after(0, () => runFrom(i + 1, then));
      hasRun[i] = true;
      kept[i * 2] = Math.floor(now());
      kept[i * 2 + 1]!++;
      host.save();
      try {
        items[i]!.run(() => {
          if (isDone) return;
          isDone = true;
          kept[i * 2 + 1] = 0;
          host.save();
          next();
        }, host.cause);
      } catch (e) {
        isDone = true;
        next();
      }
    };
    return {
      plan(jobs, times) {
        items.forEach((item, i) => {
          jobs.push(item);
          times.push(due(i));
        });
      },
      run: (then) => runFrom(0, then),
    };
  };
}
