import { describe, expect, it } from "vitest";
import { transmitAmps } from "../../../tools/simulator/modems/figures.ts";
import { sim7020Figures } from "../../../tools/simulator/modems/sim7020-figures.ts";
import { findProfile } from "../../../tools/simulator/network/profiles.ts";
import type { CellProfileName } from "../../../tools/simulator/network/profiles.ts";
import { bench, registered } from "./bench.ts";
import { report, wake } from "./report.ts";

const psm = { psmMode: 1, psmTimers: { periodicTau: "00111000", activeTime: "00000001" }, reportPsm: 1 } as const;

function asleep(profile: CellProfileName, seed = 1) {
  const modem = registered({ saved: { baud: 115_200, ...psm }, profile: findProfile(profile), seed });
  modem.until(() => modem.modem.state === "psm", 600);
  modem.heard();
  return modem;
}

function datagram(modem: ReturnType<typeof asleep>, assistance: 0 | 1, bytes = 64) {
  if (assistance) modem.at(`AT+CNBIOTRAI=${assistance}`);
  modem.at("AT+CSOC=1,2,1");
  modem.at('AT+CSOCON=0,8309,"117.131.85.139"');
  modem.at(`AT+CSOSEND=0,0,"${"x".repeat(bytes)}"`);
}

/** Joules of each of `count` datagrams, from the command to PSM, without the modem's own boot. */
function datagrams(profile: CellProfileName, assistance: 0 | 1, count = 200, bytes = 64): number[] {
  const modem = asleep(profile);
  return Array.from({ length: count }, () => {
    modem.wait(600);
    wake(modem);
    const before = modem.ledger.batteryJoules();
    datagram(modem, assistance, bytes);
    modem.until(() => modem.modem.state === "psm", 600);
    return modem.ledger.batteryJoules() - before;
  }).sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], q: number) => sorted[Math.floor(q * (sorted.length - 1))]!;

describe("the ledger", () => {
  it("sums to what the battery lost, cause by cause", () => {
    const modem = asleep("vodafone-es");
    for (let day = 0; day < 5; day++) {
      modem.wait(86_400 / 4);
      wake(modem);
      report(modem, {}, 300);
      modem.until(() => modem.modem.state === "psm", 600);
    }
    const causes = [...modem.ledger.causes()];
    const sum = causes.reduce((total, [, joules]) => total + joules, 0);
    expect(sum).toBeCloseTo(modem.ledger.batteryJoules(), 9);
    for (const name of ["off", "boot", "search", "attach", "transmit", "receive", "connected", "idle", "PSM"]) {
      expect(modem.joules(name), name).toBeGreaterThan(0);
    }
    const explained = modem.modem.causes;
    for (const [cause] of causes)
      if (cause.startsWith("modem: ")) expect(explained.get(cause)?.length, cause).toBeGreaterThan(0);
  });

  it("draws the datasheet's currents where nothing happens", () => {
    const modem = bench({ saved: { baud: 115_200 } });
    expect(modem.ledger.batteryAmps).toBe(12e-6);
    const idle = registered({ saved: { baud: 115_200 } });
    idle.wait(60);
    expect(idle.ledger.batteryAmps).toBe(5.6e-3);
    expect(asleep("ideal").ledger.batteryAmps).toBe(3.4e-6);
  });

  it("costs a day of PSM 0.97 J at 3.3 V", () => {
    const modem = asleep("ideal");
    const before = modem.ledger.batteryJoules();
    modem.wait(80_000);
    expect(modem.ledger.batteryJoules() - before).toBeCloseTo(3.4e-6 * 3.3 * 80_000, 6);
  });

  it("transmits at the published currents", () => {
    expect([0, 10, 23].map((dbm) => Math.round(transmitAmps(sim7020Figures, dbm) * 1e3))).toEqual([25, 35, 128]);
    expect(transmitAmps(sim7020Figures, -20)).toBe(transmitAmps(sim7020Figures, 0));
    expect(transmitAmps(sim7020Figures, 16.5)).toBeGreaterThan(transmitAmps(sim7020Figures, 10));
  });

  it("names its unverified figures", () => {
    expect(sim7020Figures.receiveMilliamps.confidence).toBe("inferred");
    expect(sim7020Figures.bootMilliamps.confidence).toBe("inferred");
    expect(sim7020Figures.psmMicroamps.confidence).toBe("datasheet");
  });
});

describe("joules per datagram of 64 bytes, against published ranges", () => {
  it("with a 20 s tail: Martinez 2019 mode M1, 0.30-0.90 J (platform A), 0.95-1.75 J (B)", () => {
    const joules = datagrams("vodafone-es", 0);
    expect(quantile(joules, 0.5)).toBeGreaterThan(0.3);
    expect(quantile(joules, 0.5)).toBeLessThan(0.95);
    expect(quantile(joules, 0.9)).toBeLessThan(1.75);
  });

  it("released at once: Martinez 2019 mode M3, 0.13-0.75 J (A), 0.25-1.1 J (B)", () => {
    const joules = datagrams("vodafone-es", 1);
    expect(quantile(joules, 0.1)).toBeGreaterThan(0.13);
    expect(quantile(joules, 0.5)).toBeLessThan(0.75);
    expect(quantile(joules, 0.9)).toBeLessThan(1.1);
  });

  it("costs hardly more with 512 bytes than with 64 in good coverage", () => {
    const small = quantile(datagrams("ericsson-za", 0, 100, 64), 0.3);
    const large = quantile(datagrams("ericsson-za", 0, 100, 512), 0.3);
    expect(large / small).toBeGreaterThan(1);
    expect(large / small).toBeLessThan(1.25);
  });

  it("costs several times more on the worst network", () => {
    expect(
      quantile(datagrams("nokia-za", 0, 100), 0.5) / quantile(datagrams("ericsson-za", 0, 100), 0.5),
    ).toBeGreaterThan(2.5);
  });

  it("saves most of the tail with release assistance", () => {
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(datagrams("ideal", 1, 20))).toBeLessThan(0.65 * mean(datagrams("ideal", 0, 20)));
  });
});

describe("a run", () => {
  const story = (seed: number) => {
    const modem = asleep("ericsson-za", seed);
    let said = "";
    for (let index = 0; index < 10; index++) {
      modem.wait(3600);
      wake(modem);
      report(modem, { messageId: index + 1 }, 300);
      modem.until(() => modem.modem.state === "psm", 600);
      said += modem.heard();
    }
    return JSON.stringify([modem.clock.nowUs, said, modem.states, [...modem.ledger.causes()], modem.sink.received]);
  };

  it("is the same to the byte with the same seed, and another with another", () => {
    expect(story(7)).toBe(story(7));
    expect(story(7)).not.toBe(story(8));
  });

  it("needs few alarms per report, so that ten years stay cheap", () => {
    const modem = asleep("vodafone-es");
    let alarms = 0;
    const { at } = modem.clock;
    modem.clock.at = function (...parameters) {
      alarms++;
      return at.apply(this, parameters);
    };
    const reports = 50;
    for (let index = 0; index < reports; index++) {
      modem.wait(21_600);
      wake(modem);
      report(modem, { messageId: index + 1 }, 600);
      modem.until(() => modem.modem.state === "psm", 600);
    }
    expect(alarms / reports).toBeLessThan(35);
  });
});
