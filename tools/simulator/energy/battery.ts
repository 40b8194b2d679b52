/**
 * The cell of one run, alive: its charge goes down with what the ledger books and up with what is harvested; its voltage,
 * resistance and self-discharge follow charge and temperature; a bobbin cell grows its film while it rests. When a load
 * pulls it below the chip's brown-out level it says so, long before its charge is gone.
 */
import type { BoardFacts } from "../../../boards/types.ts";
import type { Clock } from "../clock.ts";
import { arrhenius, capacityAmpHours, cellOhms, openVolts, selfDischargeAmps, type Cell } from "./cell.ts";
import type { Ledger, Peak } from "./ledger.ts";
import { feedOf, feedVolts, limitAmps, terminalVolts, type Feed } from "./supply-limits.ts";

export interface Sag {
  readonly atSeconds: number;
  /** What reached the chip. */
  readonly volts: number;
  readonly celsius: number;
  /** At the rail, all loads together. */
  readonly milliamps: number;
  /** The load that came on top. */
  readonly cause: string;
}

export interface BatteryReport {
  /** Charge that is left, 0 to 1. */
  readonly charge: number;
  readonly openVolts: number;
  readonly meanCelsius: number;
  /** Lowest that reached the chip under load. */
  readonly lowestVolts: number;
  readonly brownOuts: number;
  readonly firstBrownOut: Sag | undefined;
  /** Seconds since the start at which the charge was gone. */
  readonly emptyAt: number | undefined;
  /** How often that happened. */
  readonly deaths: number;
  /** Lowest charge, 0 to 1; of the whole run, and of each day. */
  readonly lowestCharge: number;
  readonly lowestByDay: readonly number[];
  /** How long the charge was gone. */
  readonly emptySeconds: number;
  /** Coulombs that went out, self-discharge included; that came in; and that found the cell full. */
  readonly drawn: number;
  readonly harvested: number;
  readonly spilled: number;
  /** Coulombs that a harvester offered in each step of `stepSeconds`: for bounds on what any schedule could use. */
  readonly offered: readonly number[];
  readonly stepSeconds: number;
}

export interface BatteryOptions {
  readonly cell: Cell;
  readonly facts: BoardFacts;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly celsius: () => number;
  /** Mean power that comes in, after the converter, between two virtual times. */
  readonly harvestWatts?: ((fromSeconds: number, toSeconds: number) => number) | undefined;
  /** Charge at the start, 0 to 1. */
  readonly charge?: number;
}

const STEP_S = 3600;
/** Of a capacitor, which an hour of sun may fill. */
const SMALL_STEP_S = 60;
const SMALL_COULOMBS = 1000;
const DAY_S = 86400;
/** With a small capacitor every change above this is looked at. */
const LOOK_AMPS = 5e-3;
/** Charge that a burst may take from the capacitor before it is looked at again. */
const BURST_COULOMBS = 60;
/** A chip that browns out again within its last hold and this is in a loop: each time it is held twice as long. */
const LOOP_US = 2e6;
const FIRST_HOLD_US = 20e3;
const LONGEST_HOLD_US = 3600e6;
/** An empty cell comes back, in the warm or charged, with so much of its charge. */
const BACK_CHARGE = 0.05;

export class Battery {
  readonly #cell: Cell;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #celsius: () => number;
  readonly #harvestWatts: BatteryOptions["harvestWatts"];
  readonly #feed: Feed;
  readonly #fixedVolts: boolean;
  #usedCoulombs = 0;
  #seenCoulombs = 0;
  #seenUs = 0;
  #steppedUs = 0;
  #selfCoulombs = 0;
  #charge = 1;
  #open = 0;
  #ohms = 0;
  #film: number;
  #buffer = 0;
  #temperature = 20;
  #lowest = Infinity;
  #brownOuts = 0;
  #first: Sag | undefined;
  #emptyAt: number | undefined;
  #isEmpty = false;
  #deaths = 0;
  #lowestCharge = 1;
  readonly #lowestByDay: number[] = [];
  #emptySeconds = 0;
  #harvested = 0;
  #spilled = 0;
  readonly #offered: number[] = [];
  readonly #stepSeconds: number;
  #sagging = false;
  #sagUs = -Infinity;
  #holdUs = 0;
  #kelvinSeconds = 0;

  /**
   * The chip's supply sagged below its brown-out level. It is held in reset for `holdUs`: a chip that cannot start goes
   * round in circles and draws its boot current, which may break the film, and empties the cell in the end.
   */
  onBrownOut: (sag: Sag, holdUs: number) => void = () => {};
  /** The charge is gone, or is back. */
  onSupply: (supplied: boolean) => void = () => {};

  constructor({ cell, facts, clock, ledger, celsius, harvestWatts, charge = 1 }: BatteryOptions) {
    this.#cell = cell;
    this.#clock = clock;
    this.#ledger = ledger;
    this.#celsius = celsius;
    this.#harvestWatts = harvestWatts;
    this.#feed = feedOf(facts.power, facts.chip, cell.nominalVolts.value);
    this.#fixedVolts = facts.power.regulator.kind === "none";
    // it comes from the shelf
    this.#film = cell.passivation?.ohms.value ?? 0;
    const coulombs = capacityAmpHours(cell, 0) * 3600;
    this.#stepSeconds = coulombs < SMALL_COULOMBS ? SMALL_STEP_S : STEP_S;
    this.#usedCoulombs = (1 - charge) * coulombs;
    this.#temperature = celsius();
    this.#charge = charge;
    this.#buffer = openVolts(cell, charge);
    this.#changed();
    const tick = (): void => {
      this.#step();
      clock.after(this.#stepSeconds * 1e6, tick);
    };
    clock.after(this.#stepSeconds * 1e6, tick);
  }

  /** At the terminals, under the load of this moment. */
  get volts(): number {
    this.#settle();
    return this.#terminals(this.#ledger.railAmps, terminalVolts);
  }

  report(): BatteryReport {
    this.#step();
    return {
      charge: this.#charge,
      openVolts: this.#open,
      meanCelsius: this.#seenUs > 0 ? this.#kelvinSeconds / (this.#seenUs / 1e6) : this.#temperature,
      lowestVolts: this.#lowest,
      brownOuts: this.#brownOuts,
      firstBrownOut: this.#first,
      emptyAt: this.#emptyAt,
      deaths: this.#deaths,
      lowestCharge: this.#lowestCharge,
      lowestByDay: this.#lowestByDay,
      emptySeconds: this.#emptySeconds,
      drawn: this.#seenCoulombs,
      harvested: this.#harvested,
      spilled: this.#spilled,
      offered: this.#offered,
      stepSeconds: this.#stepSeconds,
    };
  }

  #step(): void {
    const seconds = (this.#clock.nowUs - this.#steppedUs) / 1e6;
    this.#steppedUs = this.#clock.nowUs;
    this.#settle();
    this.#grow(seconds);
    this.#harvest(seconds);
    this.#kelvinSeconds += this.#temperature * seconds;
    if (this.#isEmpty) this.#emptySeconds += seconds;
    this.#temperature = this.#celsius();
    const peak = this.#ledger.takePeakAmps();
    this.#changed();
    if (!this.#isEmpty) this.#lowest = Math.min(this.#lowest, this.#terminals(peak, feedVolts));
    const day = Math.max(0, Math.ceil(this.#clock.now / DAY_S) - 1);
    this.#lowestByDay[day] = Math.min(this.#lowestByDay[day] ?? 1, this.#charge);
    this.#judge();
  }

  /** Takes what was drawn since the last time out of cell, capacitor and film. */
  #settle(): void {
    const { nowUs } = this.#clock;
    const coulombs = this.#ledger.batteryCoulombs() - this.#seenCoulombs;
    const seconds = (nowUs - this.#seenUs) / 1e6;
    if (seconds === 0 && coulombs === 0) return;
    this.#seenUs = nowUs;
    this.#seenCoulombs += coulombs;
    this.#usedCoulombs += coulombs;
    const self = this.#ledger.supply.selfDischargeAmps * seconds;
    this.#selfCoulombs += self;
    const { passivation, buffer } = this.#cell;
    const load = coulombs - self;
    if (passivation) this.#film *= Math.exp(-load / passivation.clearingCoulombs.value);
    if (buffer) {
      const share = seconds / ((this.#ohms + this.#film) * buffer.farads.value);
      const kept = Math.exp(-share);
      this.#buffer = this.#open + (this.#buffer - this.#open) * kept;
      this.#buffer -= (load / buffer.farads.value) * (share > 0 ? (1 - kept) / share : 1);
    }
  }

  #grow(seconds: number): void {
    const { passivation } = this.#cell;
    if (!passivation) return;
    const full = passivation.ohms.value;
    const pace = 2 ** ((this.#temperature - 20) / 10) / (passivation.days.value * DAY_S);
    this.#film = full - (full - this.#film) * Math.exp(-seconds * pace);
  }

  #harvest(seconds: number): void {
    if (!this.#harvestWatts || seconds === 0) return;
    const { now } = this.#clock;
    const coulombs = (this.#harvestWatts(now - seconds, now) * seconds) / this.#open;
    this.#offered.push(coulombs);
    const accepted = this.#cell.rechargeable ? Math.min(coulombs, Math.max(0, this.#usedCoulombs)) : 0;
    this.#usedCoulombs -= accepted;
    this.#harvested += accepted;
    this.#spilled += coulombs - accepted;
  }

  /** Charge or temperature is new: so are voltage, resistance and self-discharge. */
  #changed(): void {
    const cell = this.#cell;
    const load = (this.#seenCoulombs - this.#selfCoulombs) / Math.max(this.#seenUs / 1e6, DAY_S);
    const capacity = capacityAmpHours(cell, load, this.#temperature) * 3600;
    this.#charge = Math.max(0, 1 - this.#usedCoulombs / capacity);
    this.#lowestCharge = Math.min(this.#lowestCharge, this.#charge);
    this.#open = openVolts(cell, this.#charge);
    this.#ohms = cellOhms(cell, this.#charge, this.#temperature);
    const { powerVolts, lowestVolts } = this.#feed;
    // below the rail the regulator is a piece of wire
    const volts = Math.max(this.#open, this.#ledger.supply.railVolts, lowestVolts);
    this.#ledger.changeSupply({
      ...(!this.#fixedVolts && { batteryVolts: volts }),
      ...(!this.#fixedVolts && powerVolts !== undefined && { currentRatio: powerVolts / volts }),
      selfDischargeAmps: selfDischargeAmps(cell, this.#temperature),
    });
    this.#watch();
  }

  #watch(): void {
    const { buffer } = this.#cell;
    let limit = limitAmps(this.#feed, this.#open, this.#ohms + this.#filmOhms());
    if (buffer) {
      const margin = 0.05 + BURST_COULOMBS / buffer.farads.value;
      limit = Math.max(LOOK_AMPS, limitAmps(this.#feed, this.#buffer - margin, this.#bufferOhms()));
    }
    this.#ledger.watchPeaks(limit, (peak) => this.#peaked(peak));
  }

  /** A load above the limit, with the film and the capacitor as they were then: now they are looked at closely. */
  #peaked({ amps, cause }: Peak): void {
    if (this.#isEmpty || this.#sagging) return;
    this.#settle();
    const volts = this.#terminals(amps, feedVolts);
    this.#lowest = Math.min(this.#lowest, volts);
    if (volts >= this.#feed.lowestVolts) return;
    const sag: Sag = {
      atSeconds: this.#clock.now,
      volts,
      celsius: this.#temperature,
      milliamps: amps * 1e3,
      cause,
    };
    this.#brownOuts++;
    this.#first ??= sag;
    const { nowUs } = this.#clock;
    const loops = nowUs - this.#sagUs < this.#holdUs + LOOP_US;
    this.#holdUs = loops ? Math.min(2 * this.#holdUs, LONGEST_HOLD_US) : FIRST_HOLD_US;
    this.#sagUs = nowUs;
    this.#sagging = true;
    // the load is in the middle of what it does: the chip falls after it
    this.#clock.after(0, () => this.onBrownOut(sag, this.#holdUs));
    this.#clock.after(this.#holdUs, () => {
      this.#sagging = false;
      this.#changed();
    });
  }

  #judge(): void {
    const resting = feedVolts(this.#feed, this.#open, this.#ohms, 0);
    const dead = this.#charge <= 0 || resting < this.#feed.lowestVolts;
    if (dead && !this.#isEmpty) {
      this.#isEmpty = true;
      this.#deaths++;
      this.#emptyAt ??= this.#clock.now;
      this.onSupply(false);
    } else if (this.#isEmpty && !dead && this.#charge > (this.#cell.restartCharge ?? BACK_CHARGE)) {
      this.#isEmpty = false;
      this.onSupply(true);
    }
  }

  #terminals(railAmps: number, volts: typeof feedVolts): number {
    if (this.#cell.buffer) return volts(this.#feed, this.#buffer, this.#bufferOhms(), railAmps);
    return volts(this.#feed, this.#open, this.#ohms + this.#filmOhms(), railAmps);
  }

  #filmOhms(): number {
    return this.#film / arrhenius(this.#cell.ohmsKilojoules.value, this.#temperature);
  }

  #bufferOhms(): number {
    const { ohms, ohmsKilojoules } = this.#cell.buffer!;
    return ohms.value / arrhenius(ohmsKilojoules.value, this.#temperature);
  }
}
