/**
 * The pulse output of a meter: an optocoupler or a reed between a pin and ground that closes once for each unit of energy
 * or volume. It is not fed by the node, which pays for its pull-up alone.
 */
import type { Figure } from "../../../boards/types.ts";
import type { PartContext } from "../hardware.ts";
import type { Part, PinWiring } from "./part.ts";
import { facts } from "./pulse-meter-facts.ts";
import { countPulses, unitsPerSecond, type Rate } from "./pulse-rates.ts";

const { figures } = facts;

export interface PulseMeterWiring extends PinWiring {
  /** What is counted: power in W makes kWh, flow in l/min litres. */
  readonly quantity: Rate;
  /** Per kWh or per litre, for instance 1000 imp/kWh or 0.1 (a pulse every 10 l). */
  readonly pulsesPerUnit: number;
  readonly pulseMs?: number | undefined;
  /** A reed bounces on closing and opening; an optocoupler does not. */
  readonly reed?: boolean | undefined;
  readonly pullUp?: { readonly volts: number; readonly ohms: number } | undefined;
}

export function pulseMeter(context: PartContext, wiring: PulseMeterWiring): Part {
  const { name, line, quantity, pulsesPerUnit, pulseMs = figures.sdm120PulseMs.value, reed = false, pullUp } = wiring;
  const { clock, meter, random, trace, world } = context;
  if (!(pulsesPerUnit > 0))
    throw new RangeError(`pulse meter "${name}": ${pulsesPerUnit} pulses per unit, expected more than 0`);
  const cause = `sensor: ${name} closed`;
  const amps = pullUp ? pullUp.volts / pullUp.ohms : 0;
  let count = 0;
  let connected = false;

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

  function power(on: boolean): void {
    if (on === connected) return;
    connected = on;
    set(false);
  }

  power(true);
  // Somewhere between two pulses when the run starts; no output is faster than a pulse and as long a pause.
  countPulses(clock, pulsesPerSecond, pulseMs * 2, random.next(), () => {
    trace("pulses", ++count);
    if (!connected) return;
    move(true);
    clock.after(pulseMs * 1000, () => move(false));
  });
  const sources: Figure[] = pullUp
    ? [{ value: amps, confidence: "computed", source: `pull-up of ${pullUp.ohms} ohm at ${pullUp.volts} V` }]
    : [];
  return { power, causes: new Map([[cause, sources]]) };
}
