import { describe, expect, test } from "vitest";
import { soilProbe, thermistor } from "../../../tools/simulator/parts/analog.ts";
import { hx711 } from "../../../tools/simulator/parts/hx711.ts";
import { pir } from "../../../tools/simulator/parts/pir.ts";
import { pulseMeter } from "../../../tools/simulator/parts/pulse-meter.ts";
import { soundDetector } from "../../../tools/simulator/parts/sound-detector.ts";
import { ideal } from "./ideal.ts";

describe("HX711", () => {
  const scale = (mass = 2.5) => {
    const it = ideal(hx711, { mass }, {}, ["dout"]);
    const sck = it.part.pins!["sck"]!;
    /** So many pulses of 1 µs; the bits read after each rise. */
    const pulses = (count: number): number => {
      let value = 0;
      for (let bit = 0; bit < count; bit++) {
        sck.changed(1);
        if (bit < 24) value = value * 2 + it.driven.levels["dout"]!;
        it.wait(0.001);
        sck.changed(0);
        it.wait(0.001);
      }
      return value;
    };
    return { ...it, sck, pulses };
  };
  const half = Math.round((0.001 * 128 * 2 ** 23) / 0.5);

  test("is ready after 400 ms, gives 24 bits, and then every 100 ms", () => {
    const { wait, driven, pulses } = scale();
    wait(399);
    expect(driven.levels["dout"]).toBe(1);
    wait(2);
    expect(driven.levels["dout"]).toBe(0);
    expect(pulses(25)).toBe(half);
    expect(driven.levels["dout"]).toBe(1);
    wait(99);
    expect(driven.levels["dout"]).toBe(1);
    wait(2);
    expect(driven.levels["dout"]).toBe(0);
  });

  test("27 pulses choose the gain of 64, which needs to settle and halves the counts", () => {
    const { wait, driven, pulses } = scale();
    wait(401);
    pulses(27);
    wait(300);
    expect(driven.levels["dout"]).toBe(1);
    wait(101);
    expect(pulses(27)).toBe(half / 2);
    wait(101);
    expect(pulses(27)).toBe(half / 2);
  });

  test("a clock that stays high for 60 µs puts it to sleep: 0.5 µA instead of 1.5 mA and the bridge", () => {
    const { wait, sck, coulombs, driven, pulses } = scale(-1);
    wait(1000);
    expect(coulombs("sensor: it measuring")).toBeCloseTo(1.5e-3 + 3.3e-3, 5);
    sck.changed(1);
    wait(1000);
    expect(coulombs("sensor: it power-down")).toBeCloseTo(0.5e-6, 8);
    sck.changed(0);
    wait(399);
    expect(driven.levels["dout"]).toBe(1);
    wait(2);
    expect(pulses(25)).toBe(2 ** 24 - Math.round((0.0004 * 128 * 2 ** 23) / 0.5));
  });

  test("too much load saturates", () => {
    const { wait, pulses } = scale(100);
    wait(401);
    expect(pulses(25)).toBe(0x7fffff);
  });
});

describe("pulse output", () => {
  test("1000 pulses per kWh at 3.6 kW come every second, 60 ms long, and cost the pull-up", () => {
    const pullUp = { volts: 3.3, ohms: 10_000 };
    const { wait, driven, coulombs } = ideal(
      pulseMeter,
      { power: 3600 },
      { quantity: "power", pulsesPerUnit: 1000, pullUp },
      ["pin"],
    );
    wait(10_000);
    const falls = driven.changes.filter(([us, , level]) => level === 0 && us > 0).map(([us]) => us);
    const rises = driven.changes.filter(([us, , level]) => level === 1 && us > 0).map(([us]) => us);
    expect(falls.length).toBe(10);
    expect(falls[5]! - falls[4]!).toBe(1e6);
    expect(rises[5]! - falls[5]!).toBe(60_000);
    expect(coulombs("sensor: it closed")).toBeCloseTo(330e-6 * 0.06 * 10, 8);
  });

  test("a water meter's reed bounces, and a flow that changes is counted to the litre", () => {
    const { wait, driven, world, timeline } = ideal(
      pulseMeter,
      { flow: 0 },
      { quantity: "flow", pulsesPerUnit: 0.1, reed: true, pulseMs: 200 },
      ["pin"],
    );
    wait(3600_000);
    world["flow"] = 12;
    wait(3600_000);
    const pulses = timeline.filter(([, signal]) => signal === "pulses").length;
    // 720 l less what the first look at the new rate misses.
    expect(Math.abs(pulses - 72)).toBeLessThanOrEqual(1);
    // Each closing and each opening touches twice.
    expect(driven.changes.filter(([us, , level]) => level === 0 && us > 0).length).toBe(3 * pulses);
  });
});

test("a motion sensor is high during motion and 2 s beyond; while it warms up it lies", () => {
  const { wait, driven, world, jumps, part } = ideal(pir, { motion: 0 }, {}, ["pin"]);
  jumps.us = 60e6;
  part.power(false);
  part.power(true);
  wait(30_000);
  expect(driven.changes.filter(([, , level]) => level === 1).length).toBe(1);
  expect(driven.levels["pin"]).toBe(0);
  wait(29_999);
  world["motion"] = 1;
  jumps.us = 65e6;
  wait(2);
  expect(driven.levels["pin"]).toBe(1);
  wait(4998);
  world["motion"] = 0;
  jumps.us = Infinity;
  wait(1000);
  expect(driven.levels["pin"]).toBe(1);
  wait(2000);
  expect(driven.levels["pin"]).toBe(0);
});

describe("analog sources", () => {
  test.each([
    [25, 1.65],
    [-20, 3.0],
    [60, 0.66],
  ])("a thermistor of 10 kohm at %i °C gives about %f V", (temperature, volts) => {
    const { part } = ideal(thermistor, { temperature });
    expect(part.analog!.volts()).toBeCloseTo(volts, 1);
  });

  test("a soil probe settles within 150 ms of its supply, and the wetter the lower", () => {
    const { part, wait, world, coulombs } = ideal(soilProbe, { soilMoisture: 0 });
    expect(part.analog!.volts()).toBe(0);
    wait(1000);
    expect(part.analog!.volts()).toBeCloseTo(2.6, 2);
    world["soilMoisture"] = 100;
    expect(part.analog!.volts()).toBeCloseTo(1.2, 2);
    expect(coulombs("sensor: it active")).toBeCloseTo(5e-3, 6);
    part.power(false);
    expect(part.analog!.volts()).toBe(0);
  });
});

test("a Sound Detector's envelope follows the loudness; its gate opens above one level and closes below another", () => {
  const { driven, wait, world, jumps, part } = ideal(soundDetector, { soundLevel: 38 }, {}, ["gate"]);
  jumps.us = 100_000;
  part.power(false);
  part.power(true);
  wait(99);
  expect(driven.levels["gate"]).toBe(0);
  // 90 dB are 0.632 Pa: times 6.3 mV/Pa, 220 and the peak's root of two, of which the divider leaves half
  world["soundLevel"] = 90;
  jumps.us = 200_000;
  wait(50);
  expect(part.analog!.volts()).toBeCloseTo((0.632 * 6.3e-3 * 220 * Math.SQRT2 + 0.02) / 2, 1);
  expect(driven.levels["gate"]).toBe(1);
  wait(50);
  world["soundLevel"] = 38;
  jumps.us = Infinity;
  wait(10);
  expect(driven.levels["gate"]).toBe(1);
  wait(200);
  expect(driven.levels["gate"]).toBe(0);
  expect(part.analog!.volts()).toBeLessThan(0.05);
});
