/** The task watchdog: restarts the chip when the loop, or with `isAuto` off the program, has not kicked it in time. */
import type { Alarm, Clock } from "../clock.ts";

export class Watchdog {
  readonly #clock: Clock;
  readonly #bite: () => void;
  #limitUs = 0;
  #alarm: Alarm | undefined;
  #kickedUs = 0;
  /** Kicked by the idle loop. */
  auto = false;

  constructor(clock: Clock, bite: () => void) {
    this.#clock = clock;
    this.#bite = bite;
  }

  get enabled(): boolean {
    return this.#limitUs > 0;
  }

  /** Whole seconds; 1 when the number makes no sense. */
  enable(seconds: number, auto: boolean): void {
    this.disable();
    this.#limitUs = Math.max(1, Math.round(seconds >= 0 ? seconds : 1)) * 1e6;
    this.auto = auto;
    this.kick();
    this.#arm();
  }

  kick(): void {
    this.#kickedUs = this.#clock.nowUs;
  }

  disable(): void {
    this.#clock.cancel(this.#alarm);
    this.#alarm = undefined;
    this.#limitUs = 0;
  }

  /** While it waits, the idle loop kicks an automatic watchdog without being run for it. */
  idle: () => boolean = () => false;

  #arm(): void {
    this.#alarm = this.#clock.at(this.#kickedUs + this.#limitUs, () => {
      if (this.auto && this.idle()) this.kick();
      if (this.#clock.nowUs - this.#kickedUs >= this.#limitUs) this.#bite();
      else this.#arm();
    });
  }
}
