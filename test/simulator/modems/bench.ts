/** A bench for a simulated modem: virtual clock, ledger, a UART that collects what the modem says, a hand on the key. */
import { Clock } from "../../../tools/simulator/clock.ts";
import { Ledger } from "../../../tools/simulator/energy/ledger.ts";
import type { PartContext, Random } from "../../../tools/simulator/hardware.ts";
import { families, type ModemName } from "../../../tools/simulator/modems/families.ts";
import type { ModemOptions } from "../../../tools/simulator/modems/modem-types.ts";
import { createModem } from "../../../tools/simulator/modems/modem.ts";
import { createNetwork } from "../../../tools/simulator/network/network.ts";
import type { NetworkOptions } from "../../../tools/simulator/network/network.ts";
import { ideal } from "../../../tools/simulator/network/profiles.ts";
import type { CellProfile } from "../../../tools/simulator/network/profiles.ts";
import { createSink } from "../../../tools/simulator/network/sink.ts";
import type { Server } from "../../../tools/simulator/network/server.ts";

/** Small generator with good enough statistics (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { next, normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()) };
}

/** 2024-01-02 05:45:30 UTC. */
export const unixAtStart = Date.UTC(2024, 0, 2, 5, 45, 30) / 1000;

export interface BenchOptions extends ModemOptions {
  readonly family?: ModemName;
  /** Hears what the modem says, as it says it. */
  readonly hear?: (text: string) => void;
  readonly profile?: CellProfile;
  readonly seed?: number;
  readonly server?: (clock: Clock) => Server;
  readonly covered?: (clock: Clock) => boolean;
  readonly fault?: (name: string) => boolean;
  readonly networkFault?: (name: string) => boolean;
  readonly unixAtStart?: number;
  readonly certificate?: NetworkOptions["certificate"];
  readonly level?: NetworkOptions["level"];
  readonly world?: PartContext["world"];
}

export function bench(options: BenchOptions = {}) {
  const clock = new Clock();
  const ledger = new Ledger(clock, { batteryVolts: 3.3, railVolts: 3.3, quiescentAmps: 0, selfDischargeAmps: 0 });
  const random = seeded(options.seed ?? 1);
  const sink = createSink({ nowUs: () => clock.nowUs });
  const server = options.server?.(clock) ?? sink;
  const states: [seconds: number, state: string | number][] = [];
  const networkOptions: NetworkOptions = {
    clock,
    profile: options.profile ?? ideal,
    unixAtStart: options.unixAtStart ?? unixAtStart,
    server,
    random: seeded((options.seed ?? 1) + 1000),
    covered: () => options.covered?.(clock) ?? true,
    fault: options.networkFault ?? (() => false),
    ...(options.level && { level: options.level }),
    ...(options.certificate && { certificate: options.certificate }),
  };
  let said = "";
  let rate = 0;
  const statusLevels: number[] = [];
  const modem = createModem({
    family: families[options.family ?? "sim7020"],
    context: {
      clock,
      meter: ledger.meter(),
      random,
      world:
        options.world ??
        ((quantity) => {
          throw new Error(quantity);
        }),
      fault: options.fault ?? (() => false),
      trace: (signal, value) => {
        if (signal === "modem") states.push([clock.now, value]);
      },
    },
    line: {
      transmit(bytes, baud) {
        const text = Buffer.from(bytes).toString("latin1");
        said += text;
        options.hear?.(text);
        rate = baud;
      },
    },
    status: { drive: (level) => void statusLevels.push(level) },
    network: createNetwork(networkOptions),
    options,
  });

  const wait = (seconds: number) => clock.runUntil(clock.nowUs + seconds * 1e6);
  /** Steps until the condition holds; fails after `limit` seconds. */
  function until(condition: () => boolean, limit = 300): void {
    const endUs = clock.nowUs + limit * 1e6;
    while (!condition()) {
      if (clock.nextUs > endUs) throw new Error(`not reached within ${limit} s, heard ${JSON.stringify(said)}`);
      clock.runUntil(clock.nextUs);
    }
  }
  const send = (text: string, baud = 115_200) =>
    modem.serial.receive(new Uint8Array(Buffer.from(text, "latin1")), baud);

  return {
    clock,
    ledger,
    sink,
    modem,
    states,
    statusLevels,
    wait,
    until,
    send,
    get rate() {
      return rate;
    },
    /** What the modem has said since the last call. */
    heard(): string {
      const text = said;
      said = "";
      return text;
    },
    /** One command line; returns everything heard until `seconds` later. */
    at(command: string, seconds = 0.1): string {
      said = "";
      send(`${command}\r`);
      wait(seconds);
      const text = said;
      said = "";
      return text;
    },
    press(seconds: number, pressed: 0 | 1 = 0): void {
      modem.powerKey.changed(pressed);
      wait(seconds);
      modem.powerKey.changed(pressed ? 0 : 1);
    },
    untilHeard(text: string, limit = 300): void {
      until(() => said.includes(text), limit);
    },
    joules: (cause: string) => ledger.causes().get(`modem: ${cause}`) ?? 0,
  };
}

/** Powered on and registered, echo off, everything said so far forgotten. */
export function registered(options: BenchOptions = {}) {
  const modem = bench(options);
  modem.press(1.2);
  modem.until(() => modem.modem.state === "on");
  modem.at("AT", 0.2);
  modem.at("ATE0");
  modem.until(() => modem.states.some(([, state]) => state === "connected"), 3600);
  modem.wait(2);
  modem.heard();
  return modem;
}

/** Lines as the modem frames them. */
export const framed = (...lines: string[]) => lines.map((line) => `\r\n${line}\r\n`).join("");
