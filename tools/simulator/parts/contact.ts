/** A contact (door switch, reed, float switch) between a pin and ground, closed while the world's quantity is not 0. */
import type { Figure } from "../../../boards/types.ts";
import type { Alarm } from "../clock.ts";
import type { PartContext } from "../hardware.ts";
import type { Part, PinWiring } from "./part.ts";

export interface ContactWiring extends PinWiring {
  /** World quantity that closes it; "contact" unless stated. */
  readonly quantity?: string | undefined;
  /** The resistor that pulls the pin up, and what it is tied to: a closed contact draws volts / ohms. */
  readonly pullUp?: { readonly volts: number; readonly ohms: number } | undefined;
}

export function contact(context: PartContext, wiring: ContactWiring): Part {
  const { name, line, quantity = "contact", pullUp } = wiring;
  const { clock, meter, trace, nextChangeUs } = context;
  if (!nextChangeUs) throw new TypeError(`contact "${name}": its context has no nextChangeUs`);
  const cause = `sensor: ${name} closed`;
  const amps = pullUp ? pullUp.volts / pullUp.ohms : 0;
  let alarm: Alarm | undefined;

  function follow(): void {
    const closed = context.world(quantity) !== 0;
    line.drive(closed ? 0 : 1);
    meter.set(closed ? amps : 0, cause);
    trace("state", closed ? "closed" : "open");
    const nextUs = nextChangeUs!(quantity);
    // At least a microsecond later: rounding of the next change must not make time stand still.
    if (nextUs < Infinity) alarm = clock.at(Math.max(nextUs, clock.nowUs + 1), follow);
  }

  function power(on: boolean): void {
    clock.cancel(alarm);
    alarm = undefined;
    if (on) follow();
    else meter.set(0, cause);
  }

  power(true);
  const figures: Figure[] = pullUp
    ? [{ value: amps, confidence: "computed", source: `pull-up of ${pullUp.ohms} ohm at ${pullUp.volts} V` }]
    : [];
  return { power, causes: new Map([[cause, figures]]) };
}
