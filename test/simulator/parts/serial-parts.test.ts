import { describe, expect, test } from "vitest";
import { gnss } from "../../../tools/simulator/parts/gnss.ts";
import { crc, modbusMeter } from "../../../tools/simulator/parts/modbus-meter.ts";
import { pms7003 } from "../../../tools/simulator/parts/pms7003.ts";
import { ideal } from "./ideal.ts";

const hex = (text: string): number[] => text.split(" ").map((byte) => parseInt(byte, 16));

describe("PMS7003", () => {
  const dust = { pm1: 12, pm25: 345, pm10: 678 };
  const sensor = () => {
    const it = ideal(pms7003, dust);
    const send = (text: string, baud = 9600): void => it.part.serial!.receive(Uint8Array.from(hex(text)), baud);
    const frames = (): number[][] => {
      const bytes = it.sent.splice(0);
      return bytes.flatMap((byte, at) =>
        byte === 0x42 && bytes[at + 1] === 0x4d ? [bytes.slice(at, at + 4 + bytes[at + 3]!)] : [],
      );
    };
    return { ...it, send, frames };
  };

  test("frames of 32 bytes carry a sum and, after 30 s and more, the world's dust", () => {
    const { wait, frames } = sensor();
    wait(10_000);
    const early = frames();
    expect(early.length).toBeGreaterThan(5);
    expect(early[0]![12]! * 256 + early[0]![13]!).toBeLessThan(345);
    wait(60_000);
    const frame = frames().at(-1)!;
    expect(frame.slice(0, 4)).toEqual([0x42, 0x4d, 0x00, 0x1c]);
    expect(frame.length).toBe(32);
    expect([10, 12, 14].map((at) => frame[at]! * 256 + frame[at + 1]!)).toEqual([12, 345, 678]);
    expect(frame.slice(0, 30).reduce((sum, byte) => sum + byte, 0)).toBe(frame[30]! * 256 + frame[31]!);
  });

  test("in passive mode it answers requests only; asleep it draws 200 µA and says nothing", () => {
    const { wait, frames, send, coulombs } = sensor();
    wait(60_000);
    frames();
    send("42 4D E1 00 00 01 70");
    wait(5000);
    expect(frames()).toEqual([hex("42 4D 00 04 E1 00 01 74")]);
    send("42 4D E2 00 00 01 71");
    wait(100);
    expect(frames().map(({ length }) => length)).toEqual([32]);
    send("42 4D E4 00 00 01 73");
    frames();
    const before = coulombs("sensor: it active");
    wait(10_000);
    expect(frames()).toEqual([]);
    expect(coulombs("sensor: it active")).toBe(before);
    expect(coulombs("sensor: it sleeping")).toBeCloseTo(200e-6 * 10, 9);
    send("42 4D E4 00 01 01 74");
    send("42 4D E2 00 00 01 71");
    wait(100);
    expect(frames().length).toBe(1);
  });

  test("a command with a wrong sum or at another speed is not heard", () => {
    const { wait, frames, send } = sensor();
    wait(60_000);
    send("42 4D E4 00 00 01 74");
    send("42 4D E4 00 00 01 73", 115_200);
    frames();
    wait(10_000);
    expect(frames().length).toBeGreaterThan(2);
  });
});

describe("GNSS receiver", () => {
  const place = { latitude: 48.1173, longitude: 11.516667, altitude: 545.4 };
  const receiver = (wiring = {}) => {
    const it = ideal(gnss, place, wiring);
    const lines = (): string[] =>
      String.fromCharCode(...it.sent.splice(0))
        .split("\r\n")
        .filter(Boolean);
    const send = (text: string): void =>
      it.part.serial!.receive(
        Uint8Array.from(text, (char) => char.charCodeAt(0)),
        9600,
      );
    /** Seconds until the first sentence with a fix. */
    const fix = (): number => {
      const from = it.clock.now;
      lines();
      while (!lines().some((line) => /RMC,[\d.]+,A/.test(line))) it.wait(1000);
      return it.clock.now - from;
    };
    return { ...it, lines, send, fix };
  };
  const sum = (line: string): number =>
    [...line.slice(1, line.indexOf("*"))].reduce((code, char) => code ^ char.charCodeAt(0), 0);

  test("without a fix its fields are empty; every sentence has a sum and at most 82 characters", () => {
    const { wait, lines } = receiver();
    wait(1100);
    const early = lines();
    expect(early.find((line) => line.includes("RMC"))).toMatch(/^\$GNRMC,,V,,,,,,,,,,N\*/);
    expect(early.find((line) => line.includes("GGA"))).toMatch(/^\$GNGGA,,,,,,0,/);
    wait(60_000);
    for (const line of [...early, ...lines()]) {
      expect(line.length + 2).toBeLessThanOrEqual(82);
      expect(parseInt(line.slice(-2), 16)).toBe(sum(line));
    }
  });

  test("the position is in degrees and minutes", () => {
    const { fix, wait, lines } = receiver({ unixAtStart: 1_767_225_600 });
    fix();
    wait(1000);
    const gga = lines()
      .find((line) => line.includes("GGA"))!
      .split(",");
    expect(gga.slice(2, 6)).toEqual(["4807.03800", "N", "01131.00002", "E"]);
    expect(gga[9]).toBe("545.4");
  });

  test("a cold start takes about 26 s, a hot one about 1 s; without backup every start is cold", () => {
    for (const backup of [true, false]) {
      const { fix, part, wait } = receiver({ backup });
      expect(fix()).toBeCloseTo(26, -0.5);
      part.power(false);
      wait(600_000);
      part.power(true);
      expect(fix()).toBeLessThan(backup ? 3 : 30);
    }
  });

  test("sleeps at a u-blox power message, and wakes at the next byte, hot", () => {
    const { fix, send, wait, lines, coulombs } = receiver();
    fix();
    send(String.fromCharCode(...hex("B5 62 02 41 08 00 00 00 00 00 02 00 00 00 4D 3B")));
    lines();
    wait(600_000);
    expect(lines()).toEqual([]);
    expect(coulombs("sensor: it standby")).toBeCloseTo(15e-6 * 600, 6);
    send("\xff");
    expect(fix()).toBeLessThan(3);
  });

  test("obeys a PCAS cold start with the right sum only", () => {
    const { fix, send, wait, lines } = receiver({ receiver: "l76k" });
    fix();
    send("$PCAS10,2*1F\r\n");
    wait(1500);
    expect(lines().some((line) => /RMC,[\d.]*,A/.test(line))).toBe(true);
    send("$PCAS10,2*1E\r\n");
    expect(fix()).toBeGreaterThan(20);
  });

  test("loses its fix without sky, and gets it back hot", () => {
    const { fix, faults, wait, lines } = receiver();
    fix();
    faults.add("no-fix");
    wait(5000);
    lines();
    wait(2000);
    expect(lines().some((line) => line.includes(",V,"))).toBe(true);
    faults.clear();
    expect(fix()).toBeLessThan(4);
  });
});

describe("Modbus meter", () => {
  const mains = { voltage: 230.2, power: 1000, powerFactor: 0.95, frequency: 50 };
  const meter = (wiring = {}) => {
    const it = ideal(modbusMeter, { ...mains }, { baud: 9600, ...wiring });
    const { de, re } = it.part.pins!;
    const ask = (text: string, { turn = true, baud = 9600 } = {}): number[] => {
      const frame = hex(text);
      de!.changed(1);
      it.part.serial!.receive(Uint8Array.from([...frame, ...crc(frame)]), baud);
      if (turn) de!.changed(0);
      it.wait(400);
      return it.sent.splice(0);
    };
    return { ...it, ask, de: de!, re: re! };
  };
  const float = (bytes: number[], at = 3): number => new DataView(Uint8Array.from(bytes).buffer).getFloat32(at);

  test("230.2 V is 43 66 33 33, high word first, with its sum", () => {
    const { ask } = meter();
    expect(ask("01 04 00 00 00 02")).toEqual(hex("01 04 04 43 66 33 33 5A FA"));
  });

  test("answers between 40 and 200 ms after 3.5 characters of silence", () => {
    const { part, wait, sent, de } = meter();
    const frame = hex("01 04 00 00 00 02");
    de.changed(1);
    part.serial!.receive(Uint8Array.from([...frame, ...crc(frame)]), 9600);
    de.changed(0);
    wait(40 + 3.6);
    expect(sent.length).toBe(0);
    wait(160);
    expect(sent.length).toBe(9);
  });

  test.each([
    ["another unit", "02 04 00 00 00 02", {}],
    ["another speed", "01 04 00 00 00 02", { baud: 2400 }],
    ["a node that keeps driving the wires", "01 04 00 00 00 02", { turn: false }],
  ])("%s meets silence", (_, frame, options) => {
    expect(meter().ask(frame, options)).toEqual([]);
  });

  test("a broken sum meets silence, and so does a node that does not drive", () => {
    const { part, wait, sent, de } = meter();
    const frame = Uint8Array.from(hex("01 04 00 00 00 02 71 CA"));
    de.changed(1);
    part.serial!.receive(frame, 9600);
    de.changed(0);
    wait(400);
    part.serial!.receive(Uint8Array.from(hex("01 04 00 00 00 02 71 CB")), 9600);
    wait(400);
    expect(sent).toEqual([]);
  });

  test.each([
    ["function", "01 06 00 00 00 02", 0x86, 1],
    ["address", "01 04 40 00 00 02", 0x84, 2],
    ["count", "01 04 00 00 00 03", 0x84, 3],
  ])("what it cannot do is an exception: %s", (_, frame, kind, code) => {
    expect(meter().ask(frame).slice(1, 3)).toEqual([kind, code]);
  });

  test("counts energy: 1 kW for two hours, and what comes back from a solar roof", () => {
    const { ask, wait, world } = meter({ importedKwh: 100 });
    wait(7_200_000);
    expect(float(ask("01 04 00 48 00 02"))).toBeCloseTo(102, 2);
    world["power"] = -3000;
    wait(3_600_000);
    expect(float(ask("01 04 00 4A 00 02"))).toBeCloseTo(3, 1);
  });

  test("a block read has every value at its place", () => {
    const { ask } = meter();
    const block = ask("01 04 00 00 00 4C");
    expect(block.length).toBe(5 + 0x4c * 2);
    const at = (register: number): number => float(block, 3 + register * 2);
    expect([at(0x00), at(0x0c), at(0x1e), at(0x46)].map((value) => Number(value.toFixed(2)))).toEqual([
      230.2, 1000, 0.95, 50,
    ]);
    expect(at(0x06)).toBeCloseTo(1000 / 0.95 / 230.2, 4);
  });

  test("its address can be written, and holds from then on", () => {
    const { ask } = meter();
    expect(ask("01 10 00 14 00 02 04 40 A0 00 00").slice(0, 6)).toEqual(hex("01 10 00 14 00 02"));
    expect(ask("01 04 00 00 00 02")).toEqual([]);
    expect(ask("05 04 00 00 00 02").length).toBe(9);
  });

  test("the transceiver draws by what it does, 1 µA when both directions are off", () => {
    const { wait, coulombs, de, re } = meter();
    de.changed(1);
    wait(1000);
    de.changed(0);
    re.changed(1);
    wait(1000);
    expect(coulombs("sensor: it driving")).toBeCloseTo(25e-3, 6);
    expect(coulombs("sensor: it shutdown")).toBeCloseTo(1e-6, 9);
  });
});
