/**
 * The pulse output of a meter: an optocoupler or a reed between a pin and ground that closes once for each unit of energy
 * or volume. It is not fed by the node, which pays for its pull-up alone.
 */
import type { Figure } from "../../../boards/types.ts";
import type { PartContext } from "../hardware.ts";
import type { Part, PinWiring } from "./part.ts";
import { facts } from "./pulse-meter-facts.ts";

const { figures } = facts;

export interface PulseMeterWiring extends PinWiring {
  /** What is counted: power in W makes kWh, flow in l/min makes litres. */
  readonly quantity: "power" | "flow";
  /** Per kWh or per litre, for instance 1000 imp/kWh or 0.1 (a pulse every 10 l). */
  readonly pulsesPerUnit: number;
  readonly pulseMs?: number | undefined;
  /** A reed bounces on closing and opening; an optocoupler does not. */
  readonly reed?: boolean | undefined;
  readonly pullUp?: { readonly volts: number; readonly ohms: number } | undefined;
}

/** How often a rate is looked at that has not yet filled a pulse. */
const LOOK_SECONDS = 60;
const unitsPerSecond = { power: 1 / 3.6e6, flow: 1 / 60 } as const;

export function pulseMeter(context: PartContext, wiring: PulseMeterWiring): Part {
  const { name, line, quantity, pulsesPerUnit, pulseMs = figures.sdm120PulseMs.value, reed = false, pullUp } = wiring;
  const { clock, meter, random, trace, world } = context;
  if (!(pulsesPerUnit > 0))
    throw new RangeError(`pulse meter "${name}": ${pulsesPerUnit} pulses per unit, expected more than 0`);
  const cause = `sensor: ${name} closed`;
  const amps = pullUp ? pullUp.volts / pullUp.ohms : 0;
  // Somewhere between two pulses when the run starts.
  let filled = random.next();
  let count = 0;
  let connected = false;
  let rate = 0;
  let sinceUs = 0;

  const pulsesPerSecond = (): number => Math.max(0, world(quantity)) * unitsPerSecond[quantity] * pulsesPerUnit;

  function set(closed: boolean): void {
    if (closed && !connected) return;
    line.drive(closed ? 0 : 1);
    meter.set(closed ? amps : 0, cause);
  }

  /** Closes or opens; a reed touches once more within its bounce. */
  function move(closed: boolean): void {
    set(closed);
    if (!reed) return;
    const us = figures.bounceMs.value * 1000;
    clock.after(us * 0.4, () => set(!closed));
    clock.after(us * (0.5 + 0.5 * random.next()), () => set(closed));
  }

  /** The rate is followed in steps: the mean of its ends over each step. */
  function step(): void {
    const now = pulsesPerSecond();
    filled += ((rate + now) / 2) * ((clock.nowUs - sinceUs) / 1e6);
    sinceUs = clock.nowUs;
    rate = now;
    if (filled >= 1 - 1e-9) {
      filled = Math.max(0, filled - 1);
      trace("pulses", ++count);
      if (connected) {
        move(true);
        clock.after(pulseMs * 1000, () => move(false));
      }
    }
    const seconds = Math.min(LOOK_SECONDS, rate > 0 ? (1 - filled) / rate : LOOK_SECONDS);
    // No output is faster than a pulse and as long a pause.
    clock.after(Math.max(seconds * 1e6, pulseMs * 2000), step);
  }

  function power(on: boolean): void {
    if (on === connected) return;
    connected = on;
    set(false);
  }

  power(true);
  rate = pulsesPerSecond();
  step();
  const sources: Figure[] = pullUp
    ? [{ value: amps, confidence: "computed", source: `pull-up of ${pullUp.ohms} ohm at ${pullUp.volts} V` }]
    : [];
  return { power, causes: new Map([[cause, sources]]) };
}
