import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Clock } from "../../../tools/simulator/clock.ts";
import { ds3231 } from "../../../tools/simulator/parts/ds3231.ts";
import { pcf8563 } from "../../../tools/simulator/parts/pcf8563.ts";
import { createCalendar, type Matches } from "../../../tools/simulator/parts/rtc-calendar.ts";
import { ideal } from "./ideal.ts";

test("the next match is the first second after now with these fields, found without trying each", () => {
  const upTo = (max: number) => fc.option(fc.nat(max), { nil: undefined });
  const wanted = fc.record({ second: upTo(61), minute: upTo(60), hour: upTo(24), weekday: upTo(6) });
  fc.assert(
    fc.property(fc.nat(200_000), wanted, (start, matches: Matches) => {
      const clock = new Clock();
      const calendar = createCalendar(clock, 0, [0, 6]);
      clock.runUntil(start * 1e6);
      const found = calendar.nextMatch(matches);
      const is = (): boolean =>
        Object.entries(matches).every(
          ([field, value]) => value === undefined || calendar.fields[field as keyof Matches] === value,
        );
      for (let seconds = start + 1; seconds < Math.min(found, start + 600); seconds++) {
        clock.runUntil(seconds * 1e6);
        expect(is()).toBe(false);
      }
      if (found === Infinity) return;
      clock.runUntil(found * 1e6);
      expect(is()).toBe(true);
    }),
    { numRuns: 30 },
  );
});

describe("DS3231", () => {
  const clock = (wiring = {}) => ideal(ds3231, { temperature: 25.25 }, wiring, ["int"]);

  test("comes up with its oscillator flag set; the flag can be cleared, not set", () => {
    const { registers, write } = clock();
    expect(registers(0x0e, 2)).toEqual([0x1c, 0x88]);
    write(0x0f, 0x00);
    expect(registers(0x0f, 1)).toEqual([0x00]);
    write(0x0f, 0x83);
    expect(registers(0x0f, 1)).toEqual([0x00]);
    expect(registers(0x11, 2)).toEqual([0x19, 0x40]);
  });

  test("counts over a leap day, in both forms of the hour; the century bit toggles after 99", () => {
    const { registers, write, wait } = clock();
    write(0x00, 0x58, 0x59, 0x23, 0x07, 0x28, 0x02, 0x28);
    wait(3000);
    expect(registers(0x00, 7)).toEqual([0x01, 0x00, 0x00, 0x01, 0x29, 0x02, 0x28]);
    write(0x02, 0x72);
    expect(registers(0x02, 1)).toEqual([0x72]);
    wait(3600_000);
    expect(registers(0x02, 1)).toEqual([0x61]);
    write(0x00, 0x59, 0x59, 0x23, 0x05, 0x31, 0x12, 0x99);
    wait(1500);
    expect(registers(0x04, 3)).toEqual([0x01, 0x81, 0x00]);
  });

  test("alarm 1 pulls INT down at its second until its flag is cleared", () => {
    const { write, wait, driven, registers } = clock();
    write(0x00, 0x00, 0x00, 0x12, 0x01, 0x01, 0x01, 0x26);
    write(0x07, 0x30, 0x15, 0x12, 0x80);
    write(0x0e, 0x05);
    write(0x0f, 0x00);
    wait((15 * 60 + 30) * 1000 - 5);
    expect(driven.levels["int"]).toBe(1);
    wait(10);
    expect(driven.levels["int"]).toBe(0);
    expect(registers(0x0f, 1)[0]! & 3).toBe(1);
    write(0x0f, 0x00);
    expect(driven.levels["int"]).toBe(1);
    wait(86_400_000);
    expect(driven.levels["int"]).toBe(0);
  });

  test("alarm 2 comes every minute when all its fields are left out", () => {
    const { write, wait, driven } = clock();
    write(0x00, 0x30);
    write(0x0b, 0x80, 0x80, 0x80);
    write(0x0e, 0x06);
    write(0x0f, 0x00);
    wait(29_000);
    expect(driven.levels["int"]).toBe(1);
    wait(1001);
    expect(driven.levels["int"]).toBe(0);
  });

  test("its battery carries time and alarms through a loss of supply; without one it starts afresh", () => {
    for (const battery of [true, false]) {
      const { write, wait, part, registers } = clock({ battery });
      write(0x00, 0x00, 0x00, 0x12, 0x01, 0x01, 0x01, 0x26);
      write(0x0f, 0x00);
      part.power(false);
      wait(3600_000);
      part.power(true);
      expect([registers(0x02, 1)[0], registers(0x0f, 1)[0]! & 0x80]).toEqual(battery ? [0x13, 0] : [0x00, 0x80]);
    }
  });
});

describe("PCF8563", () => {
  const clock = () => ideal(pcf8563, {}, {}, ["int"]);

  test("resets with its clock output on, which costs 300 nA until it is switched off", () => {
    const { registers, write, wait, coulombs } = clock();
    expect([registers(0x00, 1)[0], registers(0x0d, 2), registers(0x02, 1)[0]! & 0x80]).toEqual([
      0x08,
      [0x80, 0x03],
      0x80,
    ]);
    wait(1000);
    expect(coulombs("sensor: it clock out")).toBeCloseTo(0.55e-6, 10);
    write(0x0d, 0x00);
    wait(1000);
    expect(coulombs("sensor: it quiet")).toBeCloseTo(0.25e-6, 10);
  });

  test("its alarm fires on the full minute, and a flag falls where a zero is written", () => {
    const { write, wait, driven, registers } = clock();
    write(0x02, 0x50, 0x59, 0x07, 0x01, 0x04, 0x01, 0x26);
    write(0x09, 0x01, 0x08);
    write(0x01, 0x02);
    wait(69_999);
    expect(driven.levels["int"]).toBe(1);
    wait(2);
    expect(driven.levels["int"]).toBe(0);
    write(0x01, 0x0a);
    expect(registers(0x01, 1)).toEqual([0x0a]);
    write(0x01, 0x02);
    expect(registers(0x01, 1)).toEqual([0x02]);
    expect(driven.levels["int"]).toBe(1);
  });

  test("the countdown fires again and again, as pulses if asked for", () => {
    const { write, wait, driven } = clock();
    write(0x0e, 0x82);
    write(0x0f, 10);
    write(0x01, 0x11);
    wait(30_500);
    const falls = driven.changes.filter(([, , level]) => level === 0).map(([us]) => us / 1e6);
    expect(falls).toEqual([10, 20, 30]);
  });
});
