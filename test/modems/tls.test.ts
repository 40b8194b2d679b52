/** TLS in the modem: who is believed, what a refusal is called, and what the handshake costs. */
import mqttPacket from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { MODEM_ERROR, NO_ROUTE, SETTINGS, UNTRUSTED } from "../../lib/faults.ts";
import { bg96TlsFamily, bg96TlsPort } from "../../lib/modems/bg96-tls.ts";
import { certificateName } from "../../lib/modems/certificate.ts";
import { sim7080TlsFamily, sim7080TlsPort } from "../../lib/modems/sim7080-tls.ts";
import { vodafoneEs } from "../../tools/simulator/network/profiles.ts";
import type { Certificate } from "../../tools/simulator/network/tls.ts";
import { framed, registered, unixAtStart } from "../simulator/modems/bench.ts";
import { linked, type LinkedOptions } from "./linked.ts";

const pem = (key: string) =>
  ["-----BEGIN CERTIFICATE-----", ...Array.from({ length: 18 }, () => key.repeat(8).slice(0, 64)), "-----END CERTIFICATE-----", ""].join("\n"); // prettier-ignore
const ours = pem("MIIDqjCCApKgAwIB");
const theirs = pem("MIIERjCCAy6gAwIC");
const year = 365 * 86_400;
const good: Certificate = {
  authority: ours,
  names: ["broker.example"],
  from: unixAtStart - year,
  until: unixAtStart + year,
};
const psm = { psmMode: 1, psmTimers: { periodicTau: "01011111", activeTime: "00000001" } } as const;

const makers = {
  sim7080: {
    family: sim7080TlsFamily,
    wrap: sim7080TlsPort,
    writes: "AT+CFSWFILE=",
    opens: "AT+CAOPEN=",
    flag: "file 3/",
  },
  bg95: { family: bg96TlsFamily, wrap: bg96TlsPort, writes: "AT+QFUPL=", opens: "AT+QSSLOPEN=", flag: "UFS " },
  bg96: { family: bg96TlsFamily, wrap: bg96TlsPort, writes: "AT+QFUPL=", opens: "AT+QSSLOPEN=", flag: "UFS " },
} as const;
type Name = keyof typeof makers;
const names = Object.keys(makers) as Name[];

function secured(
  name: Name,
  certificate: Certificate | undefined,
  options: LinkedOptions = {},
  ca = ours,
  verify = true,
) {
  const { family, wrap } = makers[name];
  return linked(name, {
    saved: { ...psm },
    certificate: (_host, port) => (port === 8883 ? certificate : undefined),
    make: { family: family(ca, verify), wrap },
    ...options,
  });
}

function open(link: ReturnType<typeof linked>, port = 8883, host = "broker.example") {
  const modem = link.driver();
  expect(link.until((done) => modem.up(done))).toBe(0);
  let received = "";
  const fault = link.until(
    (done) =>
      modem.open(
        host,
        port,
        (bytes) => (received += bytes),
        () => {},
        done,
      ),
    120,
  );
  return { modem, fault, received: () => Buffer.from(received, "latin1").toString("hex") };
}

const messages =
  mqttPacket.generate({ cmd: "connect", clientId: "n1", clean: true, keepalive: 60 }).toString("latin1") +
  mqttPacket
    .generate({ cmd: "publish", topic: "t", payload: "x", qos: 1, messageId: 7, retain: false, dup: false })
    .toString("latin1");

describe.each(names)("%s", (name) => {
  test("a report over TLS: the CA is written into the modem once", () => {
    const link = secured(name, good);
    const written = () => link.commands.filter((command) => command.startsWith(makers[name].writes)).length;
    for (let i = 0; i < 2; i++) {
      const { modem, fault, received } = open(link);
      expect(fault).toBe(0);
      expect(link.until((done) => modem.send(messages, done))).toBe(0);
      for (let s = 0; s < 60 && received().length < 16; s++) link.sim.wait(1);
      expect(received()).toBe("2002000040020007");
      expect(link.until((done) => modem.down(done))).toBe(0);
      link.sim.until(() => link.sim.modem.state === "psm", 120);
      expect(written()).toBe(1);
    }
    expect(link.sim.sink.received.length).toBe(2);
    expect(link.sim.joules("TLS handshake")).toBeGreaterThan(0.01);
  });

  test("a write that was cut off is made good", () => {
    const flags = { [makers[name].flag + certificateName(ours)]: ours.slice(0, 500) };
    const { fault } = open(secured(name, good, { saved: { ...psm, flags } }));
    expect(fault).toBe(0);
  });

  describe("refused, as a fault of its own", () => {
    test.each<[string, Partial<Certificate>]>([
      ["signed by another CA", { authority: theirs }],
      ["expired", { until: unixAtStart - 1 }],
      ["not valid yet", { from: unixAtStart + year }],
      ["for another name", { names: ["other.example"] }],
    ])("a certificate that is %s; nothing of the device's is sent", (_, wrong) => {
      // the manual of BG96 knows no AT+QSSLCFG="checkhost"
      if (wrong.names && name === "bg96") return;
      const link = secured(name, { ...good, ...wrong });
      const { modem, fault } = open(link);
      expect(fault).toBe(UNTRUSTED);
      expect(link.until((done) => modem.down(done))).toBe(0);
      expect(link.sim.sink.received).toEqual([]);
    });

    test("a modem that was never told the time: the certificate looks wrong", () => {
      const link = secured(name, good, { profile: { ...vodafoneEs, tellsTime: false } });
      expect(open(link).fault).toBe(UNTRUSTED);
    });

    test("a port without TLS", () => expect(open(secured(name, good), 1883).fault).toBe(UNTRUSTED));

    test("nobody there is no question of trust", () => {
      const server = () => ({
        connect: () => undefined,
        busy: false,
        settled: () => Promise.resolve(),
        close: () => Promise.resolve(),
      });
      expect(open(secured(name, good, { server })).fault).toBe(NO_ROUTE);
    });

    test("no CA in the settings: nothing is opened", () => {
      const link = secured(name, good, {}, "");
      expect(open(link).fault).toBe(SETTINGS);
      expect(link.commands.some((command) => command.startsWith(makers[name].opens))).toBe(false);
    });

    test("a file that is no certificate", () => {
      expect(open(secured(name, good, {}, "x".repeat(100))).fault).toBeGreaterThan(0);
    });
  });

  test("without verification, which must be asked for, any server is believed", () => {
    expect(open(secured(name, { ...good, authority: theirs }, {}, "", false)).fault).toBe(0);
  });

  test("a TLS port hangs up on whoever does not speak it", () => {
    const link = linked(name, { saved: psm, certificate: () => good });
    const { modem, fault, received } = open(link);
    expect(fault).toBe(0);
    link.until((done) => modem.send(messages, done));
    link.sim.wait(30);
    expect(received()).toBe("");
    expect(link.sim.sink.received).toEqual([]);
  });

  test("what the handshake costs: bytes, seconds, joules of its own in the ledger", () => {
    const measure = (tls: boolean) => {
      const link = tls
        ? secured(name, good, { profile: vodafoneEs })
        : linked(name, { saved: psm, profile: vodafoneEs });
      const { modem } = open(link, tls ? 8883 : 1883);
      link.until((done) => modem.down(done));
      link.sim.until(() => link.sim.modem.state === "psm", 120);
      link.sim.wait(60);
      const before = { ...link.sim.modem.counters };
      const [joules, t] = [link.joules(), link.clock.now];
      const again = open(link, tls ? 8883 : 1883);
      expect(again.fault).toBe(0);
      const seconds = link.clock.now - t;
      link.until((done) => again.modem.send(messages, done));
      link.sim.wait(15);
      link.until((done) => again.modem.down(done));
      link.sim.until(() => link.sim.modem.state === "psm", 120);
      const { transmitBytes, receiveBytes } = link.sim.modem.counters;
      const bytes = [transmitBytes - before.transmitBytes, receiveBytes - before.receiveBytes] as const;
      return { seconds, joules: link.joules() - joules, bytes, handshake: link.sim.joules("TLS handshake") / 2 };
    };
    const [plain, tls] = [measure(false), measure(true)];
    console.log(
      `TLS on ${name}, vodafone-es: ${(tls.joules - plain.joules).toFixed(2)} J (${tls.handshake.toFixed(2)} J booked as handshake), ` +
        `${(tls.seconds - plain.seconds).toFixed(1)} s, ${tls.bytes[0] - plain.bytes[0]} bytes up, ${tls.bytes[1] - plain.bytes[1]} down`,
    );
    expect(tls.bytes[1] - plain.bytes[1]).toBeGreaterThan(2600);
    expect(tls.joules).toBeGreaterThan(plain.joules);
  });
});

describe("the SSL application note's commands", () => {
  test("a CA is written, converted, used; one that was not converted is refused", () => {
    const modem = registered({ family: "sim7080", saved: { baud: 115_200 } });
    expect(modem.at("AT+CFSINIT")).toBe(framed("OK"));
    expect(modem.at(`AT+CFSWFILE=3,"root.pem",0,${ours.length},10000`)).toBe(framed("DOWNLOAD"));
    modem.send(ours);
    modem.wait(0.2);
    expect(modem.heard()).toContain("OK");
    expect(modem.at('AT+CFSGFIS=3,"root.pem"')).toBe(framed(`+CFSGFIS: ${ours.length}`, "OK"));
    expect(modem.at('AT+CASSLCFG=0,"CACERT","root.pem"')).toBe(framed("ERROR"));
    expect(modem.at('AT+CSSLCFG="CONVERT",2,"root.pem"')).toBe(framed("OK"));
    expect(modem.at('AT+CFSDFILE=3,"root.pem"')).toBe(framed("OK"));
    expect(modem.at("AT+CFSTERM")).toBe(framed("OK"));
    expect(modem.at('AT+CASSLCFG=0,"SSL",1')).toBe(framed("OK"));
    expect(modem.at('AT+CASSLCFG=0,"CRINDEX",0')).toBe(framed("OK"));
    expect(modem.at('AT+CASSLCFG=0,"CACERT","root.pem"')).toBe(framed("OK"));
  });
});

test.each(["sslversion", "seclevel", "ignorelocaltime", "cacert"])(
  "BG95 refuses the setting %s: nothing is opened, rather than half verified",
  (setting) => {
    const tamper = (command: string): string | undefined =>
      command.startsWith(`AT+QSSLCFG="${setting}"`) ? "\r\nERROR\r\n" : undefined;
    const link = secured("bg95", good, { tamper });
    expect(open(link).fault).toBe(MODEM_ERROR);
    expect(link.commands.some((command) => /^AT\+Q(SSL|I)OPEN/.test(command))).toBe(false);
  },
);

test("the modem of BG96 believes any name that its CA has signed", () => {
  expect(open(secured("bg96", { ...good, names: ["other.example"] })).fault).toBe(0);
});

describe("AT+QSSLOPEN and its kin, as public records have them", () => {
  const started = (certificate: Certificate) => {
    const options = { saved: { baud: 115_200 }, certificate: () => certificate } as const;
    const modem = registered({ family: "bg95", ...options });
    modem.at('AT+QICSGP=1,1,"iot.example"');
    modem.at("AT+QIACT=1", 5);
    return modem;
  };

  test("a file is uploaded, listed, not overwritten, deleted", () => {
    const modem = started(good);
    expect(modem.at(`AT+QFUPL="root.pem",${ours.length},60`)).toBe(framed("CONNECT"));
    modem.send(ours);
    modem.wait(0.5);
    expect(modem.heard()).toMatch(new RegExp(`\\+QFUPL: ${ours.length},[0-9a-f]{1,4}\r\n\r\nOK`));
    expect(modem.at('AT+QFLST="root.pem"')).toBe(framed(`+QFLST: "UFS:root.pem",${ours.length}`, "OK"));
    modem.at("AT+CMEE=1");
    expect(modem.at('AT+QFUPL="root.pem",100,60')).toBe(framed("+CME ERROR: 407"));
    expect(modem.at('AT+QFDEL="root.pem"')).toBe(framed("OK"));
    expect(modem.at('AT+QFLST="root.pem"')).toBe(framed("+CME ERROR: 405"));
  });

  test("as it comes it verifies nothing; at level 1 without a file every server is refused, by one code", () => {
    const modem = started({ ...good, authority: theirs });
    expect(modem.at('AT+QSSLOPEN=1,1,4,"broker.example",8883,1', 10)).toBe(framed("OK", "+QSSLOPEN: 4,0"));
    expect(modem.at("AT+QSSLCLOSE=4", 2)).toBe(framed("OK"));
    expect(modem.at('AT+QSSLCFG="seclevel",1,1')).toBe(framed("OK"));
    expect(modem.at('AT+QSSLOPEN=1,1,4,"broker.example",8883,1', 10)).toBe(framed("OK", "+QSSLOPEN: 4,566"));
  });
});
