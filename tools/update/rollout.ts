/** An update for many nodes, a few of them first: who is offered it when, and what stops it. Pure: the state is one JSON value. */
import { BEGUN, POSTPONED, RUNS, WRONG_BASE } from "../../lib/update/outcomes.ts";
import type { Running } from "../receive/running.ts";

export interface DeviceProgress {
  /** `failed`: it refused, or returned to the version before. `silent`: nothing was heard of it for too long. */
  readonly state: "waiting" | "offered" | "begun" | "runs" | "failed" | "silent";
  /** Number of its offer; 0 = none yet. */
  readonly number: number;
  /** What it runs, as far as it was heard. */
  readonly version?: number;
  readonly text?: string;
  /** When it was offered the update. */
  readonly sinceMs?: number;
  /** It runs something else than was thought: it gets the whole bundle. */
  readonly whole?: boolean;
}

export interface Rollout {
  readonly version: number;
  /** Of the first offers; a second offer to a device has the next number. */
  readonly number: number;
  readonly cohorts: readonly (readonly string[])[];
  /** So many may fail before all stops. */
  readonly allowed: number;
  readonly devices: Readonly<Record<string, DeviceProgress>>;
  /** Why nothing is offered any more. */
  readonly stopped?: string;
}

/** @param sizes of the cohorts, counted from the first device: 1, "10%", "100%"; the last takes all that are left */
export function planRollout(
  devices: readonly string[],
  sizes: readonly (number | string)[],
  given: Pick<Rollout, "version" | "number" | "allowed">,
): Rollout {
  const until = sizes.map((size) =>
    typeof size === "number" ? size : Math.ceil((devices.length * Number.parseFloat(size)) / 100),
  );
  until[until.length - 1] = devices.length;
  const cohorts: string[][] = [];
  let from = 0;
  for (const end of until) {
    if (end <= from) continue;
    cohorts.push(devices.slice(from, end));
    from = end;
  }
  return {
    ...given,
    cohorts,
    devices: Object.fromEntries(devices.map((device) => [device, { state: "waiting", number: 0 }])),
  };
}

const isOver = ({ state }: DeviceProgress): boolean => state === "runs" || state === "failed" || state === "silent";

/** What a device says of itself, taken in. */
export function heard(rollout: Rollout, device: string, { version, update, code, text }: Running): Rollout {
  const before = rollout.devices[device];
  if (!before) return rollout;
  let after: DeviceProgress = { ...before, version, text };
  if (before.number && update === before.number) {
    if (code === RUNS && version === rollout.version) after = { ...after, state: "runs" };
    else if (code === BEGUN || code === POSTPONED) after = { ...after, state: "begun" };
    else if (code === WRONG_BASE && !before.whole) after = { ...after, state: "waiting", whole: true };
    else after = { ...after, state: "failed" };
  }
  return { ...rollout, devices: { ...rollout.devices, [device]: after } };
}

export interface Step {
  readonly rollout: Rollout;
  /** Devices to offer it to now, each with the number in its progress. */
  readonly offer: readonly string[];
  /** Devices whose offer is to be taken back. */
  readonly withdraw: readonly string[];
}

/** What is to be done at this moment. @param patienceMs after which a device that was offered the update counts as lost */
export function step(rollout: Rollout, nowMs: number, patienceMs: number): Step {
  const devices: Record<string, DeviceProgress> = { ...rollout.devices };
  for (const [device, progress] of Object.entries(devices))
    if (!isOver(progress) && progress.sinceMs !== undefined && nowMs - progress.sinceMs > patienceMs)
      devices[device] = { ...progress, state: "silent" };
  const failed = Object.values(devices).filter(({ state }) => state === "failed" || state === "silent").length;
  const stopped = failed > rollout.allowed ? `${failed} devices failed, ${rollout.allowed} may` : rollout.stopped;
  const withdraw = Object.entries(devices).flatMap(([device, progress]) =>
    progress.number && (isOver(progress) || stopped !== undefined) && rollout.devices[device]!.number ? [device] : [],
  );
  const offer: string[] = [];
  if (stopped === undefined) {
    const current = rollout.cohorts.find((cohort) => cohort.some((device) => !isOver(devices[device]!))) ?? [];
    for (const device of current) {
      const progress = devices[device]!;
      if (progress.state !== "waiting") continue;
      const number = progress.number ? progress.number + 1 : rollout.number;
      devices[device] = { ...progress, state: "offered", number, sinceMs: nowMs };
      offer.push(device);
    }
  }
  return { rollout: { ...rollout, devices, ...(stopped !== undefined && { stopped }) }, offer, withdraw };
}

/** Nothing more will come of it. */
export const isFinished = (rollout: Rollout): boolean =>
  rollout.stopped !== undefined || Object.values(rollout.devices).every(isOver);

export interface Tally {
  readonly state: DeviceProgress["state"];
  readonly count: number;
}

export function tally(rollout: Rollout): Tally[] {
  const states = ["runs", "begun", "offered", "waiting", "failed", "silent"] as const;
  return states
    .map((state) => ({ state, count: Object.values(rollout.devices).filter((one) => one.state === state).length }))
    .filter(({ count }) => count);
}
