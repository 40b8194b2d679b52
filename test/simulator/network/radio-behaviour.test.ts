/** What the network does with a modem, seen in the modem's own counters and in the ledger: release, NAT, movement, eDRX. */
import { describe, expect, test } from "vitest";
import { withEdrx } from "../../../lib/modems/edrx.ts";
import { sim7020Family } from "../../../lib/modems/sim7020-family.ts";
import { modemDriver } from "../../../lib/modems/driver.ts";
import { families, type ModemName } from "../../../tools/simulator/modems/families.ts";
import { transmitAmps } from "../../../tools/simulator/modems/figures.ts";
import type { CoverageLevel } from "../../../tools/simulator/network/network.ts";
import { ideal, vodafoneEs } from "../../../tools/simulator/network/profiles.ts";
import { linked, type LinkedOptions } from "../../modems/linked.ts";
import { registered } from "../modems/bench.ts";

const psm = { psmMode: 1, psmTimers: { periodicTau: "01011111", activeTime: "00000001" } } as const;
const connect = "\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02n1";

/** Greets a broker; returns the modem, still connected. */
function greet(link: ReturnType<typeof linked>) {
  const modem = link.driver();
  expect(link.until((done) => modem.up(done))).toBe(0);
  let received = "";
  let closed = 0;
  const opened = (done: (fault: number) => void) =>
    modem.open(
      "broker.example",
      1883,
      (bytes) => (received += bytes),
      () => closed++,
      done,
    );
  expect(link.until(opened)).toBe(0);
  expect(link.until((done) => modem.send(connect, done))).toBe(0);
  link.sim.wait(10);
  expect(received).toBe("\x20\x02\0\0");
  return { modem, received: () => received, closed: () => closed };
}

describe.each(["sim7020", "sim7080", "sim7000", "bc66"] as ModemName[])("release assistance, %s", (name) => {
  const tail = (fault: string) => {
    const link = linked(name, { saved: psm, profile: ideal, networkFault: (asked) => asked === fault });
    const { modem } = greet(link);
    expect(link.until((done) => modem.down(done))).toBe(0);
    const from = link.clock.now;
    link.sim.until(() => link.sim.states.some(([at, state]) => at >= from && state !== "connected"), 60);
    return link.clock.now - from;
  };
  test("a network that honours it ends the connection at once, another after its inactivity time", () => {
    const [honoured, ignored] = [tail(""), tail("rai-ignored")];
    expect(ignored).toBeGreaterThan(8);
    expect(honoured).toBeLessThan(4);
  });
});

describe("address translation", () => {
  const after = (seconds: number) => {
    const profile = { ...ideal, natSeconds: { ...ideal.natSeconds, value: 300 } };
    const link = linked("sim7020", { saved: psm, profile });
    const { modem, received } = greet(link);
    link.sim.wait(seconds);
    link.until((done) => modem.send("\xc0\0", done));
    link.sim.wait(30);
    return received().slice(4);
  };
  test("keeps a connection that was used 4 minutes ago", () => expect(after(240)).toBe("\xd0\0"));
  test("has forgotten one after 6 minutes: nothing of the device's arrives", () => expect(after(360)).toBe(""));
});

test("movement: the level of the place decides power, repetitions and time", () => {
  let level: CoverageLevel = 0;
  const link = linked("sim7020", { saved: psm, level: () => level });
  const cost = (next: CoverageLevel) => {
    level = next;
    const before = { ...link.sim.modem.counters };
    const { modem } = greet(link);
    expect(link.until((done) => modem.down(done))).toBe(0);
    link.sim.until(() => link.sim.modem.state === "psm", 120);
    const { transmitMs, transmitBytes } = link.sim.modem.counters;
    return { ms: transmitMs - before.transmitMs, bytes: transmitBytes - before.transmitBytes };
  };
  cost(0);
  const [near, edge, cellar] = [cost(0), cost(1), cost(2)];
  expect(edge.ms / near.ms).toBeCloseTo(15_300 / 2030, 1);
  expect(cellar.ms / near.ms).toBeCloseTo(15_300 / 630, 1);
  expect(edge.bytes).toBe(near.bytes);
  expect(link.sim.joules("transmit repeated")).toBeGreaterThan(link.sim.joules("transmit"));
});

describe("AT+NUESTATS of BC95 and SARA-N2 against the ledger", () => {
  test.each(["bc95", "sara-n2"] as ModemName[])(
    "%s: time and joules of its transmitter are the same in both",
    (family) => {
      const answer = () => ({
        connect: () => undefined,
        datagram: (_host: string, _port: number, bytes: Uint8Array, reply: (bytes: Uint8Array) => void) => reply(bytes),
        busy: false,
        settled: () => Promise.resolve(),
        close: () => Promise.resolve(),
      });
      const modem = registered({ family, saved: { baud: 115_200 }, profile: vodafoneEs, server: answer });
      modem.at('AT+NSOCR="DGRAM",17,4444', 1);
      for (let i = 0; i < 5; i++) modem.at('AT+NSOST=0,"1.2.3.4",7,5,"48656c6c6F"', 60);
      const stats = modem.at('AT+NUESTATS="RADIO"', 1);
      const told = (name: string) => Number(new RegExp(`${name}"?[,:](-?\\d+)`).exec(stats)?.[1]);
      const { transmitMs, receiveMs } = modem.modem.counters;
      expect(Math.abs(told("TX time") - transmitMs)).toBeLessThan(1);
      expect(Math.abs(told("RX time") - receiveMs)).toBeLessThan(1);
      // all at full power here, on 3.3 V; each burst comes on top of what the state draws meanwhile
      const { figures } = families[family];
      const most = transmitAmps(figures, 23) * 3.3 * (transmitMs / 1e3);
      const booked = modem.joules("transmit") + modem.joules("transmit repeated");
      expect(booked).toBeLessThan(most);
      expect(booked).toBeGreaterThan(0.4 * most);
    },
  );
});

describe("without PSM", () => {
  const live = (refused: readonly string[], options: LinkedOptions = {}) => {
    const link = linked("sim7020", { networkFault: (fault) => refused.includes(fault), ...options });
    const driver = () => modemDriver(link.setup, withEdrx(sim7020Family, "AT+CSCLK=2", "656s"));
    const joules: number[] = [];
    for (let i = 0; i < 3; i++) {
      const before = link.joules();
      const modem = driver();
      expect(link.until((done) => modem.up(done))).toBe(0);
      expect(link.until((done) => modem.down(done), 60)).toBe(0);
      link.sim.wait(3600);
      joules.push(link.joules() - before);
    }
    return { state: link.sim.modem.state, joules: joules[2]!, commands: link.commands };
  };
  test("eDRX granted: it dozes between two reports, and is heard again", () => {
    const { state, commands } = live(["psm-refused"]);
    expect(state).toBe("on");
    expect(commands.filter((command) => command === "AT+CSCLK=2").length).toBe(3);
  });
  test("eDRX refused as well: it is switched off", () => {
    const { state, commands } = live(["psm-refused", "edrx-refused"]);
    expect(state).toBe("off");
    expect(commands.filter((command) => command === "AT+CPOWD=1").length).toBe(3);
  });
  test("with a report an hour dozing costs less than to attach anew, awake for it all the time much more", () => {
    const profile = vodafoneEs;
    const dozing = live(["psm-refused"], { profile }).joules;
    const off = live(["psm-refused", "edrx-refused"], { profile }).joules;
    expect(dozing).toBeLessThan(off);
  });
  test("PSM granted: neither", () => {
    const { state, commands } = live([]);
    expect(state).toBe("psm");
    expect(commands.some((command) => /CSCLK=2|CPOWD/.test(command))).toBe(false);
  });
});
