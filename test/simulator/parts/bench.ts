/** A bench for one part: a clock, a ledger, a world of plain numbers and faults that a test switches on. */
import { Clock } from "../../../tools/simulator/clock.ts";
import { Ledger } from "../../../tools/simulator/energy/ledger.ts";
import type { PartContext } from "../../../tools/simulator/hardware.ts";
import { randomFor } from "../../../tools/simulator/world/random.ts";

export function bench(world: Record<string, number> = {}, seed = 1) {
  const clock = new Clock();
  const supply = { batteryVolts: 3.6, railVolts: 3.3, quiescentAmps: 0, selfDischargeAmps: 0 };
  const ledger = new Ledger(clock, supply);
  const faults = new Set<string>();
  const timeline: [us: number, signal: string, value: string | number][] = [];
  const context: PartContext = {
    clock,
    meter: ledger.meter(),
    random: randomFor(seed, "cargo"),
    world: (quantity) => world[quantity]!,
    fault: (name) => faults.has(name),
    trace: (signal, value) => void timeline.push([clock.nowUs, signal, value]),
  };
  const wait = (ms: number): void => clock.runUntil(clock.nowUs + Math.round(ms * 1000));
  /** Coulombs at the rail by cause. */
  const coulombs = (cause: string): number => (ledger.causes().get(cause) ?? 0) / supply.railVolts;
  return { clock, ledger, faults, timeline, context, world, wait, coulombs };
}
