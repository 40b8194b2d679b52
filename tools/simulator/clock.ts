/** Virtual time in whole microseconds since the start of the run, and the alarms set on it. */
export interface Alarm {
  readonly atUs: number;
  readonly run: () => void;
  /** Alarms of the same microsecond run in the order in which they were set. */
  readonly order: number;
  cancelled: boolean;
}

export class Clock {
  #nowUs = 0;
  #order = 0;
  /** Sorted, next alarm last. A device has a handful of alarms at a time, so insertion beats a heap. */
  readonly #alarms: Alarm[] = [];

  get nowUs(): number {
    return this.#nowUs;
  }

  /** Seconds since the start of the run. */
  get now(): number {
    return this.#nowUs / 1e6;
  }

  /** Runs `run` at `atUs`, or at once (in the next `runUntil`) when that has passed. */
  at(atUs: number, run: () => void): Alarm {
    if (!(atUs >= 0)) throw new RangeError(`alarm at ${atUs} µs: expected a time in microseconds`);
    const alarm: Alarm = { atUs: Math.max(Math.round(atUs), this.#nowUs), run, order: this.#order++, cancelled: false };
    const alarms = this.#alarms;
    let index = alarms.length;
    while (index > 0 && alarms[index - 1]!.atUs <= alarm.atUs) index--;
    alarms.splice(index, 0, alarm);
    return alarm;
  }

  after(delayUs: number, run: () => void): Alarm {
    return this.at(this.#nowUs + delayUs, run);
  }

  cancel(alarm: Alarm | undefined): void {
    if (!alarm || alarm.cancelled) return;
    alarm.cancelled = true;
    const index = this.#alarms.indexOf(alarm);
    if (index >= 0) this.#alarms.splice(index, 1);
  }

  /** Time of the next alarm; Infinity when none is set. */
  get nextUs(): number {
    return this.#alarms[this.#alarms.length - 1]?.atUs ?? Infinity;
  }

  /** Jumps from alarm to alarm up to and including `untilUs`, and leaves the time there. */
  runUntil(untilUs: number): void {
    for (
      let next = this.#alarms[this.#alarms.length - 1];
      next && next.atUs <= untilUs;
      next = this.#alarms[this.#alarms.length - 1]
    ) {
      this.#alarms.pop();
      if (next.atUs > this.#nowUs) this.#nowUs = next.atUs;
      next.cancelled = true;
      next.run();
    }
    if (untilUs > this.#nowUs) this.#nowUs = untilUs;
  }
}
