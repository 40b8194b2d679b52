/**
 * What a firmware takes out of its battery, taken apart so that it can be put together differently: power at rest by cause,
 * and the energy of each kind of wake (sampling, reporting at a coverage level) above that rest. Measured by a probe on a
 * full simulation; the parts sum to what the ledger booked.
 */
import type { Rig } from "../simulator/rig.ts";

/** Joules or watts at the battery by cause. */
export type ByCause = Readonly<Record<string, number>>;

export type WakeKind = "start" | "sample" | "report";

export interface WakeClass {
  readonly kind: WakeKind;
  readonly level: number;
  readonly count: number;
  /** Mean joules of one, above rest. */
  readonly joules: ByCause;
  /** Highest current at the rail. */
  readonly peakMilliamps: number;
  readonly awakeSeconds: number;
}

export interface LoadSample {
  readonly seconds: number;
  /** Watts while nothing happens. */
  readonly rest: ByCause;
  readonly classes: readonly WakeClass[];
  /** Causes of currents that do not pass the regulator. */
  readonly standing: readonly string[];
  /** Mean voltage at which the joules were booked. */
  readonly volts: number;
  readonly wake: WakeTrace | undefined;
}

/** Currents at the rail over one report, step by step; bursts as steps of their length. */
export interface WakeTrace {
  readonly points: readonly { readonly seconds: number; readonly milliamps: number; readonly cause: string }[];
  readonly seconds: number;
}

/** The life model brings its own, which follows charge and temperature. */
const NOT_LOADS = new Set(["self-discharge"]);

interface Stretch {
  readonly kind: WakeKind;
  readonly level: number;
  readonly seconds: number;
  readonly awakeSeconds: number;
  readonly joules: Map<string, number>;
  readonly peakAmps: number;
}

/** Watches one run; `sample()` afterwards says what it saw. */
export class LoadProbe {
  #rig: Rig | undefined;
  #stretches: Stretch[] = [];
  #asleepWatts: { readonly joules: Map<string, number>; readonly seconds: number }[] = [];
  #began: { readonly at: number; readonly causes: Map<string, number> } | undefined;
  #sleeps: { readonly at: number; readonly causes: Map<string, number> } | undefined;
  #level = 0;
  #boots = 0;
  #peakAmps = 0;
  #points: { seconds: number; milliamps: number; cause: string; burst: number }[] = [];
  #wake: WakeTrace | undefined;
  #reports = 0;

  /** For `RunOptions.probe`. */
  readonly attach = (rig: Rig): ((signal: string, value: string | number) => void) => {
    this.#rig = rig;
    rig.ledger.listener = ({ amps, cause, seconds }) => {
      if (amps > this.#peakAmps) this.#peakAmps = amps;
      if (!this.#wake && this.#boots > 1)
        this.#points.push({ seconds: rig.clock.now, milliamps: amps * 1e3, cause, burst: seconds });
    };
    return (signal, value) => {
      if (signal === "network.coverage level") this.#level = Number(value);
      if (signal !== "mcu") return;
      if (value === "booting") this.#begin();
      else if (value === "asleep") this.#sleeps = { at: rig.clock.now, causes: rig.ledger.causes() };
    };
  };

  #begin(): void {
    const { clock, ledger } = this.#rig!;
    const now = { at: clock.now, causes: ledger.causes() };
    const [began, sleeps] = [this.#began, this.#sleeps];
    if (began && sleeps) {
      const joules = difference(now.causes, began.causes);
      const sent = (joules.get("modem: transmit") ?? 0) + (joules.get("modem: attach") ?? 0) > 0;
      const kind = this.#stretches.length === 0 ? "start" : sent ? "report" : "sample";
      if (kind === "sample")
        this.#asleepWatts.push({ joules: difference(now.causes, sleeps.causes), seconds: now.at - sleeps.at });
      this.#stretches.push({
        kind,
        level: sent ? this.#level : 0,
        seconds: now.at - began.at,
        awakeSeconds: sleeps.at - began.at,
        joules,
        peakAmps: this.#peakAmps,
      });
      if (kind === "report" && ++this.#reports === 2) this.#wake = traceOf(this.#points, began.at, now.at);
    }
    this.#began = now;
    this.#sleeps = undefined;
    this.#peakAmps = 0;
    this.#points = [];
    this.#boots++;
  }

  sample(): LoadSample {
    const { ledger } = this.#rig!;
    const asleep = total(this.#asleepWatts.map(({ joules }) => joules));
    const asleepSeconds = this.#asleepWatts.reduce((sum, { seconds }) => sum + seconds, 0);
    const rest = scaled(asleep, asleepSeconds > 0 ? 1 / asleepSeconds : 0);
    const groups = new Map<string, Stretch[]>();
    for (const stretch of this.#stretches) {
      const key = `${stretch.kind} ${stretch.level}`;
      groups.set(key, [...(groups.get(key) ?? []), stretch]);
    }
    const classes = [...groups.values()].map((group): WakeClass => {
      const seconds = mean(group.map((stretch) => stretch.seconds));
      const joules = scaled(total(group.map((stretch) => stretch.joules)), 1 / group.length);
      return {
        kind: group[0]!.kind,
        level: group[0]!.level,
        count: group.length,
        joules: Object.fromEntries(
          Object.entries(joules).map(([cause, value]) => [cause, value - (rest[cause] ?? 0) * seconds]),
        ),
        peakMilliamps: Math.max(...group.map(({ peakAmps }) => peakAmps)) * 1e3,
        awakeSeconds: mean(group.map(({ awakeSeconds }) => awakeSeconds)),
      };
    });
    return {
      seconds: this.#stretches.reduce((sum, stretch) => sum + stretch.seconds, 0),
      rest,
      classes,
      standing: ["regulator quiescent", ...(ledger.supply.resistors ?? []).map(({ cause }) => cause)],
      volts: ledger.batteryJoules() / ledger.batteryCoulombs(),
      wake: this.#wake,
    };
  }
}

/** Bursts are booked at once; here each follows the burst before it, as long as it lasts. */
function traceOf(
  changes: readonly { seconds: number; milliamps: number; cause: string; burst: number }[],
  from: number,
  until: number,
): WakeTrace {
  const points: { seconds: number; milliamps: number; cause: string }[] = [];
  let level = { milliamps: 0, cause: "asleep" };
  let free = 0;
  for (const { seconds, milliamps, cause, burst } of changes) {
    if (burst === 0) {
      level = { milliamps, cause };
      if (seconds >= free) points.push({ seconds: seconds - from, ...level });
      continue;
    }
    const begin = Math.max(seconds, free);
    free = begin + burst;
    points.push({ seconds: begin - from, milliamps, cause }, { seconds: free - from, ...level });
  }
  // what lasts is how long it stays at rest: only its beginning is shown
  const lastBusy = points.findLast(({ milliamps }) => milliamps > 1);
  const end = Math.min(until - from, (lastBusy?.seconds ?? 0) + 15);
  points.push({ seconds: end, ...level });
  return { points: points.filter(({ seconds }) => seconds <= end).sort((a, b) => a.seconds - b.seconds), seconds: end };
}

function difference(now: Map<string, number>, before: Map<string, number>): Map<string, number> {
  const joules = new Map<string, number>();
  for (const [cause, value] of now) if (!NOT_LOADS.has(cause)) joules.set(cause, value - (before.get(cause) ?? 0));
  return joules;
}

function total(maps: readonly Map<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const map of maps) for (const [cause, value] of map) sums[cause] = (sums[cause] ?? 0) + value;
  return sums;
}

const scaled = (of: Record<string, number>, factor: number): Record<string, number> =>
  Object.fromEntries(Object.entries(of).map(([cause, value]) => [cause, value * factor]));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
