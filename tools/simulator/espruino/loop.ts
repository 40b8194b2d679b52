/**
 * The interpreter's loop and its time. Each turn looks at input first, then runs every timer that is due, then what was
 * queued (promises, emitted events). Natives spend virtual time in the middle of a turn; the device may end there.
 */
import type { Alarm, Clock } from "../clock.ts";
import { type Callback, HALT } from "./machine.ts";
import type { Realm } from "./realm.ts";
import type { Timers } from "./timers.ts";

/** A turn may ask for the time or a pin this often before time moves on: busy-waiting must end. */
const FREE_SPINS = 1000;
/** Then each time takes this long (order of one interpreted call). */
const SPIN_US = 10;
/** A turn that spins on for longer (50 s) never ends. */
const MAX_SPINS = 5_000_000;

export interface LoopOwner {
  /** True while the program may run. */
  readonly running: boolean;
  readonly timers: Timers | undefined;
  readonly realm: Realm | undefined;
  /** Microseconds that code has computed since the last call; 0 when that is not metered. */
  takeWorkUs(): number;
  /** Computing begins or has ended, for the current that it draws. */
  worked(isWorking: boolean): void;
  /** The program does not come back. */
  hang(): void;
  uncaught(error: unknown): void;
  /** A turn has ended, and the device is still there. */
  idle(): void;
}

interface Event {
  readonly run: Callback;
  readonly self: unknown;
  readonly args: readonly unknown[];
}

export class Loop {
  readonly #clock: Clock;
  readonly #owner: LoopOwner;
  #alarm: Alarm | undefined;
  #input: (() => void)[] = [];
  #events: Event[] = [];
  /** Calls into device code; `#dead` while the device of those calls is gone. */
  #depth = 0;
  #dead = false;
  #turnUs = 0;
  #spins = 0;
  #debtUs = 0;
  readonly #runTurn = (): void => this.#turn();

  constructor(clock: Clock, owner: LoopOwner) {
    this.#clock = clock;
    this.#owner = owner;
  }

  /** Device code is on the stack. */
  get inCode(): boolean {
    return this.#depth > 0;
  }

  /** The turn that is under way belongs to a device that is no more. */
  get dead(): boolean {
    return this.#dead;
  }

  check(): void {
    if (this.#dead) throw HALT;
  }

  /** Lets `us` pass, with whatever the rest of the world does meanwhile. */
  spend(us: number): void {
    if (this.#dead) throw HALT;
    this.#spendWork();
    this.#pass(us);
  }

  /** The time of what was computed passes before anything else does. */
  #spendWork(): void {
    const us = this.#owner.takeWorkUs();
    if (!us) return;
    this.#owner.worked(true);
    this.#pass(us);
    this.#owner.worked(false);
  }

  #pass(us: number): void {
    const clock = this.#clock;
    const whole = Math.floor((this.#debtUs += us));
    if (whole < 1) return;
    this.#debtUs -= whole;
    const untilUs = clock.nowUs + whole;
    while (clock.nextUs <= untilUs) {
      clock.runUntil(clock.nextUs);
      if (this.#dead) throw HALT;
    }
    clock.runUntil(untilUs);
  }

  /** Brings the time up to what was computed. Where that is not metered, a turn that waits for time to pass gets some. */
  spendCpu(): void {
    if (this.#dead) throw HALT;
    this.#spendWork();
    if (++this.#spins <= FREE_SPINS) return;
    if (this.#spins > MAX_SPINS) {
      this.#owner.hang();
      throw HALT;
    }
    this.spend(SPIN_US);
  }

  post(event: () => void): void {
    this.#input.push(event);
    if (this.#depth === 0) this.#arm();
  }

  queue(run: Callback, self: unknown, args: readonly unknown[]): void {
    this.spendCpu();
    this.#events.push({ run, self, args });
  }

  call(run: unknown, self: unknown, args: readonly unknown[]): unknown {
    this.#depth++;
    try {
      const result =
        typeof run === "string"
          ? this.#owner.realm?.run(run, "event")
          : (run as Callback).apply(self, args as unknown[]);
      if (!this.#dead) this.#spendWork();
      return result;
    } catch (error) {
      if (error !== HALT && !this.#dead) this.#owner.uncaught(error);
      return undefined;
    } finally {
      this.#depth--;
    }
  }

  /** Runs `work` as a turn of its own: the boot code. */
  enter(work: () => void): void {
    this.#depth++;
    this.#turnUs = this.#clock.nowUs;
    this.#spins = 0;
    try {
      work();
    } finally {
      this.#leave();
    }
  }

  /** The clock was set, or stood still for the program: timers count from now on, and lose what has passed in this turn. */
  rebase(): void {
    this.#owner.timers?.postpone(this.#clock.nowUs - this.#turnUs);
    this.#turnUs = this.#clock.nowUs;
  }

  /** Forgets everything; a turn that is under way ends at its next native. */
  drop(): void {
    this.stop();
    this.#input = [];
    this.#events = [];
    this.#debtUs = 0;
  }

  /** No further turn. */
  stop(): void {
    this.#dead = this.#depth > 0;
    this.#clock.cancel(this.#alarm);
    this.#alarm = undefined;
  }

  /** After the stack was torn down from outside. */
  abandon(): void {
    this.#depth = 0;
    this.#dead = false;
  }

  #turn(): void {
    this.#alarm = undefined;
    if (!this.#owner.running || this.#depth > 0) return;
    this.#depth++;
    try {
      do {
        this.#turnUs = this.#clock.nowUs;
        this.#spins = 0;
        this.#takeInput();
        if (!this.#dead) this.#owner.timers?.runDue(this.#turnUs);
        if (!this.#dead) this.#runEvents();
      } while (!this.#dead && this.#nextUs() <= this.#clock.nowUs);
    } finally {
      this.#leave();
    }
  }

  #takeInput(): void {
    if (!this.#input.length) return;
    const input = this.#input;
    this.#input = [];
    for (const event of input) if (!this.#dead) event();
  }

  #runEvents(): void {
    if (!this.#events.length) return;
    for (let at = 0; at < this.#events.length && !this.#dead; at++) {
      const { run, self, args } = this.#events[at]!;
      this.call(run, self, args);
    }
    this.#events = [];
  }

  #leave(): void {
    if (--this.#depth > 0) return;
    this.#dead = false;
    if (!this.#owner.running) return;
    this.#owner.idle();
    this.#arm();
  }

  #nextUs(): number {
    return this.#input.length || this.#events.length ? this.#clock.nowUs : (this.#owner.timers?.nextUs ?? Infinity);
  }

  #arm(): void {
    const atUs = this.#nextUs();
    const old = this.#alarm;
    if (old) {
      if (old.atUs === atUs) return;
      this.#clock.cancel(old);
      this.#alarm = undefined;
    }
    if (atUs < Infinity) this.#alarm = this.#clock.at(atUs, this.#runTurn);
  }
}
