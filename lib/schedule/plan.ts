/**
 * What is due, and when to wake next. Jobs fall due at whole multiples of their period on the device's own clock, so
 * that nothing has to be remembered but when each last ran; after an outage a missed job runs once, not once per miss.
 */
import type { Job } from "./every.ts";

/** A wake may come this much early (seconds) and still count for the multiple that it was meant for. */
const EARLY = 1;

/** When the job falls due next. @param last when it last ran; undefined = never, so it is due at once */
export function dueAt(job: Job, last: number | undefined): number {
  return last === undefined ? 0 : (Math.floor((last + EARLY) / job.period) + 1) * job.period;
}

/**
 * The latest moment at which a job falls due before the first deadline: every job whose window holds that moment
 * shares the wake. @param due when each job falls due @param jobs in the same order
 */
export function nextWake(jobs: readonly Job[], due: readonly number[]): number {
  let deadline = Infinity;
  for (let i = 0; i < jobs.length; i++) deadline = Math.min(deadline, due[i]! + jobs[i]!.slack);
  let wake = 0;
  for (let i = 0; i < jobs.length; i++) if (due[i]! <= deadline) wake = Math.max(wake, due[i]!);
  return wake;
}

/**
 * Seconds to wait after a failed report: doubles from `first` up to `longest`, and differs by up to a quarter from
 * node to node, so that a fleet does not return at once when its broker does. @param random 0 to 1
 */
export function backOff(failures: number, first: number, longest: number, random: number): number {
  return Math.min(longest, first * Math.pow(2, Math.min(failures, 16) - 1)) * (0.75 + random / 4);
}
