import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findPart } from "../../../tools/simulator/parts/catalogue.ts";
import { crc8 } from "../../../tools/simulator/parts/crc8.ts";
import { sht4x, type Sht4xWiring } from "../../../tools/simulator/parts/sht4x.ts";
import { bench } from "./bench.ts";

const HIGH = 0xfd;
const MEDIUM = 0xf6;
const LOW = 0xe0;
const SERIAL = 0x89;
const RESET = 0x94;

function sensor(
  world: Record<string, number> = { temperature: 25, humidity: 40 },
  seed = 1,
  wiring: Partial<Sht4xWiring> = {},
) {
  const table = bench(world, seed);
  const part = sht4x(table.context, { name: "cargo", ...wiring });
  const i2c = part.i2c!;
  const command = (code: number): boolean => i2c.write(Uint8Array.of(code));
  const celsius = (bytes: Uint8Array): number => -45 + (175 * (bytes[0]! * 256 + bytes[1]!)) / 65535;
  const percent = (bytes: Uint8Array): number => -6 + (125 * (bytes[3]! * 256 + bytes[4]!)) / 65535;
  const measure = (code = HIGH, ms = 10) => {
    expect(command(code)).toBe(true);
    table.wait(ms);
    return i2c.read(6)!;
  };
  table.wait(1);
  return { ...table, part, i2c, command, measure, celsius, percent };
}

describe("commands", () => {
  test.each([
    ["high", HIGH, 6.9, 8.3],
    ["medium", MEDIUM, 3.7, 4.5],
    ["low", LOW, 1.3, 1.6],
  ])(
    "a measurement of %s repeatability is ready between its typical and its longest time",
    (_, code, typical, longest) => {
      const durations = new Set<number>();
      for (let seed = 0; seed < 20; seed++) {
        const { command, i2c, wait, clock } = sensor(undefined, seed);
        command(code);
        const startUs = clock.nowUs;
        while (!i2c.read(6)) wait(0.01);
        const ms = (clock.nowUs - startUs) / 1000;
        expect(ms).toBeGreaterThanOrEqual(typical);
        expect(ms).toBeLessThanOrEqual(longest + 0.01);
        durations.add(ms);
      }
      expect(durations.size).toBeGreaterThan(10);
    },
  );

  test("data carry the checksum of each word", () => {
    const bytes = sensor().measure();
    expect(bytes.length).toBe(6);
    expect(crc8(bytes.subarray(0, 2))).toBe(bytes[2]);
    expect(crc8(bytes.subarray(3, 5))).toBe(bytes[5]);
  });

  test("the read header is refused before any command, while busy, and after the data were read", () => {
    const { command, i2c, wait } = sensor();
    expect(i2c.read(6)).toBeUndefined();
    command(HIGH);
    expect(i2c.read(6)).toBeUndefined();
    wait(10);
    expect(i2c.read(6)).toBeDefined();
    expect(i2c.read(6)).toBeUndefined();
  });

  test("a shorter read takes the data as well; past their end the line reads as ones", () => {
    const { command, i2c, wait, measure } = sensor();
    command(HIGH);
    wait(10);
    expect(i2c.read(3)!.length).toBe(3);
    expect(i2c.read(6)).toBeUndefined();
    command(HIGH);
    wait(10);
    expect([...i2c.read(8)!.subarray(6)]).toEqual([0xff, 0xff]);
    expect(measure().length).toBe(6);
  });

  test("a new command discards data that nobody read", () => {
    const { command, i2c, wait } = sensor();
    command(HIGH);
    wait(10);
    command(HIGH);
    expect(i2c.read(6)).toBeUndefined();
  });

  test("the serial number belongs to the part", () => {
    const serial = (seed: number): string => {
      const { command, i2c } = sensor(undefined, seed);
      command(SERIAL);
      const bytes = i2c.read(6)!;
      expect([crc8(bytes.subarray(0, 2)), crc8(bytes.subarray(3, 5))]).toEqual([bytes[2], bytes[5]]);
      return bytes.toString();
    };
    expect(serial(1)).toBe(serial(1));
    expect(serial(1)).not.toBe(serial(2));
  });

  test("an unknown command, a second byte, or a command while busy is not acknowledged; an empty write is", () => {
    const { command, i2c } = sensor();
    expect(command(0x00)).toBe(false);
    expect(i2c.write(Uint8Array.of(SERIAL, 0))).toBe(false);
    expect(i2c.write(new Uint8Array())).toBe(true);
    expect(command(HIGH)).toBe(true);
    expect(command(HIGH)).toBe(false);
  });

  test.each([
    ["soft reset", (i2c: ReturnType<typeof sensor>["i2c"]) => i2c.write(Uint8Array.of(RESET))],
    ["general call", (i2c: ReturnType<typeof sensor>["i2c"]) => i2c.generalCall!(Uint8Array.of(0x06))],
  ])("a %s ends a measurement, and the part is back within a millisecond", (_, reset) => {
    const { command, i2c, wait, measure } = sensor();
    command(HIGH);
    wait(2);
    expect(reset(i2c)).toBe(true);
    expect(command(HIGH)).toBe(false);
    wait(1);
    expect(i2c.read(6)).toBeUndefined();
    expect(measure().length).toBe(6);
  });

  test("a general call with anything else is not for it", () => {
    expect(sensor().i2c.generalCall!(Uint8Array.of(0x04))).toBe(false);
  });

  test("it sits at 0x44 unless wired as another variant", () => {
    expect(sensor().i2c.address).toBe(0x44);
    expect(sensor(undefined, 1, { address: 0x45 }).i2c.address).toBe(0x45);
  });
});

describe("values", () => {
  test("over the whole range the error stays within accuracy, noise and half a step", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -40, max: 125, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.nat(1e6),
        fc.constantFrom("sht40", "sht45" as const),
        (temperature, humidity, seed, grade) => {
          const { measure, celsius, percent } = sensor({ temperature, humidity }, seed, { grade: grade as "sht40" });
          const bytes = measure();
          const [limitCelsius, limitPercent] = grade === "sht40" ? [0.2, 1.8] : [0.1, 1.0];
          // Six standard deviations of noise, and half a step of 175/65535 or 125/65535.
          expect(Math.abs(celsius(bytes) - temperature)).toBeLessThan(limitCelsius + 0.08 + 0.0014);
          expect(Math.abs(percent(bytes) - humidity)).toBeLessThan(limitPercent + 0.16 + 0.001);
        },
      ),
    );
  });

  test("the ends of the code do not wrap", () => {
    const cold = sensor({ temperature: -60, humidity: -20 });
    expect([...cold.measure()].slice(0, 2)).toEqual([0, 0]);
    const hot = sensor({ temperature: 140, humidity: 140 });
    expect([...hot.measure()].slice(3, 5)).toEqual([255, 255]);
  });

  test.each([
    ["high", HIGH, 0.04 / 3, 0.08 / 3],
    ["low", LOW, 0.1 / 3, 0.25 / 3],
  ])("readings of %s repeatability scatter as stated", (_, code, celsiusDeviation, percentDeviation) => {
    const { measure, celsius, percent } = sensor();
    const readings = Array.from({ length: 3000 }, () => measure(code));
    const deviation = (values: number[]): number => {
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
    };
    expect(deviation(readings.map(celsius)) / celsiusDeviation).toBeCloseTo(1, 1);
    expect(deviation(readings.map(percent)) / percentDeviation).toBeCloseTo(1, 1);
  });

  test("the same seed gives the same bytes", () => {
    expect(sensor(undefined, 5).measure()).toEqual(sensor(undefined, 5).measure());
    expect(sensor(undefined, 5).measure()).not.toEqual(sensor(undefined, 6).measure());
  });

  test("the heater warms the sensor, dries its air, and cools off", () => {
    const { measure, celsius, percent, wait } = sensor({ temperature: 20, humidity: 90 });
    const heated = measure(0x39, 1200);
    expect(celsius(heated)).toBeGreaterThan(40);
    expect(percent(heated)).toBeLessThan(35);
    wait(30_000);
    const cooled = measure();
    expect(celsius(cooled)).toBeCloseTo(20, 0);
    expect(percent(cooled)).toBeGreaterThan(87);
  });
});

describe("currents", () => {
  test("a measurement of high repeatability takes about 2.2 microcoulomb, one a second about 2.2 microampere", () => {
    const { measure, wait, coulombs } = sensor();
    for (let second = 0; second < 100; second++) {
      measure();
      wait(990);
    }
    const perMeasurement = coulombs("sensor: cargo measuring") / 100;
    expect(perMeasurement).toBeGreaterThan(2.2e-6);
    expect(perMeasurement).toBeLessThan(2.7e-6);
  });

  test("idle it draws 0.08 microampere, and starting up at most 50 nanocoulomb", () => {
    const { wait, coulombs } = sensor();
    wait(1e6);
    expect(coulombs("sensor: cargo idle")).toBeCloseTo(0.08e-6 * 1000, 8);
    expect(coulombs("sensor: cargo start-up")).toBeGreaterThan(15e-9 * 0.99);
    expect(coulombs("sensor: cargo start-up")).toBeLessThanOrEqual(50e-9);
  });

  test.each([
    [0x39, 1000, 60e-3],
    [0x32, 100, 60e-3],
    [0x2f, 1000, 33e-3],
    [0x24, 100, 33e-3],
    [0x1e, 1000, 6e-3],
    [0x15, 100, 6e-3],
  ])("heater command %i draws its current for its time, and through the measurement", (code, ms, amps) => {
    const { command, wait, coulombs, i2c } = sensor();
    command(code);
    wait(ms * 0.9 + 6);
    expect(i2c.read(6)).toBeUndefined();
    wait(ms * 0.2 + 3);
    expect(i2c.read(6)).toBeDefined();
    expect(coulombs("sensor: cargo heating")).toBeGreaterThan(amps * (ms * 0.9e-3 + 6.9e-3));
    expect(coulombs("sensor: cargo heating")).toBeLessThan((amps + 320e-6) * (ms * 1.1e-3 + 8.3e-3));
  });

  test("without supply it is mute and draws nothing; with it, it starts afresh", () => {
    const { part, i2c, command, wait, measure, ledger } = sensor();
    command(HIGH);
    part.power(false);
    expect([command(HIGH), i2c.read(6), i2c.generalCall!(Uint8Array.of(6))]).toEqual([false, undefined, false]);
    const before = ledger.batteryJoules();
    wait(1e6);
    expect(ledger.batteryJoules()).toBe(before);
    part.power(true);
    expect(command(HIGH)).toBe(false);
    wait(1);
    expect(i2c.read(6)).toBeUndefined();
    expect(measure().length).toBe(6);
  });

  test("every cause that it books is explained by figures", () => {
    const { measure, ledger, part } = sensor();
    measure();
    measure(0x15, 130);
    const booked = [...ledger.causes().keys()].filter((cause) => cause.startsWith("sensor"));
    expect(booked.sort()).toEqual([...part.causes.keys()].sort());
    for (const figures of part.causes.values())
      expect(figures.every(({ source }) => source.includes("D1 v6.1"))).toBe(true);
  });
});

describe("faults", () => {
  test("nak: neither commands nor reads are acknowledged, until it is over", () => {
    const { faults, command, i2c, wait, measure } = sensor();
    command(HIGH);
    faults.add("nak");
    wait(10);
    expect([command(HIGH), i2c.read(6)]).toEqual([false, undefined]);
    faults.clear();
    expect(measure().length).toBe(6);
  });

  test("crc: exactly one bit of the answer differs, so that one word fails its checksum", () => {
    for (let seed = 0; seed < 30; seed++) {
      const { faults, measure } = sensor(undefined, seed);
      faults.add("crc");
      const bytes = measure();
      const wrong = [0, 3].filter((start) => crc8(bytes.subarray(start, start + 2)) !== bytes[start + 2]);
      expect(wrong.length).toBe(1);
    }
  });

  test("stuck: everything is acknowledged and reads as zeros, which no checksum fits", () => {
    const { faults, command, i2c } = sensor();
    faults.add("stuck");
    expect(command(HIGH)).toBe(true);
    expect([...i2c.read(6)!]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

test("its states are on the timeline", () => {
  const { measure, timeline } = sensor();
  measure();
  expect(timeline.map(([, signal, value]) => `${signal} ${value}`)).toEqual([
    "state start-up",
    "state idle",
    "state measuring",
    "state idle",
  ]);
});

test("the catalogue has it, and says what was meant by a wrong name", () => {
  expect(findPart("sht4x")).toMatchObject({ bus: "i2c", addresses: [0x44, 0x45, 0x46] });
  expect(() => findPart("sth4x")).toThrow(/unknown simulated part "sth4x"/);
});
