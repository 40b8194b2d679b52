/** What each family tells of its cell, and what becomes of it where it says nothing, or something else. */
import { describe, expect, test } from "vitest";
import { NOT_REGISTERED, UNREADY } from "../../lib/faults.ts";
import { modemDriver } from "../../lib/modems/driver.ts";
import type { Signal } from "../../lib/modems/signal.ts";
import { bc660kSignal, bc95Signal, bg96Signal, sim7020Signal, sim7080Signal } from "../../lib/modems/signal.ts";
import type { Host } from "../../lib/schedule/extensions.ts";
import type { ModemName } from "../../tools/simulator/modems/families.ts";
import { vodafoneEs } from "../../tools/simulator/network/profiles.ts";
import { drivers, isUdp, linked, type LinkedOptions } from "./linked.ts";
import { lines } from "./scripted-modem.ts";
import { psm } from "./tamper.ts";

const ways: Readonly<Record<ModemName, () => Signal>> = {
  sim7020: sim7020Signal,
  sim7080: sim7080Signal,
  sim7000: sim7080Signal,
  bc660k: bc660kSignal,
  bc66: bc660kSignal,
  bg96: bg96Signal,
  bg95: bg96Signal,
  bc95: bc95Signal,
  "sara-n2": bc95Signal,
};
const names = Object.keys(ways) as ModemName[];

/** A node's memory over several wakes; `report` is one wake with the radio. */
function node(name: ModemName, options: LinkedOptions = {}) {
  const kept: number[][] = [];
  let saves = 0;
  const link = linked(name, { saved: psm, profile: vodafoneEs, ...options });
  const boot = () => {
    const radio = ways[name]();
    radio.use({ kept, save: () => !!++saves } as unknown as Host);
    return radio;
  };
  return {
    link,
    read: () => boot().read(),
    saves: () => saves,
    report() {
      const radio = boot();
      const modem = radio.modem(modemDriver(link.setup, radio.family(drivers[name].family)));
      const nothing = (): void => {};
      const fault = link.until((done) => modem.up(done));
      const host = isUdp(name) ? "192.0.2.1" : "broker.example";
      if (fault === 0) {
        if (link.until((done) => modem.open(host, 1883, nothing, nothing, done, isUdp(name))) === 0)
          expect(link.until((done) => modem.send("\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02n1", done))).toBe(0);
        link.sim.wait(5);
      }
      expect(link.until((done) => modem.down(done), 60)).toBe(0);
      link.sim.wait(60);
      return fault;
    },
  };
}

describe.each(names)("%s", (name) => {
  const hasLevel = ways[name]().quantities.length === 2;

  test("tells what its network has, at every coverage level", () => {
    for (const level of [0, 1, 2] as const) {
      const one = node(name, { level: () => level });
      expect(one.read()).toBe(UNREADY);
      one.report();
      // after the first attach SIM7020 may have had no idle moment
      if (name === "sim7020") one.report();
      const rsrp = vodafoneEs.coverage.rsrpDbm.value;
      expect(one.read()).toEqual(hasLevel ? [rsrp, level] : [rsrp]);
      const before = one.saves();
      one.report();
      expect(one.saves()).toBe(before);
    }
  });

  test("without a cell the readings say so, and later it is back", () => {
    let covered = true;
    const one = node(name, { covered: () => covered, setup: { registerMs: 60_000 } });
    one.report();
    covered = false;
    one.link.sim.wait(24 * 3600);
    one.report();
    expect(one.read()).toBe(NOT_REGISTERED);
    covered = true;
    one.link.sim.wait(3600);
    expect(one.report()).toBe(0);
    one.report();
    expect(typeof one.read()).toBe("object");
  });

  test.each(["ERROR", "+CME ERROR: 4", "garbage\xff\x00, , ,,,"])("an answer of %s spoils no report", (answer) => {
    const asked = /CENG|CPSI|QENG|QCSQ|celevel|NUESTATS/;
    const one = node(name, { tamper: (command) => (asked.test(command) ? lines(answer, "OK") : undefined) });
    expect(one.report()).toBe(0);
    expect(one.read()).toBe(NOT_REGISTERED);
  });
});

/** Literal answers: AT manuals of SIM7080 V1.05 and BG96 V2.3, the field's own logs of BC660K, SIM7020 and SARA-N2. */
test.each<[ModemName, RegExp, string[], number[]]>([
  [
    "sim7080",
    /CPSI/,
    ["+CPSI: LTE NB-IOT,Online,460-11,0x5AE1,187212754,82,EUTRAN-BAND5,2506,0,0,-7,-115,-110,13"],
    [-115],
  ],
  [
    "sim7000",
    /CPSI/,
    ["+CPSI: LTE NB-IOT,Online,460-11,0x5AE1,187212754,82,EUTRAN-BAND5,2506,0,0,-7,-115,-110,13"],
    [-115],
  ],
  ["bc660k", /QENG/, ['+QENG: 0,1769,9,400,"00288516",-103,-9,-94,5,3,"A924",0,14,2'], [-103, 0]],
  ["bc66", /QENG/, ['+QENG:0,1769,9,400,"00288516",-103,-9,-94,5,3,"A924",2,23,2'], [-103, 2]],
  ["sim7020", /CENG/, ['+CENG: 3707,3,44,"01A50B1A",-80,-11,-69,12,8,"5B57",1,100,-80'], [-80, 1]],
  ["bg96", /QCSQ/, ['+QCSQ: "CAT-NB1",-52,-81,195,-10'], [-81, 0]],
  ["bg95", /QCSQ/, ['+QCSQ: "NBIoT",-107,-134,35,-20'], [-134, 0]],
  ["bc95", /NUESTATS/, ["Signal power:-825", "Total power:-696", "TX time:2286", "ECL:1", "SNR:36"], [-82.5, 1]],
  ["sara-n2", /NUESTATS/, ['NUESTATS: "RADIO","Signal power",-825', 'NUESTATS: "RADIO","ECL",1'], [-82.5, 1]],
])("%s: an answer as printed", (name, asked, answer, expected) => {
  const one = node(name, { tamper: (command) => (asked.test(command) ? lines(...answer, "OK") : undefined) });
  expect(one.report()).toBe(0);
  expect(one.read()).toEqual(expected);
});
