/** The GNSS receiver inside SIMCom's modems: what it says before and with a fix, how long that takes, what it shares. */
import { describe, expect, test } from "vitest";
import { bench, type BenchOptions } from "./bench.ts";

const here: Readonly<Record<string, number>> = { latitude: 31.221946, longitude: -121.355565, altitude: 3.417 };

/** Switched on, the radio off unless said otherwise. */
function on(options: BenchOptions = {}, radio = 0) {
  const modem = bench({ family: "sim7080", world: (quantity) => here[quantity]!, ...options });
  modem.press(1.5);
  modem.wait(5);
  for (const command of ["AT", "ATE0"]) modem.at(command, 0.5);
  modem.at(`AT+CFUN=${radio}`, 5);
  return modem;
}
type Modem = ReturnType<typeof on>;

const fields = (modem: Modem): string[] => /\+CGNSINF: (.*)\r/.exec(modem.at("AT+CGNSINF"))![1]!.split(",");

/** Seconds from now to the first report with a fix. */
function secondsToFix(modem: Modem, limit = 120): number {
  const start = modem.clock.now;
  while (fields(modem)[1] !== "1") {
    if (modem.clock.now - start > limit) return Infinity;
    modem.wait(0.2);
  }
  return modem.clock.now - start;
}

describe("SIM7080 (AT Command Manual V1.05, 8.2.1 to 8.2.5)", () => {
  test("is off at first, and says so in 18 fields", () => {
    const modem = on();
    expect(modem.at("AT+CGNSPWR?")).toBe("\r\n+CGNSPWR: 0\r\n\r\nOK\r\n");
    expect(modem.at("AT+CGNSPWR=?")).toBe("\r\n+CGNSPWR: (0,1)\r\n\r\nOK\r\n");
    expect(fields(modem)).toEqual(["0", ...new Array<string>(17).fill("")]);
    expect(modem.at("AT+CGNSPWR=2")).toContain("ERROR");
  });

  test("has an empty fix status and a place that is none before the first fix", () => {
    const modem = on();
    expect(modem.at("AT+CGNSPWR=1")).toBe("\r\nOK\r\n");
    const before = fields(modem);
    expect(before).toHaveLength(18);
    expect(before.slice(0, 6)).toEqual(["1", "", "", "0.000000", "0.000000", "-18.000"]);
  });

  test("gives time and place with a fix, in the lengths of table 8-1", () => {
    const modem = on();
    modem.at("AT+CGNSPWR=1");
    secondsToFix(modem);
    const [run, fix, time, latitude, longitude, altitude] = fields(modem);
    expect([run, fix, altitude]).toEqual(["1", "1", "3.417"]);
    expect(time).toMatch(/^20240102\d{6}\.\d{3}$/);
    expect(latitude).toMatch(/^31\.22\d{4}$/);
    expect(longitude).toMatch(/^-121\.35\d{4}$/);
    expect(fields(modem)).toHaveLength(18);
  });

  test("starts cold, hot within two hours of the last fix, warm after that, cold when its supply was gone", () => {
    const modem = on();
    const start = () => {
      modem.at("AT+CGNSPWR=1");
      const seconds = secondsToFix(modem);
      modem.at("AT+CGNSPWR=0");
      return seconds;
    };
    const cold = start();
    expect(cold).toBeGreaterThan(0.75 * 31 - 1);
    expect(cold).toBeLessThan(1.25 * 31 + 1);
    modem.wait(3600);
    expect(start()).toBeLessThan(2);
    modem.wait(7300);
    expect(start()).toBeGreaterThan(0.75 * 28 - 1);
    modem.modem.power(false);
    modem.wait(5);
    modem.modem.power(true);
    modem.press(1.5);
    modem.wait(5);
    modem.at("ATE0");
    modem.at("AT+CFUN=0", 5);
    modem.at("AT+CGNSPWR=1");
    expect(fields(modem).slice(3, 5)).toEqual(["0.000000", "0.000000"]);
    expect(secondsToFix(modem)).toBeGreaterThan(0.75 * 31 - 1);
  });

  test("starts as it is told", () => {
    const modem = on();
    modem.at("AT+CGNSPWR=1");
    secondsToFix(modem);
    modem.at("AT+CGNSCOLD");
    expect(secondsToFix(modem)).toBeGreaterThan(20);
    modem.at("AT+CGNSHOT");
    expect(secondsToFix(modem)).toBeLessThan(2);
  });

  test("hears nothing while LTE searches, attaches or is connected, and goes on when that is silent", () => {
    const modem = on({}, 1);
    modem.at("AT+CGNSPWR=1");
    const seconds = secondsToFix(modem);
    const alone = on();
    alone.at("AT+CGNSPWR=1");
    expect(seconds).toBeGreaterThan(secondsToFix(alone));
    expect(seconds).toBeLessThan(90);
    const without = on({ covered: () => false }, 1);
    without.at("AT+CGNSPWR=1");
    const search = without.states.filter(([, state]) => state === "search").length;
    expect(search).toBeGreaterThan(0);
  });

  test("keeps LTE from opening a connection while it is on", () => {
    const modem = on({}, 1);
    modem.wait(30);
    modem.at("AT+CGNSPWR=1");
    modem.at("AT+CNACT=0,1", 2);
    expect(modem.at('AT+CAOPEN=0,0,"TCP","10.0.0.1",1883', 20)).toContain("+CAOPEN: 0,27");
    modem.at("AT+CGNSPWR=0");
    expect(modem.at('AT+CAOPEN=0,0,"TCP","10.0.0.1",1883', 20)).toContain("+CAOPEN: 0,0");
  });

  test("draws its current under a cause of its own, and keeps the modem out of PSM", () => {
    const modem = on({ saved: { psmMode: 1, psmTimers: { periodicTau: "00100110", activeTime: "00000001" } } }, 1);
    modem.at("AT+CGNSPWR=1");
    modem.wait(600);
    expect(modem.modem.state).toBe("on");
    // 54 mA at 3.3 V for ten minutes
    expect(modem.joules("GNSS")).toBeGreaterThan(0.054 * 3.3 * 590);
    expect(modem.joules("GNSS")).toBeLessThan(0.054 * 3.3 * 630);
    modem.at("AT+CGNSPWR=0");
    modem.wait(60);
    expect(modem.modem.state).toBe("psm");
  });

  test("finds nothing while the sky is hidden", () => {
    const modem = on({ fault: (name) => name === "no-fix" });
    modem.at("AT+CGNSPWR=1");
    expect(secondsToFix(modem)).toBe(Infinity);
  });

  test("is gone with the modem, in every way of switching that off", () => {
    for (const off of ["AT+CPOWD=1", "AT+CREBOOT", "AT+CFUN=1,1"]) {
      const modem = on();
      modem.at("AT+CGNSPWR=1");
      modem.at(off, 10);
      const drawn = modem.joules("GNSS");
      modem.wait(100);
      expect(modem.joules("GNSS"), off).toBe(drawn);
    }
  });
});

test("SIM7000: 21 fields, and beside LTE", () => {
  const modem = on({ family: "sim7000" }, 1);
  expect(fields(modem)).toHaveLength(21);
  modem.at("AT+CGNSPWR=1");
  expect(fields(modem).slice(0, 4)).toEqual(["1", "0", "", ""]);
  expect(secondsToFix(modem)).toBeLessThan(1.25 * 35 + 1);
  expect(fields(modem)).toHaveLength(21);
});

test("an antenna with a switched supply hears nothing before it is fed, nor after it is not any more", () => {
  const modem = on({ family: "sim7000", switchedAntenna: true });
  modem.at("AT+CGNSPWR=1");
  expect(secondsToFix(modem)).toBe(Infinity);
  expect(modem.at("AT+CGPIO=0,48,1,1")).toContain("OK");
  expect(secondsToFix(modem)).toBeLessThan(1.25 * 35 + 1);
  modem.at("AT+CGPIO=0,48,1,0");
  expect(fields(modem)[1]).toBe("0");
});

test("a modem without a receiver does not know the commands", () => {
  expect(on({ family: "sim7020" }).at("AT+CGNSPWR=1")).toContain("ERROR");
});
