/**
 * A capacitor that a harvester charges and the node empties, for boards that run without a battery. Its charge follows
 * from the harvest of the world and from the current that the ledger books; below its lowest voltage the node is off.
 */
import type { Clock } from "../clock.ts";
import type { Ledger } from "./ledger.ts";

export interface StoreWiring {
  readonly farads: number;
  readonly startVolts: number;
  /** The charger stops there: what comes in then is lost. */
  readonly fullVolts: number;
  /** The node loses its supply below this, and has it again from `restartVolts` on. */
  readonly emptyVolts: number;
  readonly restartVolts: number;
  /** Place in the world whose quantity "power" (W) the harvester delivers into the capacitor. */
  readonly harvester: string;
}

/** What the store saw of a run; charges in coulombs. */
export interface StoreReport {
  readonly volts: number;
  readonly lowestVolts: number;
  readonly harvested: number;
  /** Came in while the store was full. */
  readonly spilled: number;
  readonly used: number;
  /** How often the node died. */
  readonly deaths: number;
  /** Coulombs offered in each step of `STEP_S`: for bounds on what any schedule could use. */
  readonly offered: readonly number[];
}

export const STEP_S = 60;

export class Store {
  readonly wiring: StoreWiring;
  readonly #coulombs: () => number;
  readonly #watts: () => number;
  readonly #offered: number[] = [];
  #used = 0;
  #volts: number;
  #lowest: number;
  #harvested = 0;
  #spilled = 0;
  #deaths = 0;
  #isOn = true;

  /** @param watts harvest now @param power switches the node's supply */
  constructor(wiring: StoreWiring, clock: Clock, ledger: Ledger, batteryVolts: number, watts: () => number) {
    this.wiring = wiring;
    this.#watts = watts;
    this.#volts = this.#lowest = wiring.startVolts;
    this.#coulombs = () => ledger.batteryJoules() / batteryVolts;
    const tick = (): void => {
      this.#step();
      clock.after(STEP_S * 1e6, tick);
    };
    clock.after(STEP_S * 1e6, tick);
  }

  /** Called when the supply fails and when it is back. */
  power: (on: boolean) => void = () => {};

  get volts(): number {
    return this.#volts;
  }

  get report(): StoreReport {
    return {
      volts: this.#volts,
      lowestVolts: this.#lowest,
      harvested: this.#harvested,
      spilled: this.#spilled,
      used: this.#used,
      deaths: this.#deaths,
      offered: this.#offered,
    };
  }

  #step(): void {
    const { farads, fullVolts, emptyVolts, restartVolts } = this.wiring;
    const used = this.#coulombs();
    const drawn = used - this.#used;
    this.#used = used;
    const offered = (this.#watts() * STEP_S) / this.#volts;
    this.#offered.push(offered);
    const volts = this.#volts + (offered - drawn) / farads;
    const spilled = Math.max(0, volts - fullVolts) * farads;
    this.#spilled += spilled;
    this.#harvested += offered - spilled;
    this.#volts = Math.min(volts, fullVolts);
    this.#lowest = Math.min(this.#lowest, this.#volts);
    if (this.#isOn && this.#volts < emptyVolts) {
      this.#deaths++;
      this.power((this.#isOn = false));
    } else if (!this.#isOn && this.#volts >= restartVolts) this.power((this.#isOn = true));
  }
}
