/** A report over the MQTT client inside the modem, against the same report over our own client in its TCP socket. */
import Table from "cli-table3";
import { afterAll, describe, expect, test } from "vitest";
import { BROKER_REFUSED, CONNECTION_LOST, NO_ROUTE } from "../../lib/faults.ts";
import { bc660kMqttWords } from "../../lib/modems/bc660k-mqtt.ts";
import { bg95MqttWords } from "../../lib/modems/bg95-mqtt.ts";
import type { Broker, Modem } from "../../lib/modems/modem.ts";
import { sim7020MqttWords } from "../../lib/modems/sim7020-mqtt.ts";
import { sim7080MqttWords } from "../../lib/modems/sim7080-mqtt.ts";
import { runSession } from "../../lib/uplink/mqtt.ts";
import { CLEAN } from "../../lib/uplink/packets.ts";
import { withFaults } from "../../tools/simulator/network/faults.ts";
import { vodafoneEs } from "../../tools/simulator/network/profiles.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { framed, registered } from "../simulator/modems/bench.ts";
import { linked, type LinkedOptions } from "./linked.ts";
import { virtualTimers } from "./scripted-modem.ts";

const words = {
  sim7020: sim7020MqttWords,
  sim7080: sim7080MqttWords,
  bg95: bg95MqttWords,
  bc660k: bc660kMqttWords(1, 1),
  bc66: bc660kMqttWords(4, 2),
} as const;
const names = Object.keys(words) as (keyof typeof words)[];
const psm = { psmMode: 1, psmTimers: { periodicTau: "01011111", activeTime: "00000001" } } as const;
const broker: Broker = {
  host: "broker.example",
  port: 1883,
  clientId: "n1",
  user: undefined,
  password: undefined,
  keepAliveSeconds: 60,
};
/** Every byte there is, the end marks of prompts and lines among them. */
const payload = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));

function up(name: keyof typeof words, options: LinkedOptions = {}) {
  const link = linked(name, { saved: psm, ...options });
  const modem = link.mqttDriver(words[name]);
  expect(link.until((done) => modem.up(done))).toBe(0);
  return { link, modem, mqtt: modem.mqtt! };
}

const table = new Table({
  head: ["modem", "MQTT", "J from idle to PSM", "s", "bytes up", "bytes down", "bytes on the UART", "commands"],
  style: { head: [], border: [] },
});
afterAll(() => console.log(table.toString()));

describe.each(names)("%s", (name) => {
  test("publishes every byte with QoS 1, and falls into PSM", () => {
    const { link, modem, mqtt } = up(name);
    expect(link.until((done) => mqtt.connect(broker, done))).toBe(0);
    expect(link.until((done) => mqtt.publish("a/b", payload, done))).toBe(0);
    expect(link.until((done) => mqtt.publish("a/b", "second", done))).toBe(0);
    expect(link.until((done) => modem.down(done))).toBe(0);
    link.sim.until(() => link.sim.modem.state === "psm", 120);
    expect(
      link.sim.sink.received.map(({ topic, qos, payload }) => [topic, qos, Buffer.from(payload).toString("latin1")]),
    ).toEqual([
      ["a/b", 1, payload],
      ["a/b", 1, "second"],
    ]);
  });

  test("again from PSM, and after a wake that broke off without saying goodbye", () => {
    const { link, mqtt } = up(name);
    expect(link.until((done) => mqtt.connect(broker, done))).toBe(0);
    // the chip restarts, the modem does not: its session of before is in the way
    const again = link.mqttDriver(words[name]);
    expect(link.until((done) => again.up(done))).toBe(0);
    expect(link.until((done) => again.mqtt!.connect(broker, done))).toBe(0);
    expect(link.until((done) => again.mqtt!.publish("t", "x", done))).toBe(0);
    expect(link.until((done) => again.down(done))).toBe(0);
  });

  test.each([
    ["refuses the login", "reject", BROKER_REFUSED],
    ["never answers", "silent", BROKER_REFUSED],
    ["is not there", "down", NO_ROUTE],
  ] as const)("a broker that %s is a clear fault within a minute and a half", (_, fault, code) => {
    const server: LinkedOptions["server"] = (clock) =>
      withFaults(createSink({ nowUs: () => clock.nowUs }), (name) => name === fault);
    const { link, modem, mqtt } = up(name, { server });
    // SIM7080's AT+SMCONN says no more than ERROR
    const expected = name === "sim7080" ? BROKER_REFUSED : code;
    expect(link.until((done) => mqtt.connect(broker, done), 90)).toBe(expected);
    expect(link.until((done) => modem.down(done), 60)).toBe(0);
  });

  test("a message that is never confirmed counts as lost", () => {
    let silent = false;
    const server: LinkedOptions["server"] = (clock) =>
      withFaults(createSink({ nowUs: () => clock.nowUs }), (name) => silent && name === "silent");
    const { link, modem, mqtt } = up(name, { server });
    expect(link.until((done) => mqtt.connect(broker, done))).toBe(0);
    silent = true;
    expect(link.until((done) => mqtt.publish("t", "x", done), 90)).toBe(CONNECTION_LOST);
    expect(link.until((done) => modem.down(done), 60)).toBe(0);
  });

  test("what it costs, against our client over its socket", () => {
    const measure = (
      how: string,
      report: (link: ReturnType<typeof linked>, done: (fault: number) => void) => Modem,
    ) => {
      const link = linked(name, { saved: psm, profile: vodafoneEs });
      const first = link.driver();
      expect(link.until((done) => first.up(done))).toBe(0);
      link.sim.wait(30);
      const [joules, t, commands, uart] = [link.joules(), link.clock.now, link.commands.length, link.uartBytes];
      const before = { ...link.sim.modem.counters };
      let modem: Modem | undefined;
      expect(link.until((done) => (modem = report(link, done)))).toBe(0);
      expect(link.until((done) => modem!.down(done))).toBe(0);
      link.sim.until(() => link.sim.modem.state === "psm", 120);
      const { transmitBytes, receiveBytes } = link.sim.modem.counters;
      table.push([
        name,
        how,
        (link.joules() - joules).toFixed(2),
        (link.clock.now - t).toFixed(1),
        String(transmitBytes - before.transmitBytes),
        String(receiveBytes - before.receiveBytes),
        String(link.uartBytes - uart),
        String(link.commands.length - commands),
      ]);
      return transmitBytes - before.transmitBytes;
    };
    const message = payload.slice(0, 74);
    const own = measure("the modem's", (link, done) => {
      const modem = link.mqttDriver(words[name]);
      modem.up((fault) =>
        fault
          ? done(fault)
          : modem.mqtt!.connect(broker, (refused) =>
              refused ? done(refused) : modem.mqtt!.publish("t", message, done),
            ),
      );
      return modem;
    });
    const ours = measure("ours", (link, done) => {
      const modem = link.driver();
      let waiting = message;
      const outbox = { next: () => waiting, confirmed: () => void (waiting = "") };
      const timers = virtualTimers(link.clock);
      modem.up((fault) =>
        fault
          ? done(fault)
          : runSession({ ...broker, flags: CLEAN, modem, timers, topic: "t", outbox, answerMs: 30_000, done }),
      );
      return modem;
    });
    // the same packets; ours leave in fewer segments
    expect(Math.abs(own - ours)).toBeLessThan(400);
  });
});

describe("AT+CMQNEW and its kin, as the application note writes them", () => {
  test("one MQTT instance: a second is refused until the first is disconnected", () => {
    const modem = registered({ saved: psm });
    expect(modem.at('AT+CMQNEW="broker.example","1883",12000,1024', 10)).toBe(framed("+CMQNEW: 0", "OK"));
    expect(modem.at('AT+CMQNEW="broker.example","1883",12000,1024', 10)).toBe(framed("ERROR"));
    expect(modem.at('AT+CMQCON=0,3,"myclient",600,1,0', 5)).toBe(framed("OK"));
    expect(modem.at('AT+CMQPUB=0,"mytopic",1,0,0,8,"31323334"', 5)).toBe(framed("OK"));
    expect(modem.sink.received.map(({ payload }) => Buffer.from(payload).toString())).toEqual(["1234"]);
    // the length counts digits, and they come in pairs
    expect(modem.at('AT+CMQPUB=0,"mytopic",1,0,0,4,"31323334"', 5)).toBe(framed("ERROR"));
    expect(modem.at('AT+CMQPUB=0,"mytopic",1,0,0,7,"3132333"', 5)).toBe(framed("ERROR"));
    expect(modem.at("AT+CMQDISCON=0", 5)).toBe(framed("OK"));
    expect(modem.at('AT+CMQNEW="broker.example","1883",12000,1024', 10)).toBe(framed("+CMQNEW: 0", "OK"));
  });
});

describe("AT+QMTOPEN and its kin, as BC660K's application note writes them", () => {
  const open = () => {
    const modem = registered({ family: "bc660k", saved: { ...psm, baud: 115_200 } });
    expect(modem.at("AT+QSCLK=0")).toBe(framed("OK"));
    expect(modem.at('AT+QMTOPEN=0,"broker.example",1883', 10)).toBe(framed("OK", "+QMTOPEN: 0,0"));
    expect(modem.at('AT+QMTCONN=0,"clientExample"', 10)).toBe(framed("OK", "+QMTCONN: 0,0,0"));
    return modem;
  };
  const received = (modem: ReturnType<typeof open>) =>
    modem.sink.received.map(({ payload }) => Buffer.from(payload).toString());

  test("a message in its command, and one behind the prompt", () => {
    const modem = open();
    expect(modem.at('AT+QMTPUB=0,0,0,0,"mytopic",5,"hello"', 10)).toBe(framed("OK", "+QMTPUB: 0,0,0"));
    expect(modem.at('AT+QMTPUB=0,1,1,0,"mytopic",3')).toBe("\r\n> ");
    modem.send("abc");
    modem.wait(10);
    expect(modem.heard()).toContain(framed("OK", "+QMTPUB: 0,1,0"));
    expect(received(modem)).toEqual(["hello", "abc"]);
    expect(modem.at("AT+QMTDISC=0", 5)).toBe(framed("OK", "+QMTDISC: 0,0"));
  });

  test("digits only where asked for; the length counts bytes; a message of QoS 1 has a number", () => {
    const modem = open();
    expect(modem.at('AT+QMTCFG="dataformat",0,1,0')).toBe(framed("OK"));
    expect(modem.at('AT+QMTPUB=0,1,1,0,"t",2,"6869"', 10)).toBe(framed("OK", "+QMTPUB: 0,1,0"));
    for (const wrong of [
      '1,1,0,"t",4,"6869"',
      '1,1,0,"t",2,"686"',
      '1,1,0,"t",2,"hi"',
      '0,1,0,"t",2,"6869"',
      '1,1,0,"t",731,"00"',
    ])
      expect(modem.at("AT+QMTPUB=0," + wrong, 5)).toBe(framed("ERROR"));
    expect(received(modem)).toEqual(["hi"]);
  });

  test("MQTT 3.1.1 is 1 on BC660K and 4 on BC66", () => {
    expect(open().at('AT+QMTCFG="version",0,4')).toBe(framed("ERROR"));
    const other = registered({ family: "bc66", saved: { ...psm, baud: 115_200 } });
    expect(other.at('AT+QMTCFG="version",0,1')).toBe(framed("ERROR"));
    expect(other.at('AT+QMTCFG="version",0,4')).toBe(framed("OK"));
  });
});
