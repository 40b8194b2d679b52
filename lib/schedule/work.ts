/**
 * Jobs of the author's own beside sampling and reporting: recurring, once, or on an event. They share wakes like the
 * others. A job counts as failed until it has called `done`: one that hangs or restarts the chip is tried again later
 * each time, and does not hold up the rest.
 */
import { after, now } from "../platform/espruino.ts";
import { type Duration, type Job, seconds } from "./every.ts";
import { keptBy, WORK, type Extension, type Hooks, type WakeCause } from "./extensions.ts";
import { backOff, dueAt } from "./plan.ts";

export interface WorkItem extends Job {
  /** Call `done` when finished; the wake's limit of awake time ends it otherwise. */
  readonly run: (done: () => void, woke: WakeCause) => void;
  /** Seconds after its first wake at which it runs first; default 0. */
  readonly first?: number;
  /** Runs in wakes of this cause, and not by time. (Every object in Espruino has a method `on`.) */
  readonly wakes?: WakeCause;
  /** Seconds after it fell due from which it has no use any more: then it waits for the next time. Default: never. */
  readonly deadline?: number;
  /** What it takes, as an estimate: a policy may put it off, and a budget lets it wait for a wake of its own. */
  readonly joules?: number;
}

export interface WorkLimits {
  readonly deadline?: Duration;
  readonly joules?: number;
}

/** @param job `every("1d", { slack: "2h" })` @param limits `{ deadline: "6h", joules: 2 }` */
export function recurring(job: Job, run: WorkItem["run"], limits?: WorkLimits): WorkItem {
  const given: WorkLimits = limits || {};
  return {
    period: job.period,
    slack: job.slack,
    run,
    deadline: given.deadline ? seconds(given.deadline) : Infinity,
    joules: given.joules || 0,
  };
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

type AtMostEight<T> = readonly [T, T?, T?, T?, T?, T?, T?, T?];

/** At most eight, for which there is room in the flash; their order must stay the same, since it names what is kept. */
export function work<R>(given: AtMostEight<WorkItem>): Extension<R> {
  const items = given as readonly WorkItem[];
  return (host, others) => {
    const beside: Hooks<R> = others || {};
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
    const joules = (i: number) => items[i]!.joules || 0;
    /** The first moment at which the job is of use, in a window that is still open or the next. */
    const useful = (at: number, { deadline, period }: WorkItem) => {
      const t = host.time(now());
      const latest = Math.floor(t / period) * period;
      if (deadline === undefined || at + deadline >= t) return at;
      return latest + deadline >= t ? latest : latest + period;
    };
    const due = (i: number) => {
      const item = items[i]!;
      const last = kept[i * 2]!;
      const failures = kept[i * 2 + 1]!;
      if (item.wakes !== undefined) return item.wakes === host.cause && !hasRun[i] ? 0 : Infinity;
      if (last < 0) return host.time(-1 - last);
      if (beside.most && joules(i) > beside.most()) return Infinity;
      if (!failures) return useful(dueAt(item, host.time(last)), item);
      const again = host.time(last) + backOff(failures, FIRST_RETRY_S, LONGEST_RETRY_S);
      const until = Math.floor(host.time(last) / item.period) * item.period + (item.deadline || 0);
      return item.deadline && again > until ? useful(dueAt(item, host.time(last)), item) : again;
    };
    const runFrom = (from: number, then: () => void) => {
      let i = from;
      // what the wake cannot afford beside other jobs has one of its own
      const left = hasRun.length && beside.spend ? beside.spend(0) : Infinity;
      while (i < items.length && (due(i) > host.time(now()) + 1 || joules(i) > left)) i++;
      if (i === items.length) return then();
      let isDone = false;
      const next = () => after(0, () => runFrom(i + 1, then));
      hasRun[i] = true;
      if (beside.spend) beside.spend(joules(i));
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
