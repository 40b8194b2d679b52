/** Energy of single datagrams, attaches and updates on a network, with the simulator's radio and the SIM7020's currents. */
import { Clock } from "../../simulator/clock.ts";
import { Ledger } from "../../simulator/energy/ledger.ts";
import { createRadio } from "../../simulator/modems/radio.ts";
import { sim7020Figures as figures, transmitAmps } from "../../simulator/modems/sim7020-figures.ts";
import { createNetwork } from "../../simulator/network/network.ts";
import { createSink } from "../../simulator/network/sink.ts";
import type { CellProfile } from "../../simulator/network/profiles.ts";
import { randomFor } from "../../simulator/world/random.ts";

/** Typical supply of the SIM7020 (hardware design V1.02). */
const VOLTS = 3.3;
const BYTES = 64;

export interface RadioEnergy {
  /** From switching on to registered, joules. */
  readonly attach: number;
  /** Each datagram from the wake to idle, sorted. */
  readonly datagrams: readonly number[];
  readonly update: number;
}

/**
 * @param assistance 1: the connection may end after the datagram, where the network honours that
 * @param activeSeconds T3324: listened for after each connection
 */
export function radioEnergy(
  profile: CellProfile,
  { assistance, activeSeconds = 0, count = 200 }: { assistance: 0 | 1; activeSeconds?: number; count?: number },
): RadioEnergy {
  const clock = new Clock();
  const ledger = new Ledger(clock, { batteryVolts: VOLTS, railVolts: VOLTS, quiescentAmps: 0, selfDischargeAmps: 0 });
  const meter = ledger.meter();
  const network = createNetwork({
    clock,
    profile,
    unixAtStart: 0,
    server: createSink({ nowUs: () => clock.nowUs, keep: false }),
    random: randomFor(1, profile.name),
  });
  let base = 0;
  const draw = (amps: number): void => meter.set((base = amps), "radio");
  const receive = figures.receiveMilliamps.value / 1e3;
  const idle = figures.idleMilliamps.value / 1e3;
  const radio = createRadio({
    clock,
    network,
    figures,
    transmitAmps,
    burst: (amps, seconds, cause) => meter.pulse(Math.max(0, amps - base) * seconds, cause, seconds),
    wanted: () => undefined,
    accepted: () => undefined,
    changed(state) {
      const { onMs, cycleMs } = profile.connectedDrx;
      if (state === "searching" || state === "attaching") draw(receive);
      else if (state === "connected") draw(idle + (receive - idle) * Math.min(1, onMs.value / cycleMs.value));
      else draw(figures.sleepDrxMilliamps.value / 1e3);
    },
  });
  const spent = (run: () => void): number => {
    const before = ledger.batteryJoules();
    run();
    while (radio.state !== "idle") clock.runUntil(clock.nextUs);
    clock.runUntil(clock.nowUs + activeSeconds * 1e6);
    return ledger.batteryJoules() - before;
  };
  radio.on(true);
  while (!radio.registered) clock.runUntil(clock.nextUs);
  const attach = ledger.batteryJoules();
  spent(() => undefined);
  const datagrams = Array.from({ length: count }, () => {
    draw(figures.psmMicroamps.value / 1e6);
    clock.runUntil(clock.nowUs + 600e6);
    return spent(() => {
      draw(figures.sleepDrxMilliamps.value / 1e3);
      radio.assist(assistance);
      radio.uplink(BYTES, () => undefined);
    });
  }).sort((a, b) => a - b);
  return { attach, datagrams, update: spent(() => radio.update()) };
}
