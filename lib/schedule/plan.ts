/**
 * What is due, and when to wake next. Jobs fall due at whole multiples of their period, so that nothing has to be
 * remembered but when each last ran: after an outage a missed job runs once, and no jump of the clock can move the
 * next run further away than one period.
 */
import type { Job } from "./every.ts";

/**
 * When the job falls due next. A run counts for the multiple that it precedes by less than a quarter of the period:
 * a clock that was set back a little must not make it run twice.
 * @param last when it last ran; long ago = it is due at once
 */
export function dueAt(job: Job, last: number): number {
  return (Math.floor(last / job.period + 0.25) + 1) * job.period;
}

/**
 * The latest moment at which a job falls due before the first deadline: every job whose window holds that moment
 * shares the wake. Somebody has to wake by the first deadline, and no later moment before it serves more windows, so
 * this gives the fewest wakes that there can be (the classical argument for stabbing intervals).
 * @param due when each job falls due @param jobs in the same order
 */
export function nextWake(jobs: readonly Job[], due: readonly number[]): number {
  let deadline = Infinity;
  jobs.forEach((job, i) => (deadline = Math.min(deadline, due[i]! + job.slack)));
  let wake = 0;
  due.forEach((at) => (wake = at > deadline ? wake : Math.max(wake, at)));
  return wake;
}

/** Seconds to wait after a failure: doubles from `first` up to `longest`. */
export function backOff(failures: number, first: number, longest: number): number {
  return Math.min(longest, first * Math.pow(2, failures - 1));
}

/** Makes waits differ by up to a quarter, so that a fleet does not return at once when its broker does. */
export function jitter(random32: number): number {
  return 0.75 + random32 / 1.72e10;
}
