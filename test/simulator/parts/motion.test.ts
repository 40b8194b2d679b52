import { describe, expect, test } from "vitest";
import { adxl345 } from "../../../tools/simulator/parts/adxl345.ts";
import { lis3dh } from "../../../tools/simulator/parts/lis3dh.ts";
import { mpu6050 } from "../../../tools/simulator/parts/mpu6050.ts";
import { samples } from "../../../tools/simulator/world/samples.ts";
import { steps } from "../../../tools/simulator/world/sources.ts";
import { World } from "../../../tools/simulator/world/world.ts";
import { ideal, littleAt, signed, wordAt } from "./ideal.ts";

const G = 9.80665;
const still = { accelerationX: 0, accelerationY: 0, accelerationZ: G };
const rates = { angularRateX: 0, angularRateY: 0, angularRateZ: 0, temperature: 20 };

describe("LIS3DH", () => {
  const start = (world: Record<string, number> = { ...still }) => {
    const it = ideal(lis3dh, world, {}, ["int1", "int2"]);
    it.wait(5);
    return it;
  };

  test("identifies itself; without bit 7 of the register every byte is the same", () => {
    const { registers, write } = start();
    expect(registers(0x0f, 1)).toEqual([0x33]);
    expect(registers(0x20, 1)).toEqual([0x07]);
    write(0xa0, 0x57, 0x00, 0x40);
    expect(registers(0xa0, 3)).toEqual([0x57, 0x00, 0x40]);
    expect(registers(0x20, 3)).toEqual([0x57, 0x57, 0x57]);
  });

  test("before the first sample the output is zero; high resolution needs seven periods", () => {
    const { write, wait, registers } = start();
    write(0x23, 0x08);
    write(0x20, 0x57);
    wait(69);
    expect(registers(0xa8, 6)).toEqual([0, 0, 0, 0, 0, 0]);
    wait(2);
    expect(littleAt(registers(0xa8, 6), 4)).toBe(0x4000);
  });

  test.each([
    [0x57, 0x00, 6, 20],
    [0x5f, 0x00, 8, 10],
    [0x57, 0x08, 4, 20],
  ])("control %i, %i: so many bits stay at zero, so many µA are drawn", (control1, control4, unused, microamps) => {
    const { write, wait, registers, coulombs } = start({
      accelerationX: 0.1234 * G,
      accelerationY: 0,
      accelerationZ: 0,
    });
    write(0x23, control4);
    write(0x20, control1);
    wait(1000);
    const x = littleAt(registers(0xa8, 6), 0);
    expect(x % (1 << unused)).toBe(0);
    expect(Math.abs(x / 16384 - 0.1234)).toBeLessThan((1 << unused) / 16384);
    expect(coulombs("sensor: it measuring")).toBeCloseTo(microamps * 1e-6, 8);
  });

  test("the FIFO holds 32 samples at the data rate, in order; full, it stops; read, it goes on", () => {
    const it = start();
    const { write, wait, registers, world, clock } = it;
    it.jumps.us = NaN;
    const play = (): void => {
      world["accelerationX"] = Math.floor((clock.nowUs - 5000) / 10_000) * 0.01 * G;
      clock.after(10_000, play);
    };
    play();
    write(0x24, 0x40);
    write(0x2e, 0x40);
    write(0x20, 0x57);
    wait(105);
    expect(registers(0x2f, 1)[0]! & 31).toBe(10);
    wait(1000);
    expect(registers(0x2f, 1)).toEqual([0x40 | 0x80 | 31]);
    const data = registers(0xa8, 32 * 6);
    const x = Array.from({ length: 32 }, (_, index) => Math.round(signed(littleAt(data, index * 6)) / 163.84));
    expect(x).toEqual(x.map((_, index) => x[0]! + index));
    expect(registers(0x2f, 1)[0]! & 0x20).toBe(0x20);
  });

  test("wakes on motion over the high-pass filter, latched until the source is read", () => {
    const { write, wait, registers, world, driven, jumps } = start();
    jumps.us = NaN;
    const setup: [number, number][] = [
      [0x20, 0x2f],
      [0x21, 0x09],
      [0x22, 0x40],
      [0x23, 0x00],
      [0x24, 0x08],
      [0x32, 16],
      [0x33, 0],
      [0x30, 0x2a],
    ];
    for (const [register, value] of setup) write(register, value);
    registers(0x26, 1);
    wait(2000);
    expect(driven.levels["int1"]).toBe(0);
    world["accelerationX"] = 0.5 * G;
    wait(150);
    expect(driven.levels["int1"]).toBe(1);
    wait(10_000);
    expect(driven.levels["int1"]).toBe(1);
    expect(registers(0x31, 1)[0]! & 0x42).toBe(0x42);
    expect(driven.levels["int1"]).toBe(0);
  });

  test("a world that stands still costs no events, and the next jump is seen at the next sample", () => {
    const it = ideal(lis3dh, {}, {}, ["int1"]);
    const world = new World(
      {
        here: {
          accelerationX: steps([
            ["0s", 0],
            ["30d", 5],
          ]),
          accelerationY: steps([["0s", 0]]),
          accelerationZ: steps([["0s", 9.8]]),
        },
      },
      { seed: 1, now: () => it.clock.now },
    );
    const changes: number[] = [];
    const part = lis3dh(
      {
        ...it.context,
        random: { next: () => 0.5, normal: () => 0 },
        world: (quantity) => world.at("here", quantity),
        nextChangeUs: (quantity) => world.nextChangeUs("here", quantity),
      },
      { name: "it", lines: { int1: { drive: (level) => level && changes.push(it.clock.now) } } },
    );
    it.wait(6);
    const write = (...bytes: number[]): boolean => part.i2c!.write(Uint8Array.from(bytes));
    for (const [register, value] of [
      [0x20, 0x27],
      [0x21, 0x09],
      [0x22, 0x40],
      [0x24, 0x08],
      [0x32, 8],
      [0x30, 0x2a],
    ] as const)
      write(register, value);
    let events = 0;
    while (it.clock.nextUs < 31 * 86_400e6) {
      it.clock.runUntil(it.clock.nextUs);
      events++;
    }
    expect(events).toBeLessThan(500);
    expect(changes[0]! - 30 * 86_400).toBeLessThan(0.11);
  });
});

describe("ADXL345", () => {
  test("identifies itself, stands by, and its offsets and ranges do what they say", () => {
    const { registers, write, wait } = ideal(adxl345, { ...still });
    expect(registers(0x00, 1)).toEqual([0xe5]);
    expect(registers(0x2c, 5)).toEqual([0x0a, 0x00, 0x00, 0x00, 0x02 & 0]);
    write(0x2d, 0x08);
    wait(12);
    expect(signed(littleAt(registers(0x32, 6), 4))).toBe(256);
    write(0x31, 0x03);
    write(0x20, 0xf0);
    wait(20);
    // 1 g less 16 × 15.6 mg, in steps of an eighth.
    expect(signed(littleAt(registers(0x32, 6), 4))).toBe(Math.round(((1 - 16 * 0.0156) * 256) / 8));
  });

  test("the FIFO counts samples up to its watermark, and a read of one byte loses the rest of its sample", () => {
    const { registers, write, wait, driven, jumps } = ideal(adxl345, { ...still }, {}, ["int1", "int2"]);
    jumps.us = NaN;
    write(0x38, 0x80 | 16);
    write(0x2e, 0x02, 0x02);
    write(0x2d, 0x08);
    wait(155);
    expect(driven.levels["int2"]).toBe(0);
    wait(20);
    expect(driven.levels["int2"]).toBe(1);
    const entries = registers(0x39, 1)[0]!;
    registers(0x32, 1);
    expect(registers(0x39, 1)[0]).toBe(entries - 1);
  });

  test("inactivity puts it to sleep at 23 µA, activity wakes it and shows on the pin", () => {
    const { registers, write, wait, world, driven, jumps, coulombs } = ideal(adxl345, { ...still }, {}, ["int1"]);
    jumps.us = NaN;
    write(0x24, 4, 3, 5, 0xff);
    write(0x2e, 0x18);
    write(0x2d, 0x38);
    world["accelerationX"] = 3;
    wait(100);
    world["accelerationX"] = 0;
    wait(10_000);
    expect(registers(0x2b, 1)[0]! & 0x08).toBe(0x08);
    expect(registers(0x30, 1)[0]! & 0x18).toBe(0x18);
    expect(coulombs("sensor: it sleeping")).toBeGreaterThan(23e-6 * 3);
    expect(driven.levels["int1"]).toBe(0);
    world["accelerationX"] = 3;
    wait(1000);
    expect(driven.levels["int1"]).toBe(1);
  });
});

describe("MPU-6050", () => {
  test("is asleep until told otherwise, and says who it is", () => {
    const { registers, write, wait, coulombs } = ideal(mpu6050, { ...still, ...rates });
    wait(20);
    expect(registers(0x75, 1)).toEqual([0x68]);
    expect(registers(0x6b, 1)).toEqual([0x40]);
    expect(registers(0x3b, 2)).toEqual([0, 0]);
    write(0x6b, 0x00);
    wait(1000);
    expect(wordAt(registers(0x3f, 2), 0)).toBe(16384);
    expect(coulombs("sensor: it measuring")).toBeCloseTo(3.8e-3, 5);
  });

  test("its FIFO holds what was chosen, 1024 bytes of it, and tells when it overflows", () => {
    const { registers, write, wait, jumps } = ideal(mpu6050, { ...still, ...rates }, {}, ["int"]);
    jumps.us = NaN;
    wait(20);
    write(0x6b, 0x00);
    write(0x1a, 0x03);
    write(0x19, 9);
    write(0x23, 0x08);
    write(0x6a, 0x44);
    wait(101);
    expect(wordAt(registers(0x72, 2), 0)).toBe(60);
    expect(wordAt(registers(0x74, 6), 4)).toBe(16384);
    wait(3000);
    expect(wordAt(registers(0x72, 2), 0)).toBe(1024);
    expect(registers(0x3a, 1)[0]! & 0x10).toBe(0x10);
  });

  test("in its cycle it wakes now and then for 10 µA, and motion shows on the pin", () => {
    const { write, wait, world, driven, jumps, coulombs } = ideal(mpu6050, { ...still, ...rates }, {}, ["int"]);
    jumps.us = NaN;
    wait(20);
    write(0x1f, 50);
    write(0x20, 1);
    write(0x38, 0x40);
    write(0x6c, 0x07);
    write(0x6b, 0x28);
    wait(10_000);
    expect(coulombs("sensor: it cycling")).toBeCloseTo(10e-6 * 10, 7);
    expect(driven.levels["int"]).toBe(0);
    world["accelerationY"] = 5;
    wait(1000);
    expect(driven.levels["int"]).toBe(1);
  });
});

test("a recorded window plays at its sample rate, again and again, and rests in between", () => {
  const signal = samples({ values: [0, 1, 0, -1], hertz: 10, at: "1s", every: "10s" }).start("x");
  expect([0, 1, 1.05, 1.1, 1.2, 1.3, 1.35, 1.5, 11.1, 12].map((at) => signal.at(at) + 0)).toEqual(
    [0, 0, 0.5, 1, 0, -1, -0.5, 0, 1, 0].map((value) => expect.closeTo(value, 6) as number),
  );
});
