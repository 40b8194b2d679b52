/**
 * Every coulomb that leaves the battery, booked under the cause that drew it. One supply rail behind a
 * regulator: battery current = rail current (times a ratio, when the regulator switches) + the regulator's quiescent
 * current, so a load's cause carries its energy at the rail and the cause "regulator" carries the rest. What the battery lost is integrated separately, from the
 * total current, and must equal the sum of the causes.
 */
import type { Clock } from "../clock.ts";
import { CompensatedSum } from "./sum.ts";

export interface Supply {
  readonly batteryVolts: number;
  readonly railVolts: number;
  readonly quiescentAmps: number;
  /** Ampere at the battery per ampere at the rail: 1 for a linear regulator (default), less or more for a switching one. */
  readonly currentRatio?: number;
  /** Lost inside the cell whatever the node does. */
  readonly selfDischargeAmps: number;
}

/** One consumer's current draw. */
export interface Meter {
  /** From now on the consumer draws `amps` at the rail, for `cause`. */
  set(amps: number, cause: string): void;
  /** A short burst, booked as charge at the rail. */
  pulse(coulombs: number, cause: string): void;
}

/** Causes that the ledger itself books. */
const ownCauses = ["regulator", "self-discharge"];

export class Ledger {
  readonly #clock: Clock;
  readonly #supply: Supply;
  /** Joules at the rail by cause. */
  readonly #accounts = new Map<string, CompensatedSum>();
  readonly #meters: LoadMeter[] = [];
  /** Coulombs out of the battery through all loads together: integrated on its own, not the sum of the accounts. */
  readonly #loadCoulombs = new CompensatedSum();
  #railAmps = 0;
  #loadFromUs = 0;

  constructor(clock: Clock, supply: Supply) {
    this.#clock = clock;
    this.#supply = supply;
  }

  meter(): Meter {
    const { railVolts } = this.#supply;
    const changing = (): void => this.#settleLoads();
    const changed = (): void => {
      // Summed afresh: a few loads are quickly added, and the sum keeps no rounding of earlier changes.
      let amps = 0;
      for (const meter of this.#meters) amps += meter.amps;
      this.#railAmps = amps;
    };
    const burst = (coulombs: number): void => this.#loadCoulombs.add(coulombs);
    const meter = new LoadMeter(this.#clock, railVolts, (cause) => this.#account(cause), { changing, changed, burst });
    this.#meters.push(meter);
    return meter;
  }

  /** Current out of the battery now, in ampere. */
  get batteryAmps(): number {
    return (
      this.#railAmps * (this.#supply.currentRatio ?? 1) + this.#supply.quiescentAmps + this.#supply.selfDischargeAmps
    );
  }

  /** Joules at the battery by cause, up to now, largest first. */
  causes(): Map<string, number> {
    for (const meter of this.#meters) meter.settle();
    const { batteryVolts, railVolts, quiescentAmps, selfDischargeAmps, currentRatio = 1 } = this.#supply;
    const seconds = this.#clock.now;
    let railJoules = 0;
    for (const account of this.#accounts.values()) railJoules += account.value;
    const joules = new Map([...this.#accounts].map(([cause, account]) => [cause, account.value]));
    joules.set(
      "regulator",
      (railJoules / railVolts) * (currentRatio * batteryVolts - railVolts) + quiescentAmps * batteryVolts * seconds,
    );
    joules.set("self-discharge", selfDischargeAmps * batteryVolts * seconds);
    return new Map([...joules].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
  }

  /** Joules that the battery has lost up to now, integrated from its total current. */
  batteryJoules(): number {
    this.#settleLoads();
    const { batteryVolts, quiescentAmps, selfDischargeAmps, currentRatio = 1 } = this.#supply;
    return (
      (this.#loadCoulombs.value * currentRatio + (quiescentAmps + selfDischargeAmps) * this.#clock.now) * batteryVolts
    );
  }

  #settleLoads(): void {
    const nowUs = this.#clock.nowUs;
    if (nowUs === this.#loadFromUs) return;
    this.#loadCoulombs.add(this.#railAmps * ((nowUs - this.#loadFromUs) / 1e6));
    this.#loadFromUs = nowUs;
  }

  #account(cause: string): CompensatedSum {
    let account = this.#accounts.get(cause);
    if (!account) {
      if (ownCauses.includes(cause)) throw new RangeError(`"${cause}" is booked by the ledger itself`);
      this.#accounts.set(cause, (account = new CompensatedSum()));
    }
    return account;
  }
}

/** What the ledger does around a change of one consumer's current. */
interface Load {
  changing(): void;
  changed(): void;
  burst(coulombs: number): void;
}

class LoadMeter implements Meter {
  amps = 0;
  #cause = "";
  #account: CompensatedSum | undefined;
  #fromUs: number;

  constructor(
    private readonly clock: Clock,
    private readonly railVolts: number,
    private readonly account: (cause: string) => CompensatedSum,
    private readonly load: Load,
  ) {
    this.#fromUs = clock.nowUs;
  }

  set(amps: number, cause: string): void {
    if (!(amps >= 0 && amps < Infinity)) throw new RangeError(`${cause}: a current of ${amps} A`);
    this.settle();
    if (cause !== this.#cause || !this.#account) {
      this.#account = this.account(cause);
      this.#cause = cause;
    }
    if (amps === this.amps) return;
    this.load.changing();
    this.amps = amps;
    this.load.changed();
  }

  pulse(coulombs: number, cause: string): void {
    if (!(coulombs >= 0 && coulombs < Infinity)) throw new RangeError(`${cause}: a charge of ${coulombs} C`);
    this.account(cause).add(coulombs * this.railVolts);
    this.load.burst(coulombs);
  }

  /** Books the charge drawn since the last change. */
  settle(): void {
    const nowUs = this.clock.nowUs;
    if (nowUs === this.#fromUs) return;
    this.#account?.add(this.amps * this.railVolts * ((nowUs - this.#fromUs) / 1e6));
    this.#fromUs = nowUs;
  }
}
