/**
 * Every coulomb that leaves the battery, booked under the cause that drew it. One supply rail behind a regulator: battery
 * current = rail current (times a ratio that may depend on it, when the regulator switches) + what always flows. A load's
 * cause carries its energy at the rail, the cause "regulator" what the conversion loses, and each current that always flows
 * (the regulator's own, dividers, self-discharge) has a cause of its own. The battery's voltage may change from time to time;
 * each stretch between is booked at its own. What the battery lost is integrated separately, from the total current, and must
 * equal the sum of the causes.
 */
import type { Clock } from "../clock.ts";
import { CompensatedSum } from "./sum.ts";

export interface Supply {
  readonly batteryVolts: number;
  readonly railVolts: number;
  readonly quiescentAmps: number;
  /** Ampere at the battery per ampere at the rail: 1 for a linear regulator (default), less or more for a switching one. */
  readonly currentRatio?: number;
  /** Times the ratio, at a current at the rail (1 without it): a converter's efficiency depends on its load. */
  readonly ratioFactor?: (railAmps: number) => number;
  /** Dividers and the like: a cause, and its current out of the battery at a voltage. */
  readonly resistors?: readonly { readonly cause: string; readonly amps: (batteryVolts: number) => number }[];
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

/** Causes that the ledger itself books, and those of resistors. */
const ownCauses = ["regulator", "regulator quiescent", "self-discharge"];

export class Ledger {
  readonly #clock: Clock;
  #supply: Supply;
  /** Joules at the rail by cause. */
  readonly #accounts = new Map<string, CompensatedSum>();
  readonly #meters: LoadMeter[] = [];
  /** Coulombs at the rail through all loads together: integrated on its own, not the sum of the accounts. */
  #loadCoulombs = new CompensatedSum();
  /** What a load-dependent ratio adds to that in the present stretch. */
  #extraCoulombs = new CompensatedSum();
  #railAmps = 0;
  #loadFromUs = 0;
  /** What the stretches before the present supply have left. */
  readonly #regulatorJoules = new CompensatedSum();
  readonly #standingJoules = new Map<string, CompensatedSum>();
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
      this.#convertBurst(coulombs, seconds);
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
    const { currentRatio = 1, ratioFactor } = this.#supply;
    const factor = ratioFactor ? ratioFactor(this.#railAmps) : 1;
    return this.#railAmps * currentRatio * factor + this.#standingAmps();
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
    const { batteryVolts } = this.#supply;
    this.#regulatorJoules.add(this.#converted(railJoules - this.#pastRailJoules));
    this.#standing((cause, amps) => this.#standingAccount(cause).add(amps * batteryVolts * seconds));
    const coulombs = this.#coulombs(seconds);
    this.#pastCoulombs.add(coulombs);
    this.#pastJoules.add(coulombs * batteryVolts);
    this.#pastRailJoules = railJoules;
    this.#loadCoulombs = new CompensatedSum();
    this.#extraCoulombs = new CompensatedSum();
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
    this.#settleLoads();
    const { batteryVolts } = this.#supply;
    const seconds = this.#clock.now - this.#supplyFrom;
    const joules = new Map([...this.#accounts].map(([cause, account]) => [cause, account.value]));
    const converted = this.#converted(this.#railJoules() - this.#pastRailJoules);
    joules.set("regulator", this.#regulatorJoules.value + converted);
    this.#standing((cause, amps) =>
      joules.set(cause, this.#standingAccount(cause).value + amps * batteryVolts * seconds),
    );
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
    const { currentRatio = 1 } = this.#supply;
    return (this.#loadCoulombs.value + this.#extraCoulombs.value) * currentRatio + this.#standingAmps() * seconds;
  }

  /** Currents that flow whatever the node does. */
  #standing(visit: (cause: string, amps: number) => void): void {
    const { quiescentAmps, selfDischargeAmps, resistors, batteryVolts } = this.#supply;
    if (quiescentAmps > 0) visit("regulator quiescent", quiescentAmps);
    visit("self-discharge", selfDischargeAmps);
    if (resistors) for (const { cause, amps } of resistors) visit(cause, amps(batteryVolts));
  }

  #standingAmps(): number {
    let sum = 0;
    this.#standing((_, amps) => (sum += amps));
    return sum;
  }

  #standingAccount(cause: string): CompensatedSum {
    let account = this.#standingJoules.get(cause);
    if (!account) this.#standingJoules.set(cause, (account = new CompensatedSum()));
    return account;
  }

  /** A burst makes the converter better or worse for everything that flows meanwhile. */
  #convertBurst(coulombs: number, seconds: number): void {
    const { ratioFactor } = this.#supply;
    if (!ratioFactor) return;
    const extra = (amps: number): number => amps * (ratioFactor(amps) - 1);
    const alone = this.#railAmps;
    this.#extraCoulombs.add(
      seconds > 0 ? (extra(alone + coulombs / seconds) - extra(alone)) * seconds : coulombs * (ratioFactor(alone) - 1),
    );
  }

  #railJoules(): number {
    let joules = 0;
    for (const account of this.#accounts.values()) joules += account.value;
    return joules;
  }

  /** What the conversion loses of so many joules at the rail in the present stretch. */
  #converted(railJoules: number): number {
    const { batteryVolts, railVolts, currentRatio = 1 } = this.#supply;
    const lost = (railJoules / railVolts) * (currentRatio * batteryVolts - railVolts);
    return lost + this.#extraCoulombs.value * currentRatio * batteryVolts;
  }

  #settleLoads(): void {
    const nowUs = this.#clock.nowUs;
    if (nowUs === this.#loadFromUs) return;
    const coulombs = this.#railAmps * ((nowUs - this.#loadFromUs) / 1e6);
    this.#loadCoulombs.add(coulombs);
    const { ratioFactor } = this.#supply;
    if (ratioFactor) this.#extraCoulombs.add(coulombs * (ratioFactor(this.#railAmps) - 1));
    this.#loadFromUs = nowUs;
  }

  #account(cause: string): CompensatedSum {
    let account = this.#accounts.get(cause);
    if (!account) {
      if (ownCauses.includes(cause) || this.#supply.resistors?.some((resistor) => resistor.cause === cause))
        throw new RangeError(`"${cause}" is booked by the ledger itself`);
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
