import { afterEach, describe, expect, it } from "vitest";
import { createEmbeddedBroker } from "../../../tools/simulator/network/embedded-broker.ts";
import { withFaults } from "../../../tools/simulator/network/faults.ts";
import { findProfile, ideal } from "../../../tools/simulator/network/profiles.ts";
import type { Server, ServerEvents } from "../../../tools/simulator/network/server.ts";
import { createSink } from "../../../tools/simulator/network/sink.ts";
import { bench, framed, registered } from "./bench.ts";
import { report, reportTo } from "./report.ts";

const fixed = { saved: { baud: 115_200 } } as const;

/** A server that echoes, and that a test can make close or speak. */
function echo() {
  const connections: { events: ServerEvents; got: number[]; ended: boolean }[] = [];
  const server: Server = {
    connect(host, port, events) {
      if (port !== 8409) return undefined;
      const connection = { events, got: [] as number[], ended: false, host };
      connections.push(connection);
      return {
        write(bytes) {
          connection.got.push(...bytes);
          events.data(bytes);
        },
        end: () => void (connection.ended = true),
      };
    },
    busy: false,
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return { server, connections };
}

function connected(options = {}) {
  const { server, connections } = echo();
  const modem = registered({ ...fixed, server: () => server, ...options });
  expect(modem.at("AT+CSOC=1,1,1")).toBe(framed("+CSOC: 0", "OK"));
  expect(modem.at('AT+CSOCON=0,8409,"117.131.85.139"', 5)).toBe(framed("OK"));
  return { modem, connection: connections[0]!, connections };
}

describe("a TCP socket", () => {
  it("sends text and hex digits, and indicates what comes back as hex", () => {
    const { modem, connection } = connected();
    expect(modem.at('AT+CSOSEND=0,0,"hello, SIM7020"', 5)).toBe(
      framed("OK", "+CSONMI: 0,28,68656C6C6F2C2053494D37303230"),
    );
    expect(modem.at("AT+CSOSEND=0,8,deadbeef", 5)).toBe(framed("OK", "+CSONMI: 0,8,DEADBEEF"));
    expect(modem.at('AT+CSOSEND=0,8,"DEADBEEF"', 5)).toBe(framed("OK", "+CSONMI: 0,8,DEADBEEF"));
    expect(Buffer.from(connection.got).toString("latin1")).toBe("hello, SIM7020\xde\xad\xbe\xef\xde\xad\xbe\xef");
  });

  it.each([
    ["AT+CSOSEND=0,8,deadbee", "a digit short"],
    ["AT+CSOSEND=0,7,deadbee", "an odd number of digits"],
    ["AT+CSOSEND=0,8,deadbeeg", "not hex"],
    ["AT+CSOSEND=1,8,deadbeef", "no such socket"],
    ['AT+CSOSEND=0,0,""', "nothing"],
    [`AT+CSOSEND=0,1026,${"00".repeat(513)}`, "more than 512 bytes"],
    [`AT+CSOSEND=0,0,"${"x".repeat(513)}"`, "more than 512 characters"],
  ])("refuses %s: %s", (command) => {
    expect(connected().modem.at(command, 2)).toBe(framed("ERROR"));
  });

  it("takes 512 bytes at once, and no more than its buffer holds", () => {
    const { modem, connection } = connected();
    const answers = Array.from({ length: 10 }, () => modem.at(`AT+CSOSEND=0,1024,${"5a".repeat(512)}`, 0.05));
    expect(answers.slice(0, 8).every((answer) => answer === framed("OK"))).toBe(true);
    expect(answers.at(-1)).toBe(framed("ERROR", "+CSOERR: 0,6"));
    modem.wait(60);
    expect(connection.got.length).toBe(512 * answers.filter((answer) => answer.includes("OK")).length);
  });

  it("tells when the network has taken the data, with AT+CSOSENDFLAG=1", () => {
    const { modem } = connected();
    modem.at("AT+CSOSENDFLAG=1");
    expect(modem.at("AT+CSOSEND=0,8,deadbeef", 5)).toBe(framed("OK", "SEND: 0,4", "+CSONMI: 0,8,DEADBEEF"));
    expect(modem.at("AT+CSOACK=0")).toBe(framed("+CSOACK: 0,4,4,0", "OK"));
  });

  it("shows text with AT+CSORCVFLAG=1, and waits to be read with AT+CSORXGET=1", () => {
    const { modem } = connected();
    modem.at("AT+CSORCVFLAG=1");
    expect(modem.at('AT+CSOSEND=0,0,"abc"', 5)).toBe(framed("OK", "+CSONMI: 0,3,abc"));
    modem.at("AT+CSORXGET=1");
    expect(modem.at('AT+CSOSEND=0,0,"abcdef"', 5)).toBe(framed("OK", "+CSORXGET: 1,0"));
    expect(modem.at("AT+CSORXGET=4,0")).toBe(framed("+CSORXGET: 4,0,6", "OK"));
    expect(modem.at("AT+CSORXGET=2,0,4")).toBe(framed("+CSORXGET: 2,0,4,4\r\nabcd", "OK"));
    expect(modem.at("AT+CSORXGET=3,0,100")).toBe(framed("+CSORXGET: 3,0,100,2\r\n6566", "OK"));
  });

  it("has five ids, a status, and is gone after AT+CSOCL", () => {
    const { modem, connection } = connected();
    for (let id = 1; id < 5; id++) expect(modem.at("AT+CSOC=1,2,1")).toBe(framed(`+CSOC: ${id}`, "OK"));
    expect(modem.at("AT+CSOC=1,1,1")).toBe(framed("ERROR"));
    expect(modem.at("AT+CSOSTATUS=0")).toBe(framed("+CSOSTATUS: 0,2", "OK"));
    expect(modem.at("AT+CSOSTATUS=1")).toBe(framed("+CSOSTATUS: 1,1", "OK"));
    expect(modem.at("AT+CSOCL=0")).toBe(framed("OK"));
    expect(modem.at("AT+CSOSTATUS=0")).toBe(framed("+CSOSTATUS: 0,0", "OK"));
    expect(modem.at("AT+CSOCL=0")).toBe(framed("ERROR"));
    modem.wait(5);
    expect(connection.ended).toBe(true);
  });

  it("reports a refused connection after the round trip", () => {
    const modem = registered({ ...fixed, server: () => echo().server });
    modem.at("AT+CSOC=1,1,1");
    expect(modem.at('AT+CSOCON=0,1,"117.131.85.139"', 0.1)).toBe("");
    modem.wait(5);
    expect(modem.heard()).toBe(framed("ERROR", "+CSOERR: 0,3"));
  });

  it("refuses to connect without registration, twice, or with a wrong format", () => {
    const { modem } = connected();
    expect(modem.at('AT+CSOCON=0,8409,"117.131.85.139"', 2)).toBe(framed("ERROR"));
    expect(modem.at("AT+CSOCON=0,8409", 2)).toBe(framed("ERROR"));
    modem.at("AT+CFUN=0", 3);
    modem.at("AT+CSOC=1,1,1");
    expect(modem.at('AT+CSOCON=1,8409,"117.131.85.139"', 2)).toBe(framed("ERROR", "+CSOERR: 1,11"));
  });

  it("tells that the far end closed, and can be connected again", () => {
    const { modem, connection } = connected();
    connection.events.closed();
    modem.wait(5);
    expect(modem.heard()).toBe(framed("+CSOERR: 0,-1"));
    expect(modem.at("AT+CSOSEND=0,8,deadbeef", 2)).toBe(framed("ERROR"));
    expect(modem.at('AT+CSOCON=0,8409,"117.131.85.139"', 5)).toBe(framed("OK"));
  });

  it("takes host names, which cost a round trip more, unless the firmware does not know them", () => {
    const { modem, connections } = connected();
    modem.at("AT+CSOC=1,1,1");
    expect(modem.at('AT+CSOCON=1,8409,"broker.example"', 5)).toBe(framed("OK"));
    expect(connections[1]).toMatchObject({ host: "broker.example" });
    expect(modem.at('AT+CDNSGIP="broker.example"', 5)).toBe(
      framed("OK", '+CDNSGIP: 1,"broker.example","198.51.100.1"'),
    );
    modem.at("AT+CSOC=1,1,1");
    expect(modem.at('AT+CSOCON=2,8409,"198.51.100.1"', 5)).toBe(framed("OK"));
    expect(connections[2]).toMatchObject({ host: "broker.example" });
    const old = registered({ ...fixed, quirks: { resolvesNames: false } });
    old.at("AT+CSOC=1,1,1");
    expect(old.at('AT+CSOCON=0,8409,"broker.example"', 5)).toBe(framed("ERROR"));
  });
});

describe("a report over MQTT", () => {
  it("reaches the sink", () => {
    const modem = registered(fixed);
    report(modem, { payload: "21.5" });
    expect(modem.sink.received).toMatchObject([
      { topic: "n1/t", qos: 1, payload: new Uint8Array(Buffer.from("21.5")) },
    ]);
  });

  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close();
  });

  it("reaches a real broker, and takes the same virtual time as with the sink", async () => {
    const toSink = registered(fixed);
    report(toSink, { payload: "21.5" });
    const nowUs = { of: () => 0 };
    const broker = await createEmbeddedBroker({ nowUs: () => nowUs.of() });
    running.push(broker);
    const modem = registered({ ...fixed, server: () => broker });
    nowUs.of = () => modem.clock.nowUs;
    await reportTo(modem, broker, { payload: "21.5" });
    expect(broker.received.map(({ topic, payload }) => [topic, Buffer.from(payload).toString()])).toEqual([
      ["n1/t", "21.5"],
    ]);
    expect(broker.received[0]!.atUs).toBe(toSink.sink.received[0]!.atUs);
    expect(modem.clock.nowUs).toBe(toSink.clock.nowUs);
  });

  it("arrives whole and in order on a network that loses packets", () => {
    const { server, connections } = echo();
    const profile = { ...findProfile("nokia-za"), lossRatio: { ...ideal.lossRatio, value: 0.2 } };
    const modem = registered({ ...fixed, profile, server: () => server });
    modem.at("AT+CSOC=1,1,1");
    modem.send('AT+CSOCON=0,8409,"192.0.2.1"\r');
    modem.untilHeard("OK");
    for (let part = 0; part < 8; part++) modem.at(`AT+CSOSEND=0,0,"part ${part} "`, 0.2);
    modem.heard();
    modem.wait(600);
    const text = Array.from({ length: 8 }, (_, part) => `part ${part} `).join("");
    expect(Buffer.from(connections[0]!.got).toString()).toBe(text);
    const indicated = [...modem.heard().matchAll(/\+CSONMI: 0,\d+,([0-9A-F]+)/g)].map((match) => match[1]).join("");
    expect(Buffer.from(indicated, "hex").toString()).toBe(text);
  });
});

describe("without coverage", () => {
  /** Covered except between these seconds. */
  const gap = (from: number, until: number) => ({
    covered: (clock: { now: number }) => clock.now < from || clock.now >= until,
  });

  it("searches in vain, pauses longer and longer, and registers when the cell is back", () => {
    const modem = bench({ ...fixed, ...gap(0, 1000) });
    modem.press(1.2);
    modem.wait(500);
    expect(modem.at("AT+CEREG?")).toContain("+CEREG: 0,2");
    expect(modem.at("AT+CSQ")).toContain("+CSQ: 99,99");
    const starts = modem.states.filter(([, state]) => state === "search").map(([seconds]) => seconds);
    const gaps = starts.slice(1).map((start, index) => Math.round(start - starts[index]!));
    expect(gaps.slice(0, 3)).toEqual([70, 100, 160]);
    modem.at("AT+CEREG=1");
    modem.untilHeard("+CEREG: 1", 800);
    expect(modem.clock.now).toBeGreaterThan(1000);
  });

  it("notices the loss, stalls a connection, and carries on after it", () => {
    const { modem, connection } = connected(gap(30, 200));
    modem.at("AT+CEREG=1");
    modem.clock.runUntil(31e6);
    expect(modem.at("AT+CSOSEND=0,8,deadbeef")).toBe(framed("OK"));
    modem.untilHeard("+CEREG: 2", 15);
    modem.heard();
    modem.clock.runUntil(199e6);
    expect(connection.got).toEqual([]);
    modem.untilHeard("+CSONMI: 0,8,DEADBEEF", 200);
    expect(modem.at("AT+CSOSTATUS=0")).toBe(framed("+CSOSTATUS: 0,2", "OK"));
  });

  it("gives a connection up after many retransmissions", () => {
    const { modem, connection } = connected(gap(30, Infinity));
    modem.clock.runUntil(31e6);
    modem.at("AT+CSOSEND=0,8,deadbeef");
    modem.untilHeard("+CSOERR: 0,2", 900);
    expect(connection.ended).toBe(true);
  });

  it("fails to connect after a minute and a half", () => {
    const modem = registered({ ...fixed, ...gap(30, Infinity) });
    modem.at("AT+CSOC=1,1,1");
    modem.clock.runUntil(31e6);
    modem.send('AT+CSOCON=0,8409,"117.131.85.139"\r');
    modem.untilHeard(framed("ERROR", "+CSOERR: 0,2"), 120);
    expect(modem.clock.now).toBeGreaterThan(31 + 90);
  });

  it("wakes from PSM still believing in its registration, and finds out when it sends", () => {
    const psm = { psmMode: 1, psmTimers: { periodicTau: "00111000", activeTime: "00000001" } } as const;
    const modem = registered({ saved: { baud: 115_200, ...psm }, ...gap(60, 4000) });
    modem.until(() => modem.modem.state === "psm");
    modem.clock.runUntil(3600e6);
    modem.press(1);
    modem.wait(3);
    expect(modem.at("AT+CEREG?")).toContain("+CEREG: 0,1");
    modem.at("AT+CEREG=1");
    modem.at("AT+CSOC=1,1,1");
    expect(modem.at('AT+CSOCON=0,1883,"192.0.2.1"', 5)).toBe(framed("+CEREG: 2"));
  });
});

it("a broker that is down refuses, one that is silent leaves the device waiting", () => {
  for (const [fault, heard] of [
    ["down", framed("ERROR", "+CSOERR: 0,3")],
    ["silent", framed("OK")],
  ] as const) {
    const modem = registered({
      ...fixed,
      server: (clock) => withFaults(createSink({ nowUs: () => clock.nowUs }), (name) => name === fault),
    });
    modem.at("AT+CSOC=1,1,1");
    expect(modem.at('AT+CSOCON=0,1883,"192.0.2.1"', 60)).toBe(heard);
  }
});
