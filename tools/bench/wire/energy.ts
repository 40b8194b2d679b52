/** What a session takes from the battery: the simulator's radio and network carry it, packet by packet. */
import { CLEAN, connect, DISCONNECT, publish } from "../../../lib/uplink/packets.ts";
import { Clock } from "../../simulator/clock.ts";
import { transmitAmps } from "../../simulator/modems/figures.ts";
import { createRadio } from "../../simulator/modems/radio.ts";
import { sim7020Figures } from "../../simulator/modems/sim7020-figures.ts";
import { type CoverageLevel, createNetwork } from "../../simulator/network/network.ts";
import type { CellProfile } from "../../simulator/network/profiles.ts";
import { createSink } from "../../simulator/network/sink.ts";
import { openTcp } from "../../simulator/network/tcp.ts";
import { randomFor } from "../../simulator/world/random.ts";

const VOLTS = 3.6;
const FIGURES = sim7020Figures;
/** Sessions over which loss and spread are averaged. */
const RUNS = 3;
const LONGEST_S = 3600;
const PUBACK = 0x40;

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

/** Joules of the modem from PSM to the end of the connection's tail. */
function once(profile: CellProfile, level: CoverageLevel, payloads: readonly number[], seed: number): number {
  const clock = new Clock();
  const random = randomFor(seed, "wire");
  const server = createSink({ nowUs: () => clock.nowUs, keep: false });
  const settled = { ...profile, registration: { ...profile.registration, rejectedShare: { ...profile.registration.rejectedShare, value: 0 } } }; // prettier-ignore
  const network = createNetwork({ clock, profile: settled, unixAtStart: 0, server, random, level: () => level });
  const { onMs, cycleMs } = profile.connectedDrx;
  const idleAmps = FIGURES.idleMilliamps.value / 1000;
  const connectedAmps =
    idleAmps + (FIGURES.receiveMilliamps.value / 1000 - idleAmps) * Math.min(1, onMs.value / cycleMs.value);
  let coulombs = 0;
  let since: number | undefined;
  const radio = createRadio({
    clock,
    network,
    figures: FIGURES,
    transmitAmps: (dbm) => transmitAmps(FIGURES, dbm),
    burst: (amps, seconds) => void (coulombs += (amps - connectedAmps) * seconds),
    wanted: () => undefined,
    changed(state) {
      if (state === "connected") since ??= clock.now;
      else if (since !== undefined) {
        coulombs += connectedAmps * (clock.now - since);
        since = undefined;
      }
    },
    accepted: () => undefined,
  });
  const until = (holds: () => boolean): void => {
    const endUs = clock.nowUs + LONGEST_S * 1e6;
    while (!holds() && clock.nowUs < endUs) clock.runUntil(clock.nowUs + 1e5);
  };
  radio.on(true);
  until(() => radio.state === "idle");
  coulombs = 0;
  let sent = 0;
  const packet = (i: number): string => publish("cold-chain/truck-17/telemetry", "x".repeat(payloads[i]!), i + 1);
  const events = {
    connected: () =>
      tcp.send(bytesOf(connect({ clientId: "truck-17", keepAliveSeconds: 60, flags: CLEAN }) + packet(sent++))),
    data(bytes: Uint8Array) {
      if (bytes.at(-4) !== PUBACK) return;
      if (sent < payloads.length) return tcp.send(bytesOf(packet(sent++)));
      tcp.send(bytesOf(DISCONNECT));
      tcp.close();
    },
    acknowledged: () => undefined,
    ended: () => undefined,
  };
  const tcp = openTcp({ clock, bearer: radio, server, host: "broker", port: 1883, events });
  until(() => since !== undefined);
  until(() => since === undefined);
  return coulombs * VOLTS;
}

/** Mean joules of a session that delivers these payloads. */
export function sessionJoules(profile: CellProfile, level: CoverageLevel, payloads: readonly number[]): number {
  let joules = 0;
  for (let run = 0; run < RUNS; run++) joules += once(profile, level, payloads, run);
  return joules / RUNS;
}
