import { readdirSync, readFileSync } from "node:fs";
import mqttPacket from "mqtt-packet";
import { describe, expect, test } from "vitest";
import type { ModemName } from "../../tools/simulator/modems/families.ts";
import { families } from "../../tools/simulator/modems/families.ts";
import { drivers, isUdp, linked } from "./linked.ts";

const names = Object.keys(families) as ModemName[];
const psm = { psmMode: 1, psmTimers: { periodicTau: "01011111", activeTime: "00000001" } } as const;

test("what a modem says is a key in quotes or brackets: the build shortens other names, and would not hear it", () => {
  const folder = "lib/modems";
  const bare = readdirSync(folder).flatMap((file) =>
    [...readFileSync(`${folder}/${file}`, "utf8").matchAll(/^ +([A-Z]{2,}[A-Z0-9]*)(?:: |\()/gm)].map(
      ([, name]) => `${file}: ${name}`,
    ),
  );
  expect(bare).toEqual([]);
});

/** One report as the uplink makes it: CONNECT, a message with QoS 1, DISCONNECT; returns what the far end sent. */
function report(link: ReturnType<typeof linked>, modem: ReturnType<typeof link.driver>, payload = "x".repeat(700)) {
  let received = "";
  let closed = 0;
  const opened = link.until((done) =>
    modem.open(
      "broker.example",
      1883,
      (bytes) => (received += bytes),
      () => closed++,
      done,
    ),
  );
  const bytes =
    mqttPacket.generate({ cmd: "connect", clientId: "n1", clean: true, keepalive: 60 }).toString("latin1") +
    mqttPacket
      .generate({ cmd: "publish", topic: "t", payload, qos: 1, messageId: 7, retain: false, dup: false })
      .toString("latin1");
  const sent = link.until((done) => modem.send(bytes, done));
  for (let i = 0; i < 60 && received.length < 8; i++) link.sim.wait(1);
  return { opened, sent, received: Buffer.from(received, "latin1").toString("hex"), closed };
}

describe.each(names.filter((name) => !isUdp(name)))("%s: our driver and the simulated modem", (name) => {
  test("from off to a broker and back to PSM, and again from PSM with less to say", () => {
    const link = linked(name);
    const modem = link.driver();
    expect(link.until((done) => modem.up(done))).toBe(0);
    expect(Math.abs(modem.time() - (1_704_174_330 + link.clock.now))).toBeLessThan(15);
    expect(report(link, modem)).toEqual({ opened: 0, sent: 0, received: "2002000040020007", closed: 0 });
    expect(link.sim.sink.received.map(({ payload }) => payload.length)).toEqual([700]);
    expect(link.until((done) => modem.down(done))).toBe(0);
    link.sim.until(() => link.sim.modem.state === "psm", 120);
    const first = link.commands.length;

    link.sim.wait(3600);
    const second = link.driver();
    expect(link.until((done) => second.up(done), 60)).toBe(0);
    expect(report(link, second, "y")).toMatchObject({ opened: 0, sent: 0, received: "2002000040020007" });
    expect(link.until((done) => second.down(done))).toBe(0);
    link.sim.until(() => link.sim.modem.state === "psm", 120);
    expect(link.commands.length - first).toBeLessThan(first);
    // settings are sent once
    expect(link.commands.slice(first).filter((command) => command.startsWith("AT+CPSMS="))).toEqual([]);
  });

  test("PSM refused: switched off between two reports, and found again", () => {
    const link = linked(name, { saved: psm, networkFault: (fault) => fault === "psm-refused" });
    for (let i = 0; i < 2; i++) {
      const modem = link.driver();
      expect(link.until((done) => modem.up(done))).toBe(0);
      expect(report(link, modem, "z")).toMatchObject({ opened: 0, sent: 0, received: "2002000040020007" });
      expect(link.until((done) => modem.down(done), 30)).toBe(0);
      link.sim.until(() => link.sim.modem.state === "off", 30);
      link.sim.wait(600);
    }
  });

  test("a broker that closes is told once", () => {
    const link = linked(name, { saved: psm });
    const modem = link.driver();
    link.until((done) => modem.up(done));
    let closed = 0;
    expect(
      link.until((done) =>
        modem.open(
          "broker.example",
          1883,
          () => {},
          () => closed++,
          done,
        ),
      ),
    ).toBe(0);
    // no CONNECT first: the broker hangs up
    link.until((done) => modem.send("\x30\x03\0\x01t", done));
    link.sim.wait(30);
    expect(closed).toBe(1);
    expect(link.until((done) => modem.down(done), 60)).toBe(0);
  });

  test("nobody listens: no route, within a minute and a half", () => {
    const server = () => ({
      connect: () => undefined,
      busy: false,
      settled: () => Promise.resolve(),
      close: () => Promise.resolve(),
    });
    const link = linked(name, { saved: psm, server });
    const modem = link.driver();
    link.until((done) => modem.up(done));
    expect(
      link.until(
        (done) =>
          modem.open(
            "broker.example",
            1883,
            () => {},
            () => {},
            done,
          ),
        90,
      ),
    ).toBe(20);
    expect(link.until((done) => modem.down(done), 60)).toBe(0);
  });
});

describe.each(names.filter(isUdp))("%s: our driver and the simulated modem", (name) => {
  const echo = () => ({
    connect: () => undefined,
    datagram: (_host: string, _port: number, bytes: Uint8Array, reply: (bytes: Uint8Array) => void) => reply(bytes),
    busy: false,
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });

  test("datagrams there and back, released at once, and to PSM", () => {
    const link = linked(name, { server: echo });
    const modem = link.driver();
    expect(link.until((done) => modem.up(done))).toBe(0);
    let received = "";
    const open = (done: (fault: number) => void) =>
      modem.open(
        "192.0.2.1",
        1884,
        (bytes) => (received += bytes),
        () => {},
        done,
        true,
      );
    expect(link.until(open)).toBe(0);
    expect(link.until((done) => modem.send("\0\x01\xffhello", done))).toBe(0);
    link.sim.wait(20);
    expect(received).toBe("\0\x01\xffhello");
    expect(link.until((done) => modem.down(done))).toBe(0);
    link.sim.until(() => link.sim.modem.state === "psm", 120);
  });

  test("TCP is refused with a clear fault: this modem has none", () => {
    const link = linked(name, { saved: psm });
    const modem = link.driver();
    link.until((done) => modem.up(done));
    expect(
      link.until((done) =>
        modem.open(
          "192.0.2.1",
          1883,
          () => {},
          () => {},
          done,
        ),
      ),
    ).toBe(20);
  });
});

test.each(names.flatMap((name) => names.filter((other) => other !== name).map((other) => [name, other] as const)))(
  "a %s driven as a %s fails with a fault, or works; it never hangs",
  (name, other) => {
    const link = linked(name, { driver: other });
    const modem = link.driver();
    const up = link.until((done) => modem.up(done), 600);
    expect(up).toBeDefined();
    if (up === 0) {
      const opened = link.until(
        (done) =>
          modem.open(
            "192.0.2.1",
            1883,
            () => {},
            () => {},
            done,
            isUdp(other),
          ),
        300,
      );
      const relatives = drivers[name].family === drivers[other].family;
      if (!relatives) expect(opened).toBeGreaterThan(0);
    }
    expect(link.until((done) => modem.down(done), 120)).toBe(0);
  },
);
