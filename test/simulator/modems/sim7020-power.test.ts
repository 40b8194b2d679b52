import { describe, expect, it } from "vitest";
import { ideal } from "../../../tools/simulator/network/profiles.ts";
import { bench, framed, registered } from "./bench.ts";

const fixed = { saved: { baud: 115_200 } } as const;
const bootLines = framed("RDY", "+CFUN: 1", "+CPIN: READY", "SMS Ready");

describe("the power key", () => {
  it("needs a second to switch the modem on", () => {
    const modem = bench(fixed);
    modem.press(0.9);
    modem.wait(10);
    expect(modem.modem.state).toBe("off");
    modem.press(1);
    expect(modem.modem.state).toBe("booting");
  });

  it("works through a transistor, where high presses and an undriven pin does not", () => {
    const modem = bench({ ...fixed, powerKeyWiring: "npn" });
    modem.press(1.1, 0);
    expect(modem.modem.state).toBe("off");
    modem.modem.powerKey.changed(undefined);
    modem.press(1.1, 1);
    expect(modem.modem.state).toBe("booting");
  });

  it("has its effect once per press", () => {
    const modem = bench(fixed);
    modem.press(30);
    expect(modem.modem.state).toBe("on");
  });

  it("switches a running modem off, and is deaf for five seconds after", () => {
    const modem = registered(fixed);
    modem.press(1.1);
    expect(modem.heard()).toBe(framed("NORMAL POWER DOWN"));
    modem.wait(1);
    expect(modem.modem.state).toBe("off");
    expect(modem.statusLevels).toEqual([1, 0]);
    modem.press(1.1);
    expect(modem.modem.state).toBe("off");
    modem.wait(3);
    modem.press(1.1);
    expect(modem.modem.state).toBe("booting");
  });
});

describe("booting", () => {
  it("takes two to three seconds until the UART answers; what was sent before is lost", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const modem = bench({ ...fixed, seed });
      modem.press(1);
      modem.send("AT\r");
      modem.until(() => modem.modem.state === "on");
      expect(modem.clock.now - 1).toBeGreaterThanOrEqual(2);
      expect(modem.clock.now - 1).toBeLessThanOrEqual(2.6);
      modem.wait(5);
      expect(modem.heard()).toBe(bootLines);
    }
  });

  it("prints its lines with a fixed rate only", () => {
    const modem = bench();
    modem.press(1);
    modem.wait(30);
    expect(modem.heard()).toBe("");
    expect(modem.modem.state).toBe("on");
  });

  it("loses the first AT while it learns the rate", () => {
    const modem = bench();
    modem.press(1);
    modem.wait(5);
    expect(modem.at("AT")).toBe("");
    expect(modem.at("AT")).toBe("AT\r\r\nOK\r\n");
    expect(modem.rate).toBe(115_200);
    modem.send("AT\r", 9600);
    modem.send("AT\r", 9600);
    modem.wait(0.1);
    expect(modem.rate).toBe(9600);
  });

  it("hears nothing at another rate than the fixed one", () => {
    const modem = registered(fixed);
    modem.send("AT\r", 9600);
    modem.wait(1);
    expect(modem.heard()).toBe("");
  });

  it("starts anew with AT+CFUN=1,1", () => {
    const modem = registered(fixed);
    expect(modem.at("AT+CFUN=1,1", 6)).toBe(framed("OK") + bootLines);
  });

  it("says farewell to AT+CPOWD=1 and is silent after", () => {
    const modem = registered(fixed);
    expect(modem.at("AT+CPOWD=1", 2)).toBe(framed("NORMAL POWER DOWN"));
    expect(modem.at("AT", 1)).toBe("");
    expect(modem.modem.state).toBe("off");
  });

  it("forgets what is not saved", () => {
    const modem = registered(fixed);
    modem.at("AT+CEREG=4");
    modem.at("AT+CPSMSTATUS=1");
    modem.at("AT&W");
    modem.at("AT+CPOWD=1", 10);
    modem.press(1.2);
    modem.wait(10);
    expect(modem.at("AT+CEREG?")).toBe(framed("+CEREG: 0,1", "OK"));
    expect(modem.at("AT+CPSMSTATUS?")).toBe(framed("+CPSMSTATUS: 1", "OK"));
  });
});

describe("PSM", () => {
  /** Registered, PSM granted with T3324 = 2 s and T3412 = 1 h, on its way into PSM. */
  function granted(options = {}) {
    const modem = registered({ ...fixed, ...options });
    modem.at("AT+CPSMSTATUS=1");
    modem.at('AT+CPSMS=1,,,"00000110","00000001"');
    return modem;
  }

  it("starts after the connection's tail and T3324, and is deaf", () => {
    const modem = granted();
    const askedAt = modem.clock.now;
    modem.untilHeard('+CPSMSTATUS: "ENTER PSM"', 60);
    // 10 s of tail and 2 s of T3324 after the update's answer.
    expect(modem.clock.now - askedAt).toBeGreaterThan(12);
    expect(modem.clock.now - askedAt).toBeLessThan(13.5);
    modem.heard();
    expect(modem.at("AT", 2)).toBe("");
    expect(modem.modem.state).toBe("psm");
  });

  it("ends with the power key, and returns after five seconds without traffic", () => {
    const modem = granted();
    modem.untilHeard("ENTER PSM");
    modem.wait(600);
    modem.heard();
    modem.press(1);
    modem.until(() => modem.modem.state === "on");
    const wokeAt = modem.clock.now;
    modem.wait(0.01);
    expect(modem.heard()).toBe(framed("+CPIN: READY", '+CPSMSTATUS: "EXIT PSM"'));
    modem.untilHeard("ENTER PSM");
    expect(modem.clock.now - wokeAt).toBeCloseTo(5, 1);
    expect(modem.states.slice(-4).map(([, state]) => state)).toEqual(["PSM", "boot", "idle", "PSM"]);
  });

  it("stays registered, and an AT every second keeps it awake", () => {
    const modem = granted();
    modem.untilHeard("ENTER PSM");
    modem.wait(100);
    modem.press(1);
    modem.wait(3);
    for (let second = 0; second < 30; second++) expect(modem.at("AT+CGATT?", 1)).toBe(framed("+CGATT: 1", "OK"));
    modem.wait(5.1);
    expect(modem.modem.state).toBe("psm");
  });

  it("ends by itself for the periodic update when T3412 expires", () => {
    const modem = granted();
    modem.untilHeard("ENTER PSM");
    modem.heard();
    const asleepAt = modem.clock.now;
    modem.untilHeard("EXIT PSM", 4000);
    // T3412 counts from the release, two seconds of T3324 before PSM; then the modem boots.
    expect(modem.clock.now - asleepAt).toBeGreaterThan(3598);
    expect(modem.clock.now - asleepAt).toBeLessThan(3602);
    modem.heard();
    modem.untilHeard("ENTER PSM");
    expect(modem.states.slice(-5).map(([, state]) => state)).toEqual(
      ["PSM", "boot", "idle", "connected", "idle", "PSM"].slice(-5),
    );
  });

  it("is impossible where the network grants no active time", () => {
    const modem = granted({ profile: { ...ideal, activeTime: "refused" } });
    modem.wait(600);
    expect(modem.modem.state).toBe("on");
    expect(modem.states.at(-1)?.[1]).toBe("idle");
  });

  it("follows the network's times, not the asked ones", () => {
    const modem = granted({ profile: { ...ideal, activeTime: { seconds: 30 } } });
    const askedAt = modem.clock.now;
    modem.untilHeard("ENTER PSM");
    expect(modem.clock.now - askedAt).toBeGreaterThan(40);
  });

  it("is blocked by an open TCP socket", () => {
    const modem = granted();
    modem.at("AT+CSOC=1,1,1");
    expect(modem.at('AT+CSOCON=0,1883,"192.0.2.1"', 5)).toBe(framed("OK"));
    modem.wait(600);
    expect(modem.modem.state).toBe("on");
    modem.at("AT+CSOCL=0");
    modem.wait(20);
    expect(modem.modem.state).toBe("psm");
  });

  it("keeps no release assistance and no sockets, except UDP with AT+RETENTION=1", () => {
    for (const [retention, status] of [
      [0, 0],
      [1, 2],
    ]) {
      const modem = granted();
      modem.at(`AT+RETENTION=${retention}`);
      modem.at("AT+CSOC=1,2,1");
      modem.at('AT+CSOCON=0,8309,"117.131.85.139"');
      modem.at("AT+CNBIOTRAI=1");
      modem.untilHeard("ENTER PSM");
      modem.press(1);
      modem.wait(3);
      expect(modem.at("AT+CSOSTATUS=0")).toBe(framed(`+CSOSTATUS: 0,${status}`, "OK"));
      expect(modem.at("AT+CNBIOTRAI?")).toBe(framed("+CNBIOTRAI: 0", "OK"));
    }
  });

  it("comes 20 s after a datagram without release assistance, 4 to 5 s with it", () => {
    const tail20 = { profile: { ...ideal, inactivitySeconds: { ...ideal.inactivitySeconds, value: 17 } } };
    for (const [assistance, low, high] of [
      [0, 19, 21],
      [1, 4, 5.5],
    ] as const) {
      const modem = granted(tail20);
      modem.untilHeard("ENTER PSM");
      modem.wait(60);
      modem.press(1);
      modem.wait(3);
      modem.at(`AT+CNBIOTRAI=${assistance}`);
      modem.at("AT+CSOC=1,2,1");
      modem.at('AT+CSOCON=0,8309,"117.131.85.139"');
      const sentAt = modem.clock.now;
      modem.at('AT+CSOSEND=0,0,"Hello Light"');
      modem.untilHeard("ENTER PSM");
      expect(modem.clock.now - sentAt).toBeGreaterThan(low);
      expect(modem.clock.now - sentAt).toBeLessThan(high);
    }
  });
});

describe("slow clock", () => {
  it("sleeps after silence with AT+CSCLK=2, and loses the characters that wake it", () => {
    const modem = registered(fixed);
    modem.at("AT+CSCLK=2");
    modem.wait(60);
    expect(modem.ledger.batteryAmps).toBeCloseTo(0.46e-3, 6);
    modem.send("A");
    modem.wait(0.05);
    expect(modem.at("AT", 0.04)).toBe("");
    modem.wait(0.1);
    expect(modem.at("AT")).toBe(framed("OK"));
  });

  it("sleeps and wakes with DTR when AT+CSCLK=1", () => {
    const modem = registered(fixed);
    modem.at("AT+CSCLK=1");
    modem.wait(30);
    modem.modem.dtr.changed(1);
    modem.wait(1);
    expect(modem.at("AT")).toBe("");
    modem.modem.dtr.changed(0);
    modem.wait(0.2);
    expect(modem.at("AT")).toBe(framed("OK"));
  });

  it("draws what the datasheet says for eDRX", () => {
    const rows: [string, string, number][] = [
      ["0010", "0011", 130],
      ["0101", "0111", 95],
      ["1001", "0111", 77.5],
      ["1011", "1111", 69],
    ];
    for (const [cycle, window, microamps] of rows) {
      const modem = registered(fixed);
      modem.at(`AT*MEDRXCFG=1,5,"${cycle}","${window}"`);
      modem.at("AT+CSCLK=2");
      modem.wait(60);
      expect(modem.ledger.batteryAmps * 1e6).toBeGreaterThan(microamps * 0.98);
      expect(modem.ledger.batteryAmps * 1e6).toBeLessThan(microamps * 1.02);
    }
  });
});

describe("faults and supply", () => {
  it("answers nothing while silent, and garbage while garbled", () => {
    let fault = "silent";
    const modem = bench({ ...fixed, fault: (name) => name === fault });
    modem.press(1.2);
    modem.wait(30);
    expect(modem.at("AT", 1)).toBe("");
    fault = "garbage";
    expect(modem.at("ATE0", 1).length).toBeGreaterThan(4);
    fault = "";
    expect(modem.at("AT")).toBe(framed("OK"));
  });

  it("draws nothing without supply, and starts from off", () => {
    const modem = registered(fixed);
    modem.modem.power(false);
    expect(modem.ledger.batteryAmps).toBe(0);
    modem.press(2);
    expect(modem.modem.state).toBe("off");
    modem.modem.power(true);
    expect(modem.ledger.batteryAmps).toBeCloseTo(12e-6, 9);
    modem.press(1.2);
    expect(modem.modem.state).toBe("booting");
  });
});
