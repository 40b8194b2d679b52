/**
 * Every coulomb that leaves the battery, booked under the cause that drew it. One supply rail behind a regulator: battery
 * current = rail current (times a ratio, when the regulator switches) + the regulator's quiescent current, so a load's
 * cause carries its energy at the rail and the cause "regulator" carries the rest. The battery's voltage may change from
 * time to time; each stretch between is booked at its own. What the battery lost is integrated separately, from the total
 * current, and must equal the sum of the causes.
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
  /** A burst, booked at once as charge at the rail. How long it lasts says how deep the battery's voltage sags. */
  pulse(coulombs: number, cause: string, seconds?: number): void;
}

/** A current at the rail above the limit that somebody watches: all loads together, and what made it so. */
export interface Peak {
  readonly amps: number;
  readonly cause: string;
  /** Of the burst that comes on top of the currents; 0 without one. */
  readonly seconds: number;
}

/** Causes that the ledger itself books. */
const ownCauses = ["regulator", "self-discharge"];

export class Ledger {
  readonly #clock: Clock;
  #supply: Supply;
  /** Joules at the rail by cause. */
  readonly #accounts = new Map<string, CompensatedSum>();
  readonly #meters: LoadMeter[] = [];
  /** Coulombs at the rail through all loads together: integrated on its own, not the sum of the accounts. */
  #loadCoulombs = new CompensatedSum();
  #railAmps = 0;
  #loadFromUs = 0;
  /** What the stretches before the present supply have left. */
  readonly #regulatorJoules = new CompensatedSum();
  readonly #selfDischargeJoules = new CompensatedSum();
  readonly #pastJoules = new CompensatedSum();
  readonly #pastCoulombs = new CompensatedSum();
  #pastRailJoules = 0;
  #supplyFrom = 0;
  #peakAmps = 0;
  #limitAmps = Infinity;
  #watcher: ((peak: Peak) => void) | undefined;
  /** Hears every current and burst; for plots. */
  listener: ((change: Peak) => void) | undefined;
  readonly #factorOf: ((cause: string) => number) | undefined;

  /** @param factorOf how much more than its figures say a cause draws on this very node; 1 for all without it */
  constructor(clock: Clock, supply: Supply, factorOf?: (cause: string) => number) {
    this.#clock = clock;
    this.#supply = supply;
    this.#factorOf = factorOf;
  }

  meter(): Meter {
    const { railVolts } = this.#supply;
    const changing = (): void => this.#settleLoads();
    const peak = (amps: number, cause: string, seconds: number): void => {
      if (amps > this.#peakAmps) this.#peakAmps = amps;
      this.listener?.({ amps, cause, seconds });
      if (amps > this.#limitAmps) this.#watcher?.({ amps, cause, seconds });
    };
    const changed = (cause: string): void => {
      // Summed afresh: a few loads are quickly added, and the sum keeps no rounding of earlier changes.
      let amps = 0;
      for (const meter of this.#meters) amps += meter.amps;
      this.#railAmps = amps;
      peak(amps, cause, 0);
    };
    const burst = (coulombs: number, cause: string, seconds: number): void => {
      this.#loadCoulombs.add(coulombs);
      if (seconds > 0) peak(this.#railAmps + coulombs / seconds, cause, seconds);
    };
    const meter = new LoadMeter(this.#clock, railVolts, (cause) => this.#account(cause), { changing, changed, burst });
    this.#meters.push(meter);
    const factorOf = this.#factorOf;
    if (!factorOf) return meter;
    return {
      set: (amps, cause) => meter.set(amps * factorOf(cause), cause),
      pulse: (coulombs, cause, seconds) => meter.pulse(coulombs * factorOf(cause), cause, seconds),
    };
  }

  /** All loads together, in ampere at the rail. */
  get railAmps(): number {
    return this.#railAmps;
  }

  /** Current out of the battery now, in ampere. */
  get batteryAmps(): number {
    const { currentRatio = 1, quiescentAmps, selfDischargeAmps } = this.#supply;
    return this.#railAmps * currentRatio + quiescentAmps + selfDischargeAmps;
  }

  get supply(): Supply {
    return this.#supply;
  }

  /** From now on the battery has another voltage, or loses more inside. The rail's voltage stays. */
  changeSupply(change: Partial<Omit<Supply, "railVolts">>): void {
    this.#settleLoads();
    for (const meter of this.#meters) meter.settle();
    const railJoules = this.#railJoules();
    const seconds = this.#clock.now - this.#supplyFrom;
    const { batteryVolts, selfDischargeAmps } = this.#supply;
    this.#regulatorJoules.add(this.#regulated(railJoules - this.#pastRailJoules, seconds));
    this.#selfDischargeJoules.add(selfDischargeAmps * batteryVolts * seconds);
    const coulombs = this.#coulombs(seconds);
    this.#pastCoulombs.add(coulombs);
    this.#pastJoules.add(coulombs * batteryVolts);
    this.#pastRailJoules = railJoules;
    this.#loadCoulombs = new CompensatedSum();
    this.#supplyFrom = this.#clock.now;
    this.#supply = { ...this.#supply, ...change };
  }

  /** `told` hears of every moment at which all loads together draw more than `limitAmps` at the rail. */
  watchPeaks(limitAmps: number, told: (peak: Peak) => void): void {
    this.#limitAmps = limitAmps;
    this.#watcher = told;
  }

  /** The highest current at the rail since this was last asked. */
  takePeakAmps(): number {
    const peak = this.#peakAmps;
    this.#peakAmps = this.#railAmps;
    return peak;
  }

  /** Joules at the battery by cause, up to now, largest first. */
  causes(): Map<string, number> {
    for (const meter of this.#meters) meter.settle();
    const { batteryVolts, selfDischargeAmps } = this.#supply;
    const seconds = this.#clock.now - this.#supplyFrom;
    const joules = new Map([...this.#accounts].map(([cause, account]) => [cause, account.value]));
    const regulated = this.#regulated(this.#railJoules() - this.#pastRailJoules, seconds);
    joules.set("regulator", this.#regulatorJoules.value + regulated);
    joules.set("self-discharge", this.#selfDischargeJoules.value + selfDischargeAmps * batteryVolts * seconds);
    return new Map([...joules].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
  }

  /** Joules that the battery has lost up to now, integrated from its total current. */
  batteryJoules(): number {
    this.#settleLoads();
    return this.#pastJoules.value + this.#coulombs(this.#clock.now - this.#supplyFrom) * this.#supply.batteryVolts;
  }

  /** Coulombs that the battery has lost up to now, self-discharge included. */
  batteryCoulombs(): number {
    this.#settleLoads();
    return this.#pastCoulombs.value + this.#coulombs(this.#clock.now - this.#supplyFrom);
  }

  /** Lost in the present stretch. */
  #coulombs(seconds: number): number {
    const { quiescentAmps, selfDischargeAmps, currentRatio = 1 } = this.#supply;
    return this.#loadCoulombs.value * currentRatio + (quiescentAmps + selfDischargeAmps) * seconds;
  }

  #railJoules(): number {
    let joules = 0;
    for (const account of this.#accounts.values()) joules += account.value;
    return joules;
  }

  /** What the regulator takes while so many joules pass the rail in so many seconds. */
  #regulated(railJoules: number, seconds: number): number {
    const { batteryVolts, railVolts, quiescentAmps, currentRatio = 1 } = this.#supply;
    return (
      (railJoules / railVolts) * (currentRatio * batteryVolts - railVolts) + quiescentAmps * batteryVolts * seconds
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
  changed(cause: string): void;
  burst(coulombs: number, cause: string, seconds: number): void;
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
    this.load.changed(cause);
  }

  pulse(coulombs: number, cause: string, seconds = 0): void {
    if (!(coulombs >= 0 && coulombs < Infinity)) throw new RangeError(`${cause}: a charge of ${coulombs} C`);
    this.account(cause).add(coulombs * this.railVolts);
    this.load.burst(coulombs, cause, seconds);
  }

  /** Books the charge drawn since the last change. */
  settle(): void {
    const nowUs = this.clock.nowUs;
    if (nowUs === this.#fromUs) return;
    this.#account?.add(this.amps * this.railVolts * ((nowUs - this.#fromUs) / 1e6));
    this.#fromUs = nowUs;
  }
}
