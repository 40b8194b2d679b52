/** What each part sends, decoded by the datasheet's formula as written here, is the world's value within one step. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ads1115 } from "../../../tools/simulator/parts/ads1115.ts";
import { adxl345 } from "../../../tools/simulator/parts/adxl345.ts";
import { aht20 } from "../../../tools/simulator/parts/aht20.ts";
import { bh1750 } from "../../../tools/simulator/parts/bh1750.ts";
import { bme280, bmp280 } from "../../../tools/simulator/parts/bme280.ts";
import { exampleCalibration } from "../../../tools/simulator/parts/bme280-facts.ts";
import { ina219 } from "../../../tools/simulator/parts/ina219.ts";
import { ina226 } from "../../../tools/simulator/parts/ina226.ts";
import { lis3dh } from "../../../tools/simulator/parts/lis3dh.ts";
import { max17048 } from "../../../tools/simulator/parts/max17048.ts";
import { mlx90614 } from "../../../tools/simulator/parts/mlx90614.ts";
import { mpu6050 } from "../../../tools/simulator/parts/mpu6050.ts";
import { opt3001 } from "../../../tools/simulator/parts/opt3001.ts";
import { scd4x } from "../../../tools/simulator/parts/scd4x.ts";
import { sht3x } from "../../../tools/simulator/parts/sht3x.ts";
import { tcs34725 } from "../../../tools/simulator/parts/tcs34725.ts";
import { tmp117 } from "../../../tools/simulator/parts/tmp117.ts";
import { tsl2561 } from "../../../tools/simulator/parts/tsl2561.ts";
import { ideal, littleAt, signed, wordAt } from "./ideal.ts";

const G = 9.80665;
const within = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
type World = Record<string, number>;

/** Reads the part in one world; the result is what must be equal to the world, and the size of a step. */
type Reader = (world: World) => Record<string, readonly [read: number, step: number]>;

const bosch =
  (create: typeof bme280, wet: boolean): Reader =>
  (world) => {
    const { write, wait, registers } = ideal(create, world);
    wait(3);
    if (wet) write(0xf2, 5);
    write(0xf4, (5 << 5) | (5 << 2) | 1);
    wait(120);
    const calibration = [...registers(0x88, 26), ...(wet ? registers(0xe1, 7) : [])];
    const data = registers(0xf7, wet ? 8 : 6);
    const read = compensate(calibration, data);
    return {
      temperature: [read.temperature, 0.001],
      pressure: [read.pressure / 100, 0.01],
      ...(wet && { humidity: [read.humidity, 0.03] as const }),
    };
  };

/** Appendix 8.1, in floating point. */
function compensate(c: number[], d: number[]): { temperature: number; pressure: number; humidity: number } {
  const u = (at: number): number => littleAt(c, at);
  const s = (at: number): number => signed(u(at));
  const raw = (at: number): number => (d[at]! << 12) | (d[at + 1]! << 4) | (d[at + 2]! >> 4);
  let v1 = (raw(3) / 16384 - u(0) / 1024) * s(2);
  let v2 = (raw(3) / 131072 - u(0) / 8192) ** 2 * s(4);
  const fine = v1 + v2;
  v1 = fine / 2 - 64000;
  v2 = (v1 * v1 * s(16)) / 32768;
  v2 += v1 * s(14) * 2;
  v2 = v2 / 4 + s(12) * 65536;
  v1 = ((s(10) * v1 * v1) / 524288 + s(8) * v1) / 524288;
  v1 = (1 + v1 / 32768) * u(6);
  let p = ((1048576 - raw(0) - v2 / 4096) * 6250) / v1;
  v1 = (s(22) * p * p) / 2147483648;
  v2 = (p * s(20)) / 32768;
  p += (v1 + v2 + s(18)) / 16;
  if (c.length < 33) return { temperature: fine / 5120, pressure: p, humidity: NaN };
  const [h1, h2, h3] = [c[25]!, s(26), c[28]!];
  const h4 = (((c[29]! << 24) >> 24) * 16) | (c[30]! & 15);
  const h5 = (((c[31]! << 24) >> 24) * 16) | (c[30]! >> 4);
  const h6 = (c[32]! << 24) >> 24;
  let h = fine - 76800;
  h =
    (d[6]! * 256 + d[7]! - (h4 * 64 + (h5 / 16384) * h)) *
    ((h2 / 65536) * (1 + (h6 / 67108864) * h * (1 + (h3 / 67108864) * h)));
  h *= 1 - (h1 * h) / 524288;
  return { temperature: fine / 5120, pressure: p, humidity: Math.min(100, Math.max(0, h)) };
}

const fine = { temperature: [-40, 85], humidity: [0, 100], pressure: [300, 1100] } as const;
const acceleration = {
  accelerationX: [-15 * G, 15 * G],
  accelerationY: [-15 * G, 15 * G],
  accelerationZ: [-15 * G, 15 * G],
} as const;
const inG = (x: number, y: number, z: number, step: number) =>
  ({ accelerationX: [x * G, step * G], accelerationY: [y * G, step * G], accelerationZ: [z * G, step * G] }) as const;

const readers: Record<string, readonly [Record<string, readonly [number, number]>, Reader]> = {
  bme280: [fine, bosch(bme280, true)],
  "bme280 with a negative H5": [
    fine,
    bosch(
      (context, wiring) =>
        bme280(context, { ...wiring, calibration: { ...exampleCalibration, h: [75, 362, 0, 316, -20, 30] } }),
      true,
    ),
  ],
  bmp280: [{ temperature: [-40, 85], pressure: [300, 1100] }, bosch(bmp280, false)],
  sht3x: [
    { temperature: [-40, 125], humidity: [0, 100] },
    (world) => {
      const { write, read, wait } = ideal(sht3x, world);
      wait(2);
      write(0x24, 0x00);
      wait(16);
      const data = read(6)!;
      return {
        temperature: [-45 + (175 * wordAt(data, 0)) / 65535, 0.0027],
        humidity: [(100 * wordAt(data, 3)) / 65535, 0.0016],
      };
    },
  ],
  tmp117: [
    { temperature: [-55, 150] },
    (world) => {
      const { write, wait, word } = ideal(tmp117, world);
      wait(3);
      write(0x01, 0x0c, 0x00);
      wait(20);
      return { temperature: [signed(word(0)) * 0.0078125, 0.0079] };
    },
  ],
  aht20: [
    { temperature: [-40, 85], humidity: [0, 99.9] },
    (world) => {
      const { write, read, wait } = ideal(aht20, world);
      wait(100);
      write(0xac, 0x33, 0x00);
      wait(80);
      const d = read(7)!;
      const humidity = (((d[1]! << 12) | (d[2]! << 4) | (d[3]! >> 4)) / 2 ** 20) * 100;
      const celsius = ((((d[3]! & 15) << 16) | (d[4]! << 8) | d[5]!) / 2 ** 20) * 200 - 50;
      return { temperature: [celsius, 0.0002], humidity: [humidity, 0.0001] };
    },
  ],
  scd4x: [
    { co2: [0, 40_000], temperature: [-10, 60], humidity: [0, 100] },
    (world) => {
      const { write, read, wait } = ideal(scd4x, world);
      wait(30);
      write(0x21, 0x9d);
      wait(5000);
      write(0xec, 0x05);
      wait(1);
      const d = read(9)!;
      return {
        co2: [wordAt(d, 0), 1],
        // The temperature offset is a word as well.
        temperature: [-45 + (175 * wordAt(d, 3)) / 65535, 0.006],
        humidity: [(100 * wordAt(d, 6)) / 65535, 0.0016],
      };
    },
  ],
  bh1750: [
    { illuminance: [0, 54_000] },
    (world) => {
      const { write, read, wait } = ideal(bh1750, world);
      write(0x20);
      wait(180);
      return { illuminance: [wordAt(read(2)!, 0) / 1.2, 1 / 1.2] };
    },
  ],
  "bh1750, finest": [
    { illuminance: [0, 7400] },
    (world) => {
      const { write, read, wait } = ideal(bh1750, world);
      write(0x40 | (254 >> 5));
      write(0x60 | (254 & 31));
      write(0x21);
      wait((180 * 254) / 69);
      return { illuminance: [(wordAt(read(2)!, 0) / 1.2 / 2) * (69 / 254), 0.12] };
    },
  ],
  opt3001: [
    { illuminance: [0, 83_800] },
    (world) => {
      const { write, wait, word } = ideal(opt3001, world);
      write(0x01, 0xca, 0x00);
      wait(900);
      const result = word(0);
      const lux = 0.01 * 2 ** (result >> 12) * (result & 0xfff);
      return { illuminance: [lux, 0.01 * 2 ** (result >> 12)] };
    },
  ],
  tsl2561: [
    { illuminance: [0, 1500] },
    (world) => {
      const { write, wait, registers } = ideal(tsl2561, world);
      write(0x80, 0x03);
      write(0x81, 0x12);
      wait(403);
      const [c0, c1] = [littleAt(registers(0xac, 2), 0), littleAt(registers(0xae, 2), 0)];
      const lux = c0 === 0 ? 0 : 0.0304 * c0 - 0.062 * c0 * (c1 / c0) ** 1.4;
      return { illuminance: [lux, 0.05] };
    },
  ],
  tcs34725: [
    { illuminance: [0, 4000] },
    (world) => {
      const { write, wait, registers } = ideal(tcs34725, world);
      write(0x80, 0x01);
      wait(3);
      write(0x81, 0x00);
      write(0x80, 0x03);
      wait(620);
      return { illuminance: [littleAt(registers(0xb4, 2), 0) / (0.014 * 256), 0.2] };
    },
  ],
  mlx90614: [
    { temperature: [-40, 85], objectTemperature: [-70, 380] },
    (world) => {
      const { wait, registers } = ideal(mlx90614, world);
      wait(250);
      const celsius = (register: number): number => littleAt(registers(register, 3), 0) * 0.02 - 273.15;
      return { temperature: [celsius(6), 0.02], objectTemperature: [celsius(7), 0.021] };
    },
  ],
  lis3dh: [
    acceleration,
    (world) => {
      const { write, wait, registers } = ideal(lis3dh, world);
      wait(6);
      write(0x23, 0xb8);
      write(0x20, 0x57);
      wait(80);
      const d = registers(0xa8, 6);
      const g = (at: number): number => (signed(littleAt(d, at)) * 12) / 16384;
      return inG(g(0), g(2), g(4), 0.012);
    },
  ],
  adxl345: [
    acceleration,
    (world) => {
      const { write, wait, registers } = ideal(adxl345, world);
      write(0x31, 0x0b);
      write(0x2d, 0x08);
      wait(12);
      const d = registers(0x32, 6);
      const g = (at: number): number => signed(littleAt(d, at)) / 256;
      return inG(g(0), g(2), g(4), 1 / 256);
    },
  ],
  mpu6050: [
    {
      ...acceleration,
      angularRateX: [-1990, 1990],
      angularRateY: [-1990, 1990],
      angularRateZ: [-1990, 1990],
      temperature: [-40, 85],
    },
    (world) => {
      const { write, wait, registers } = ideal(mpu6050, world);
      wait(20);
      write(0x6b, 0x01);
      write(0x1c, 0x18);
      write(0x1b, 0x18);
      wait(2);
      const d = registers(0x3b, 14);
      const at = (index: number): number => signed(wordAt(d, index));
      return {
        ...inG(at(0) / 2048, at(2) / 2048, at(4) / 2048, 1 / 2048),
        temperature: [at(6) / 340 + 36.53, 1 / 340],
        angularRateX: [at(8) / 16.375, 0.062],
        angularRateY: [at(10) / 16.375, 0.062],
        angularRateZ: [at(12) / 16.375, 0.062],
      };
    },
  ],
  ina219: [
    { current: [-3.1, 3.1], voltage: [0, 26] },
    (world) => {
      const { wait, write, word } = ideal(ina219, world);
      write(0x05, 0x10, 0x00);
      wait(2);
      return { voltage: [(word(2) >> 3) * 0.004, 0.004], current: [signed(word(4)) * 1e-4, 1.01e-4] };
    },
  ],
  ina226: [
    { current: [-0.8, 0.8], voltage: [0, 36] },
    (world) => {
      const { wait, word } = ideal(ina226, world);
      wait(3);
      return { voltage: [word(2) * 0.00125, 0.00125], current: [(signed(word(1)) * 2.5e-6) / 0.1, 2.6e-5] };
    },
  ],
  max17048: [
    { voltage: [2.5, 4.5], charge: [0, 100] },
    (world) => {
      const { wait, word } = ideal(max17048, world);
      wait(1500);
      return { voltage: [word(2) * 78.125e-6, 79e-6], charge: [word(4) / 256, 1 / 256] };
    },
  ],
  ads1115: [
    { ain0: [0, 4], ain1: [0, 4], ain2: [0, 4], ain3: [0, 4] },
    (world) => {
      const { write, wait, word } = ideal(ads1115, world);
      const inputs = [0, 1, 2, 3].map((input) => {
        write(0x01, 0xc3 | (input << 4), 0x83);
        wait(9);
        return [signed(word(0)) * 125e-6, 126e-6] as const;
      });
      return { ain0: inputs[0]!, ain1: inputs[1]!, ain2: inputs[2]!, ain3: inputs[3]! };
    },
  ],
};

describe.each(Object.entries(readers))("%s", (_, [ranges, reader]) => {
  test("its registers decode to the world over the full range, ends included", () => {
    const check = (world: World): void => {
      for (const [quantity, [read, step]] of Object.entries(reader(world))) {
        expect(Math.abs(read - world[quantity]!), `${quantity}: ${read} for ${world[quantity]}`).toBeLessThanOrEqual(
          step,
        );
      }
    };
    const ends = (index: 0 | 1): World =>
      Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, range[index]]));
    check(ends(0));
    check(ends(1));
    const worlds = fc.record(
      Object.fromEntries(Object.entries(ranges).map(([name, [low, high]]) => [name, within(low, high)])),
    );
    fc.assert(fc.property(worlds, check), { numRuns: 60 });
  });
});
