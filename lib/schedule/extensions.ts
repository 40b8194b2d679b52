/**
 * What `node()` can be extended with: batteryBands, energyNeutral, energyBudget, onPin, pollPin, work, lightSleep, remember,
 * stayAwake, commands. Each is imported only by the firmware that uses it; others pay nothing.
 */
import type { StateStore } from "../journal/state.ts";
import type { Settings } from "../modems/modem.ts";
import type { Outbox } from "../outbox.ts";
import type { Job } from "./every.ts";

/** Why the chip runs: `ESP32.getWakeupCause()`. */
export type WakeCause = number;
/** Power-on, reset, brown-out or watchdog. */
export const RESET: WakeCause = 0;
/** A pin of a classic ESP32 or an S3. */
export const PIN: WakeCause = 2;
/** A pin of a C3. */
export const PIN_C3: WakeCause = 7;
export const TIMER: WakeCause = 4;

/** What a node lends to its extensions. */
export interface Host {
  /** Numbers that outlive sleep and power cuts, by kind of extension; all together at most 300 characters of JSON. */
  readonly kept: number[][];
  /** Stores them, with all else that the node remembers. */
  readonly save: () => boolean;
  /** Raw seconds as time by which jobs are planned. */
  readonly time: (raw: number) => number;
  readonly cause: WakeCause;
  /** Ends the wake for that fault: a report in good order, the rest after 15 s. */
  readonly end: (fault: number) => void;
  /** The settings that were changed in the field, in place of those that came with the bundle. */
  readonly changed: StateStore<Settings>;
}

/** What `node()` was declared with. */
export interface Declared {
  readonly sample: Job;
  readonly report: Job;
}

/** Each kind of extension brings some of these; an extension that is made fresh in every wake. */
export interface Hooks<R> {
  /** Sampling and reporting from now on, instead of the declared ones. */
  readonly jobs?: (declared: Declared) => [sample: Job, report: Job];
  /** Looks at a sample. Reports at once when this turns true. */
  readonly sampled?: (readings: R) => boolean;
  /** Adds jobs, and when each falls due in plan time. */
  readonly plan?: (jobs: Job[], due: number[]) => void;
  /** Runs those that are due, one after the other. */
  readonly run?: (then: () => void) => void;
  /** The dearest job that the policy allows now, in joules. */
  readonly most?: () => number;
  /** A wake begins; or, with 1, the modem starts to work in it. */
  readonly working?: (reporting?: number) => void;
  /** Joules that this wake may still spend, with `joules` of them to be spent now. */
  readonly spend?: (joules: number) => number;
  /** Something outside happened: the node samples at once. */
  readonly event?: boolean;
  /** Ends the wake for that many seconds at most: either the chip boots again, or `again` is called. */
  readonly sleep?: (seconds: number, again: () => void) => void;
  /** The longest of those sleeps, in seconds: longer ones are chained. */
  readonly longest?: number;
  /** What a report sends and takes, given the device's settings. */
  readonly outbox?: (outbox: Outbox, settings: Settings) => Outbox;
  /** Waits in a cheaper state than the interpreter's idle loop. */
  readonly pause?: (ms: number, run: () => void) => void;
}

/** @param others what the extensions beside it bring, once the wake has begun */
export type Extension<R> = (host: Host, others?: Hooks<R>) => Hooks<R>;

/** Several extensions, at most one of each kind: a policy, a wake source, work, light sleep, a budget. */
export function all<R>(extensions: readonly Extension<R>[]): Extension<R> {
  return (host) => {
    const hooks: Hooks<R> = {};
    extensions.forEach((extension) => Object.assign(hooks, extension(host, hooks)));
    return hooks;
  };
}

/** The numbers that one kind of extension keeps. */
export function keptBy(host: Host, kind: number): number[] {
  return host.kept[kind] || (host.kept[kind] = []);
}
export const POLICY = 0;
export const WAKE = 1;
export const WORK = 2;
export const SEAL = 3;
export const COMMANDS = 4;
export const OWN = 5;
export const SIGNAL = 6;
