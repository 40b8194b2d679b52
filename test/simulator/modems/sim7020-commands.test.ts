import { describe, expect, it } from "vitest";
import { ideal } from "../../../tools/simulator/network/profiles.ts";
import { bench, framed, registered } from "./bench.ts";

const fixed = { saved: { baud: 115_200 } } as const;

describe("the manual's examples, byte for byte", () => {
  const rows: [command: string, ...answer: string[]][] = [
    ["AT", "OK"],
    ["ATI", "SIM7020 R1752", "OK"],
    ["AT+CGMM", "SIM7020E", "OK"],
    ["AT+CIMI", "460028216590952", "OK"],
    ["AT+CCID", "898600810906F8048812", "OK"],
    ["AT+CPIN?", "+CPIN: READY", "OK"],
    ["AT+CFUN?", "+CFUN: 1", "OK"],
    ["AT+CFUN=?", "+CFUN: (0,1,4,7),(0-2)", "OK"],
    ["AT+CMEE=?", "+CMEE: (0-2)", "OK"],
    ["AT+CSQ=?", "+CSQ: (0-31,99),(0-7,99)", "OK"],
    ["AT+COPS?", '+COPS: 0,2,"46000",9', "OK"],
    ["AT+CGATT?", "+CGATT: 1", "OK"],
    ["AT+CGREG?", "+CGREG: 0,1", "OK"],
    ["AT+CGACT?", "+CGACT: 1,1", "OK"],
    ["AT+CGCONTRDP", '+CGCONTRDP: 1,5,"cmnbiot","100.80.73.123.255.255.255.0"', "OK"],
    ["AT+CPSMS=?", '+CPSMS: (0-2),,,("00000000"-"11011111"),("00000000"-"11111111")', "OK"],
    ["AT+CPSMS?", "+CPSMS: 0", "OK"],
    ["AT+CEREG?", "+CEREG: 0,1", "OK"],
    ["AT+CPSMSTATUS=1", "OK"],
    ["AT+CPSMSTATUS?", "+CPSMSTATUS: 0", "OK"],
    ["AT+RETENTION=1", "OK"],
    ["AT+RETENTION?", "+RETENTION: 0", "OK"],
    ["AT+CEDRXS=?", '+CEDRXS: (0-3),(5),("0000"-"1111")', "OK"],
    ["AT+CEDRXS?", '+CEDRXS: 5,"0000"', "OK"],
    ["AT+CEDRXRDP", "+CEDRXRDP: 0", "OK"],
    ["AT+CNBIOTRAI?", "+CNBIOTRAI: 0", "OK"],
    ["AT+CLTS?", "+CLTS: 0", "OK"],
    ["AT+CSOC=?", "+CSOC: (1-2),(1-3),(1-2)", "OK"],
    ["AT+IPR?", "+IPR: 115200", "OK"],
    ["AT+CSCLK?", "+CSCLK: 0", "OK"],
    ["AT+CSOSTATUS=0", "+CSOSTATUS: 0,0", "OK"],
    ["AT+NOSUCH=1", "ERROR"],
    ["AT+CEREG=9", "ERROR"],
  ];
  it.each(rows)("%s", (command, ...answer) => {
    expect(registered(fixed).at(command)).toBe(framed(...answer));
  });

  it("shows registration, location and timers with AT+CEREG=0…5", () => {
    const modem = registered(fixed);
    const location = '1,"5B57","01A50B1A",9';
    const timers = '"00",,,"11100000","11100000"';
    const forms = [
      "0,1",
      "1,1",
      `2,${location}`,
      `3,${location}`,
      `4,${location},${timers}`,
      `5,${location},${timers}`,
    ];
    forms.forEach((form, n) => {
      expect(modem.at(`AT+CEREG=${n}`)).toBe(framed("OK"));
      expect(modem.at("AT+CEREG?")).toBe(framed(`+CEREG: ${form}`, "OK"));
    });
  });

  it("enables PSM once, and tells what the network granted", () => {
    // The note's network granted the active time and no extended T3412.
    const modem = registered({ ...fixed, profile: { ...ideal, periodicTau: "refused" } });
    modem.at("AT+CPSMSTATUS=1");
    modem.at("AT+CEREG=4");
    const line = (active: string) => `+CEREG: 1,"5B57","01A50B1A",9,"00",,,"${active}","11100000"`;
    expect(modem.at('AT+CPSMS=1,,,"01011111","00000001"', 5)).toBe(framed("OK", line("11100000"), line("00000001")));
    expect(modem.at("AT+CPSMS?")).toBe(framed('+CPSMS: 1,,,"01011111","00000001"', "OK"));
    expect(modem.at("AT+CEREG?")).toBe(framed('+CEREG: 4,1,"5B57","01A50B1A",9,"00",,,"00000001","11100000"', "OK"));
    expect(modem.at('AT+CPSMS=1,,,"00111000","00100001"', 5)).toBe(framed("OK"));
    expect(modem.at("AT+CEREG?")).toContain('"00000001","11100000"');
  });

  it("changes the APN with the radio off only", () => {
    const modem = registered(fixed);
    expect(modem.at('AT*MCGDEFCONT="IP","iot"')).toBe(framed("ERROR"));
    expect(modem.at("AT+CFUN=0")).toBe(framed("+CPIN: NOT READY", "OK"));
    expect(modem.at('AT*MCGDEFCONT="IP","iot"')).toBe(framed("OK"));
    expect(modem.at("AT+CFUN=1")).toBe(framed("OK", "+CPIN: READY"));
    modem.wait(20);
    expect(modem.at("AT+CGCONTRDP")).toContain('"iot"');
  });

  it("numbers its errors with AT+CMEE=1", () => {
    const modem = registered(fixed);
    modem.at("AT+CMEE=1");
    expect(modem.at("AT+CEREG=9")).toBe(framed("+CME ERROR: 50"));
    expect(modem.at("AT+NOSUCH")).toBe(framed("ERROR"));
  });

  it("grants eDRX, or reports none where the network refuses", () => {
    const modem = registered(fixed);
    modem.at('AT+CEDRXS=1,5, "0010"');
    expect(modem.at("AT+CEDRXRDP")).toBe(framed('+CEDRXRDP: 5,"0010","0010","0001"', "OK"));
    modem.at('AT*MEDRXCFG=1,5,"0010","0011"');
    expect(modem.at("AT+CEDRXRDP")).toBe(framed('+CEDRXRDP: 5,"0010","0010","0011"', "OK"));
    const refused = registered({ ...fixed, profile: { ...ideal, edrx: "refused" } });
    refused.at('AT+CEDRXS=1,5,"0010"');
    expect(refused.at("AT+CEDRXRDP")).toBe(framed("+CEDRXRDP: 0", "OK"));
  });

  it("tells the network's time without quotes, local or UTC", () => {
    const start = Date.UTC(2024, 0, 2, 5, 45, 0) / 1000;
    const modem = registered({ ...fixed, unixAtStart: start, profile: { ...ideal, zoneQuarters: 32 } });
    modem.clock.runUntil(59.5e6);
    expect(modem.at("AT+CCLK?")).toBe(framed("+CCLK: 24/01/02,13:45:59+32", "OK"));
    modem.at("AT+CURTC=0");
    expect(modem.at("AT+CCLK?")).toContain("+CCLK: 24/01/02,05:45:59+32");
    expect(modem.at('AT+CCLK="20/03/20,15:34:15+32"')).toBe(framed("OK"));
    modem.at("AT+CURTC=1");
    expect(modem.at("AT+CCLK?")).toContain("+CCLK: 20/03/20,15:34:15+32");
    expect(modem.at('AT+CSNTPSTART="pool.ntp.org"', 5)).toMatch(
      /^\r\nOK\r\n\r\n\+CSNTP: 24\/01\/02,05:46:\d\d:\d+\r\n$/,
    );
  });

  it("knows no time before the network told one", () => {
    const modem = registered({ ...fixed, profile: { ...ideal, tellsTime: false } });
    expect(modem.at("AT+CCLK?")).toContain("+CCLK: 00/01/01,00:00:");
  });

  it("announces the time with AT+CLTS=1", () => {
    const modem = bench({ saved: { baud: 115_200, reportTime: 1 }, profile: { ...ideal, zoneQuarters: 32 } });
    modem.press(1.2);
    modem.untilHeard("+CLTS: 24/01/02,13:45:3", 20);
  });

  it("reports signal and coverage level", () => {
    const modem = registered({
      ...fixed,
      profile: { ...ideal, coverage: { ...ideal.coverage, rsrpDbm: { ...ideal.coverage.rsrpDbm, value: -80 } } },
    });
    expect(modem.at("AT+CSQ")).toBe(framed("+CSQ: 20,0", "OK"));
    modem.wait(30);
    expect(modem.at("AT+CENG?")).toBe(framed('+CENG: 3707,3,44,"01A50B1A",-80,-11,-69,12,8,"5B57",0,100,-80', "OK"));
  });
});

describe("the command line", () => {
  it("takes several commands, any case, and stops at the first error", () => {
    const modem = registered(fixed);
    expect(modem.at("at+csclk=0;+CSCLK?;+CGATT?")).toBe(framed("+CSCLK: 0", "+CGATT: 1", "OK"));
    expect(modem.at("AT+CSCLK=7;+CGATT?")).toBe(framed("ERROR"));
  });

  it("echoes until ATE0, and again after ATE1", () => {
    const modem = registered(fixed);
    expect(modem.at("ATE1")).toBe(framed("OK"));
    expect(modem.at("AT+CSQ")).toMatch(/^AT\+CSQ\r\r\n\+CSQ: /);
  });

  it("ignores what does not start with AT, and refuses an endless line", () => {
    const modem = registered(fixed);
    expect(modem.at("hello")).toBe("");
    expect(modem.at(`AT+CSOSEND=0,0,"${"x".repeat(2100)}"`)).toBe(framed("ERROR"));
  });

  it("answers at the old rate before AT+IPR takes effect", () => {
    const modem = registered(fixed);
    expect(modem.at("AT+IPR=9600")).toBe(framed("OK"));
    expect(modem.rate).toBe(115_200);
    expect(modem.at("AT")).toBe("");
    modem.send("AT\r", 9600);
    modem.wait(0.1);
    expect(modem.heard()).toBe(framed("OK"));
    expect(modem.rate).toBe(9600);
  });

  it("puts unsolicited lines between the lines of an answer, never inside one", () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const modem = bench({ ...fixed, seed, profile: { ...ideal, tellsTime: false } });
      modem.press(1.2);
      modem.until(() => modem.states.some(([, state]) => state === "attach"));
      modem.at("ATE0");
      modem.at("AT+CEREG=1");
      // A question in the air while the registration changes.
      while (!modem.states.some(([, state]) => state === "connected")) {
        modem.send("AT+CGMM\r");
        modem.wait(0.03);
      }
      modem.wait(5);
      const lines = modem
        .heard()
        .split("\r\n")
        .filter((line) => line !== "");
      expect(new Set(lines)).toEqual(new Set(["SIM7020E", "OK", "+CEREG: 1"]));
      const at = lines.indexOf("+CEREG: 1");
      seen.add(`${lines[at - 1]} | ${lines[at + 1]}`);
    }
    expect(seen).toContain("SIM7020E | OK");
    expect(seen).toContain("OK | SIM7020E");
  });
});
