/**
 * `setTimeout` and its family. Timers that are due run in the order in which they were made, not in the order in which
 * they fell due; an interval keeps its phase and catches up after something blocked.
 */
import { toFloat } from "./data.ts";
import type { Machine, Peripheral } from "./machine.ts";

const MIN_MS = 0.1;
const MAX_MS = 3153600000000;

export interface Timer {
  readonly id: number;
  dueUs: number;
  intervalUs: number | undefined;
  /** A function or text of the device, or the simulator's own (a debounced watch). */
  readonly run: unknown;
  readonly args: readonly unknown[];
  readonly internal: boolean;
}

export class Timers implements Peripheral {
  readonly globals: Readonly<Record<string, unknown>>;
  readonly #machine: Machine;
  #timers: Timer[] = [];
  #changed = false;
  #nextUs: number | undefined = Infinity;

  constructor(machine: Machine) {
    this.#machine = machine;
    const { realm } = machine;
    const clear = (name: string) => {
      return (...ids: unknown[]): void => {
        if (ids.length === 0) this.#keep((timer) => timer.internal);
        else if (ids[0] === undefined)
          throw new realm.Error(`clear${name}(undefined) not allowed. Use clear${name}() instead`);
        else this.#keep((timer) => timer.id !== ids[0]);
      };
    };
    this.globals = {
      setTimeout: (run: unknown, ms: unknown, ...args: unknown[]) => this.#start(run, ms, args, false),
      setInterval: (run: unknown, ms: unknown, ...args: unknown[]) => this.#start(run, ms, args, true),
      clearTimeout: clear("Timeout"),
      clearInterval: clear("Interval"),
      changeInterval: (id: unknown, ms: unknown) => {
        const timer = this.#timers.find((other) => other.id === id);
        if (!timer) throw new realm.Error("Unknown Interval");
        timer.intervalUs = Math.trunc(Math.max(toFloat(ms), MIN_MS) * 1000);
        timer.dueUs = machine.clock.nowUs + timer.intervalUs;
        this.#touch();
      },
    };
  }

  /** When the next timer is due; Infinity without one. */
  get nextUs(): number {
    if (this.#nextUs === undefined) {
      let next = Infinity;
      for (const timer of this.#timers) if (timer.dueUs < next) next = timer.dueUs;
      this.#nextUs = next;
    }
    return this.#nextUs;
  }

  /** Runs what is due at `nowUs`. */
  runDue(nowUs: number): void {
    if (this.nextUs > nowUs) return;
    do {
      this.#changed = false;
      const timers = this.#timers;
      for (let i = 0; i < timers.length && !this.#changed;) {
        const timer = timers[i]!;
        if (timer.dueUs > nowUs) {
          i++;
          continue;
        }
        this.#machine.call(timer.run, undefined, timer.args);
        this.#nextUs = undefined;
        if (timer.intervalUs !== undefined) timer.dueUs += timer.intervalUs;
        else if (this.#timers === timers) {
          const at = timers.indexOf(timer);
          if (at >= 0) timers.splice(at, 1);
          continue;
        } else this.#timers = this.#timers.filter((other) => other !== timer);
        i++;
      }
    } while (this.#changed);
  }

  /** All timers fire later by this much: the clock was set, or the chip was in light sleep. */
  postpone(us: number): void {
    for (const timer of this.#timers) timer.dueUs += us;
    this.#nextUs = undefined;
  }

  /** A timer of the simulator's own. */
  after(us: number, run: () => void): Timer {
    return this.#add(run, us, [], undefined, true);
  }

  cancel(timer: Timer): void {
    this.#keep((other) => other !== timer);
  }

  drop(): void {
    this.#timers = [];
    this.#nextUs = Infinity;
    this.#changed = true;
  }

  #start(run: unknown, ms: unknown, args: unknown[], repeat: boolean): number {
    const machine = this.#machine;
    machine.check();
    if (typeof run !== "function" && typeof run !== "string")
      throw new machine.realm.Error("Function or String not supplied!");
    let wait = toFloat(ms);
    if (!(wait >= MIN_MS)) wait = MIN_MS;
    if (wait > MAX_MS) throw new machine.realm.Error("Interval is too long (>100 years)");
    const us = Math.trunc(wait * 1000);
    return this.#add(run, us, args, repeat ? us : undefined, false).id;
  }

  #add(run: unknown, us: number, args: readonly unknown[], intervalUs: number | undefined, internal: boolean): Timer {
    const dueUs = this.#machine.clock.nowUs + us;
    const timer = { id: (this.#timers.at(-1)?.id ?? 0) + 1, dueUs, intervalUs, run, args, internal };
    this.#timers.push(timer);
    this.#touch();
    return timer;
  }

  #keep(test: (timer: Timer) => boolean): void {
    this.#timers = this.#timers.filter(test);
    this.#touch();
  }

  #touch(): void {
    this.#changed = true;
    this.#nextUs = undefined;
  }
}
