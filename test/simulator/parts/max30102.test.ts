/** The pulse sensor: its model, the driver on it, and the rate that firmware makes of what it gives. */
import { describe, expect, test } from "vitest";
import { NAK, TIMEOUT, WRONG_PART } from "../../../lib/faults.ts";
import { max30102Window, type PulseOptions, type PulseWindow } from "../../../lib/sensors/max30102-window.ts";
import { max30102 } from "../../../tools/simulator/parts/max30102.ts";
import { fakeEspruino } from "../../twins/espruino.ts";
import { BUS } from "../../sensors/wiring.ts";
import { bench } from "./bench.ts";
import { ideal } from "./ideal.ts";

const G = 9.80665;
const still = { heartRate: 72, accelerationX: 0, accelerationY: 0, accelerationZ: G, temperature: 24.5 };
const on = (world: Record<string, number> = { ...still }) => ideal(max30102, world, {}, ["int"]);
/** Shut down, 100 per second, 411 µs, infrared at 5 mA; then it measures. */
const SETUP = [[0x08, 0x00], [0x0a, 0x27], [0x0d, 25], [0x11, 0x02], [0x09, 0x07]] as const; // prettier-ignore

describe("MAX30102", () => {
  test("names itself, and pulls its interrupt low after power-up until asked", () => {
    const { registers, driven } = on();
    expect(driven.levels["int"]).toBe(0);
    expect(registers(0xff, 1)).toEqual([0x15]);
    expect(registers(0x00, 1)).toEqual([0x01]);
    expect(driven.levels["int"]).toBe(1);
    expect(registers(0x00, 1)).toEqual([0]);
  });

  test("fills 32 samples, counts what it loses, and goes on when one is read", () => {
    const { write, wait, registers } = on();
    for (const bytes of SETUP) write(...bytes);
    wait(105);
    expect(registers(0x04, 3)).toEqual([10, 0, 0]);
    wait(260);
    expect(registers(0x04, 3)).toEqual([0, 4, 0]);
    expect(registers(0x07, 3)).toHaveLength(3);
    expect(registers(0x04, 3)).toEqual([0, 0, 1]);
    wait(10);
    expect(registers(0x04, 3)).toEqual([1, 0, 1]);
  });

  test("a read of the FIFO stays at its register, three bytes a sample, 18 bits", () => {
    const { write, wait, registers } = on({ ...still, heartRate: 0 });
    for (const bytes of SETUP) write(...bytes);
    wait(25);
    // two hundredths of 125 nA/mA × 5 mA, in steps of 4096 nA / 2^18
    const counts = Math.round((0.02 * 125 * 5 * 2 ** 18) / 4096);
    const bytes = [counts >> 16, (counts >> 8) & 255, counts & 255];
    expect(registers(0x07, 6)).toEqual([...bytes, ...bytes]);
  });

  test("averages neighbours, and gives both LEDs in SpO2 mode", () => {
    const { write, wait, registers } = on();
    for (const bytes of [[0x08, 0x40], [0x0a, 0x27], [0x0c, 25], [0x0d, 50], [0x09, 0x03]] as const) write(...bytes);
    wait(405);
    expect(registers(0x04, 1)).toEqual([10]);
    const [r1, r2, r3, i1, i2, i3] = registers(0x07, 6) as [number, number, number, number, number, number];
    expect(((i1 << 16) | (i2 << 8) | i3) / ((r1 << 16) | (r2 << 8) | r3)).toBeCloseTo(2, 2);
  }); // prettier-ignore

  test("draws its supply and the light; next to nothing when shut down, where it keeps its registers", () => {
    const { write, wait, coulombs, registers } = on();
    wait(1000);
    for (const bytes of SETUP) write(...bytes);
    const before = coulombs("sensor: it measuring");
    wait(10_000);
    // 600 µA, and 5 mA for 411 µs a hundred times a second
    expect((coulombs("sensor: it measuring") - before) / 10).toBeCloseTo(600e-6 + 5e-3 * 411e-6 * 100, 7);
    write(0x09, 0x87);
    const rest = coulombs("sensor: it shutdown");
    wait(10_000);
    expect((coulombs("sensor: it shutdown") - rest) / 10).toBeCloseTo(0.7e-6, 9);
    expect(registers(0x0d, 1)).toEqual([25]);
  });

  test("pulls its interrupt low when almost full and when the die's temperature is there; a reset forgets all", () => {
    const { write, wait, registers, driven } = on();
    registers(0x00, 1);
    write(0x02, 0x80);
    write(0x03, 0x02);
    for (const bytes of SETUP) write(...bytes);
    write(0x08, 0x0f);
    wait(165);
    expect(driven.levels["int"]).toBe(1);
    wait(10);
    expect(driven.levels["int"]).toBe(0);
    expect(registers(0x00, 1)[0]! & 0x80).toBe(0x80);
    expect(driven.levels["int"]).toBe(1);
    write(0x21, 1);
    wait(30);
    expect(driven.levels["int"]).toBe(0);
    expect(registers(0x01, 1)).toEqual([2]);
    expect(registers(0x1f, 2)).toEqual([24, 8]);
    write(0x09, 0x40);
    expect(registers(0x08, 6)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

/** The driver with its wires at a part of a world, and time that passes as it waits. */
function drive(world: Record<string, number>, options?: PulseOptions, seed = 1) {
  const table = bench(world, seed);
  const { i2c } = max30102(table.context, { name: "it" });
  const espruino = fakeEspruino();
  Object.assign(espruino.i2c, {
    writeTo(_address: number, data: readonly number[]) {
      if (!i2c!.write(Uint8Array.from(data))) throw new Error("I2C device not responding");
    },
    readFrom: (_address: number, count: number) => i2c!.read(count)!,
  });
  const source = max30102Window(BUS, options);
  return {
    ...table,
    i2c: i2c!,
    /** @param late milliseconds by which each wait is too long */
    read(late = 0): PulseWindow | number {
      let wait = source.start();
      if (wait < 0) return -wait;
      for (;;) {
        table.wait(wait + late);
        const result = source.read();
        if (typeof result !== "number" || result > 0) return result;
        wait = -result;
      }
    },
    shutDown: () => table.timeline.at(-1)?.[2] === "shutdown",
  };
}

describe("the driver of the MAX30102", () => {
  test("gathers ten seconds without a gap, also when it is late, and shuts the part down", () => {
    for (const late of [0, 300, 800]) {
      const { read, shutDown, clock } = drive({ ...still });
      const window = read(late) as PulseWindow;
      expect(window.samples).toHaveLength(128);
      expect(window.rate).toBe(12.5);
      expect(clock.now).toBeLessThan(10.24 * 1.03 + (late / 1000) * 8);
      expect(shutDown()).toBe(true);
      const steps = [...window.samples].slice(1).map((value, i) => Math.abs(value - window.samples[i]!));
      expect(Math.max(...steps)).toBeLessThan(400);
    }
  });

  test("too late there is a gap: a fault and no window", () => {
    const { read, shutDown } = drive({ ...still });
    expect(read(1500)).toBe(TIMEOUT);
    expect(shutDown()).toBe(true);
  });

  test("ends at its first look when nothing lies on it", () => {
    const { read, clock, shutDown } = drive({ ...still, heartRate: 0 });
    const window = read() as PulseWindow;
    expect(window.samples.length).toBeLessThan(32);
    expect(clock.now).toBeLessThan(2);
    expect(shutDown()).toBe(true);
  });

  test("gives a fault when another part answers, and when nobody does", () => {
    const { read, faults } = drive({ ...still });
    faults.add("stuck");
    expect(read()).toBe(WRONG_PART);
    faults.clear();
    faults.add("nak");
    expect(read()).toBe(NAK);
  });
});

describe("the rate of a pulse", () => {
  /** Of a window, by a dot product in place of the chip's. */
  async function rateOf({ samples, rate }: PulseWindow): Promise<number> {
    const dot = (first: ArrayLike<number>, second: ArrayLike<number>): number => {
      let total = 0;
      for (let i = 0; i < first.length; i++) total += first[i]! * second[i % second.length]!;
      return total;
    };
    Object.assign(globalThis, { E: { ...(globalThis as unknown as { E: object }).E, convolve: dot } });
    const { pulseRate } = await import("../../../lib/classify/pulse.ts");
    return pulseRate(samples, rate);
  }

  test("is that of the world within two beats a minute at rest, from 42 to 180", async () => {
    for (let heartRate = 42; heartRate <= 180; heartRate += 3) {
      const { read } = drive({ ...still, heartRate }, undefined, heartRate);
      expect(Math.abs((await rateOf(read() as PulseWindow)) - heartRate), `${heartRate}`).toBeLessThan(2);
    }
  });

  test("is none without a pulse: in noise, in darkness that stands still, in a slow drift", async () => {
    const made = (value: (i: number) => number): PulseWindow => ({ rate: 12.5, samples: Float32Array.from({ length: 128 }, (_, i) => value(i)) });
    let state = 1;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let i = 0; i < 20; i++) expect(await rateOf(made(() => 5e4 + 300 * random()))).toBe(0);
    expect(await rateOf(made(() => 1000))).toBe(0);
    expect(await rateOf(made((i) => 5e4 + i * i))).toBe(0);
  }); // prettier-ignore
});
