/** Data sheets' worked examples, and every part over its full range with both ends. */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { RANGE, TIMEOUT, UNREADY } from "../../lib/faults.ts";
import { ads1115 } from "../../lib/sensors/ads1115.ts";
import { aht20 } from "../../lib/sensors/aht20.ts";
import { bh1750 } from "../../lib/sensors/bh1750.ts";
import { bme280 } from "../../lib/sensors/bme280.ts";
import { bmp280 } from "../../lib/sensors/bmp280.ts";
import { crc8 } from "../../lib/sensors/crc8.ts";
import { ina219 } from "../../lib/sensors/ina219.ts";
import { ina226 } from "../../lib/sensors/ina226.ts";
import { lis3dh } from "../../lib/sensors/lis3dh.ts";
import { max17048 } from "../../lib/sensors/max17048.ts";
import { mlx90614 } from "../../lib/sensors/mlx90614.ts";
import { opt3001 } from "../../lib/sensors/opt3001.ts";
import { scd4x } from "../../lib/sensors/scd4x.ts";
import { sht3x } from "../../lib/sensors/sht3x.ts";
import { sht4x } from "../../lib/sensors/sht4x.ts";
import { tmp117 } from "../../lib/sensors/tmp117.ts";
import { lux, tsl2561 } from "../../lib/sensors/tsl2561.ts";
import { fakeEspruino, type FakeEspruino } from "../twins/espruino.ts";
import { BMP_CALIBRATION, BMP_RESULT, cases, littleEndian } from "./i2c-cases.ts";
import { run } from "./run.ts";
import { BUS, type Answers } from "./wiring.ts";

let espruino: FakeEspruino;
beforeEach(() => {
  espruino = fakeEspruino();
});

const big = (word: number): [number, number] => [(word >> 8) & 255, word & 255];
const word16 = fc.integer({ min: 0, max: 0xffff });
/** The case's answers with some of them replaced. */
const withAnswers = (name: string, change: Answers): Answers => ({
  ...cases.find((row) => row.name === name)!.answers,
  ...change,
});
const sensirion = (...words: number[]): number[] => words.flatMap((w) => [...big(w), crc8(big(w), 0, 2, 0x131, 0xff)]);

/** The value, or NaN for the fault `range`; anything else fails. */
function valueOf(result: readonly number[] | number, index = 0): number {
  if (result === RANGE) return NaN;
  if (typeof result === "number") throw new Error(`fault ${result}`);
  return result[index]!;
}

describe("BMP280 and BME280", () => {
  const H = [
    [75, 365, 0, 322, 50, 30],
    [75, 362, 0, 316, -20, 30],
  ] as const;
  // computed with the data sheet's 32-bit integer code (section 4.2.3), t_fine 128422
  it.each([
    [H[0], 26000, 29.695],
    [H[0], 30000, 52.219],
    [H[0], 34000, 74.593],
    [H[1], 26000, 32.847],
    [H[1], 30000, 55.164],
    [H[1], 34000, 77.336],
  ])("humidity with %j at %i is %f", ([h1, h2, h3, h4, h5, h6], adc, percent) => {
    espruino.i2c.part(
      0x76,
      withAnswers("bme280", {
        "88": [...BMP_CALIBRATION, 0, h1],
        e1: [...littleEndian([h2]), h3, h4 >> 4, (h4 & 15) | ((h5 & 15) << 4), (h5 >> 4) & 255, h6],
        f3: [0, 0, 0, 0, ...BMP_RESULT, ...big(adc)],
      }),
    );
    const result = run(bme280(BUS)).result as number[];
    expect(Math.abs(result[2]! - percent)).toBeLessThan(0.01);
    expect(result[0]).toBeCloseTo(25.08, 2);
    expect(result[1]).toBeCloseTo(1006.5327, 3);
  });

  it("crops humidity, and refuses what lies outside of -40 to 85 °C and 300 to 1100 hPa by more than the part may be off", () => {
    fc.assert(
      fc.property(fc.nat(0xfffff), fc.nat(0xfffff), word16, (adcT, adcP, adcH) => {
        const raw = (adc: number) => [adc >> 12, (adc >> 4) & 255, (adc & 15) << 4];
        espruino.i2c.part(0x76, withAnswers("bme280", { f3: [0, 0, 0, 0, ...raw(adcP), ...raw(adcT), ...big(adcH)] }));
        const { result } = run(bme280(BUS));
        if (typeof result === "number") return result === RANGE;
        const [celsius, hectopascals, percent] = result as [number, number, number];
        return (
          celsius >= -41 &&
          celsius <= 86 &&
          hectopascals >= 298 &&
          hectopascals <= 1102 &&
          percent >= 0 &&
          percent <= 100
        );
      }),
    );
  });

  it("tells a measurement that has not ended or never began", () => {
    for (const f3 of [
      [8, 0, 0, 0, ...BMP_RESULT],
      [0, 0, 0, 0, 0x80, 0, 0, 0x80, 0, 0],
    ]) {
      espruino.i2c.part(0x76, withAnswers("bmp280", { f3 }));
      expect(run(bmp280(BUS)).result).toBe(TIMEOUT);
    }
  });

  it("refuses a calibration of zeros or ones", () => {
    for (const byte of [0, 255]) {
      espruino.i2c.part(0x76, withAnswers("bmp280", { "88": new Array<number>(24).fill(byte) }));
      expect(run(bmp280(BUS)).result).toBe(UNREADY);
    }
  });
});

describe("SHT4x, SHT3x, SCD4x, AHT20", () => {
  it("follow their formulas for every word, crop humidity and refuse impossible temperatures", () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 0xffff), word16, word16, (end, t, h) => {
        for (const [temperature, humidity] of [
          [t, h],
          [end, h],
          [t, end],
        ] as const) {
          const celsius = (175 * temperature) / 65535 - 45;
          const good = celsius >= -41 && celsius <= 126;
          espruino.i2c.part(0x44, { fd: sensirion(temperature, humidity), "2400": sensirion(temperature, humidity) });
          espruino.i2c.part(0x62, { ec05: sensirion(400, temperature, humidity) });
          const sht4 = run(sht4x(BUS)).result;
          const sht3 = run(sht3x(BUS)).result;
          const scd = run(scd4x(BUS)).result;
          if (!good) {
            expect([sht4, sht3, scd]).toEqual([RANGE, RANGE, RANGE]);
            continue;
          }
          expect(valueOf(sht4)).toBeCloseTo(celsius, 6);
          expect(valueOf(sht4, 1)).toBeCloseTo(Math.min(100, Math.max(0, (125 * humidity) / 65535 - 6)), 6);
          expect(valueOf(sht3, 1)).toBeCloseTo((100 * humidity) / 65535, 6);
          expect(valueOf(scd, 1)).toBeCloseTo(celsius, 6);
        }
      }),
    );
  });

  it("AHT20 counts 20 bits of each", () => {
    fc.assert(
      fc.property(fc.nat(0xfffff), fc.nat(0xfffff), (rh, t) => {
        const body = [0x1c, rh >> 12, (rh >> 4) & 255, ((rh & 15) << 4) | (t >> 16), ...big(t)];
        espruino.i2c.part(0x38, { ac3300: [...body, crc8(body, 0, 6, 0x131, 0xff)] });
        const celsius = (t / 2 ** 20) * 200 - 50;
        const { result } = run(aht20(BUS));
        if (celsius < -41 || celsius > 86) expect(result).toBe(RANGE);
        else {
          expect(valueOf(result)).toBeCloseTo(celsius, 9);
          expect(valueOf(result, 1)).toBeCloseTo((rh / 2 ** 20) * 100, 9);
        }
      }),
    );
  });
});

describe("TMP117", () => {
  it.each([
    [0x0c80, 25],
    [0xf380, -25],
    [0x4b00, 150],
    [0xe480, -55],
  ])("%i is %f °C", (raw, celsius) => {
    espruino.i2c.part(0x48, withAnswers("tmp117", { "00": big(raw) }));
    expect(run(tmp117(BUS)).result).toEqual([celsius]);
  });

  it("refuses what it cannot measure, such as its value before the first conversion", () => {
    for (const raw of [0x8000, 0x4b81, 0xe3ff]) {
      espruino.i2c.part(0x48, withAnswers("tmp117", { "00": big(raw) }));
      expect(run(tmp117(BUS)).result).toBe(RANGE);
    }
    espruino.i2c.part(0x48, withAnswers("tmp117", { "01": [0x02, 0x00] }));
    expect(run(tmp117(BUS)).result).toBe(TIMEOUT);
  });
});

describe("BH1750", () => {
  it.each([
    [0x8390, 69, 28066.667],
    [0x0110, 69, 226.667],
    [0, 69, 0],
    [0xfffe, 31, 121553],
    [1, 254, 0.2264],
  ])("%i at measurement time %i is %f lx", (raw, time, expected) => {
    espruino.i2c.part(0x23, { "20": big(raw) });
    expect(valueOf(run(bh1750(BUS, { time })).result) / (expected || 1)).toBeCloseTo(expected ? 1 : 0, 3);
  });

  it("waits in proportion to its measurement time, and refuses saturation", () => {
    espruino.i2c.part(0x23, { "20": [255, 255] });
    expect(run(bh1750(BUS, { time: 138 }))).toEqual({ result: RANGE, waits: [360] });
    expect(espruino.i2c.log.slice(0, 4)).toEqual(["w23 01", "w23 44", "w23 6a", "w23 20"]);
  });
});

describe("OPT3001", () => {
  // data sheet table 9
  it.each([
    [0x0001, 0.01],
    [0x0fff, 40.95],
    [0x3456, 88.8],
    [0x7891, 2807.04],
    [0xb4e1, 25579.52],
    [0xbfff, 83865.6],
  ])("%i is %f lx", (raw, expected) => {
    espruino.i2c.part(0x44, withAnswers("opt3001", { "00": big(raw) }));
    expect(valueOf(run(opt3001(BUS, { slow: true })).result)).toBeCloseTo(expected, 6);
  });

  it("tells an overflow and an unfinished conversion", () => {
    espruino.i2c.part(0x44, withAnswers("opt3001", { "01": [0xc1, 0x90] }));
    expect(run(opt3001(BUS)).result).toBe(RANGE);
    espruino.i2c.part(0x44, withAnswers("opt3001", { "01": [0xc2, 0x10] }));
    expect(run(opt3001(BUS)).result).toBe(TIMEOUT);
  });
});

describe("TSL2561", () => {
  // computed with the data sheet's formula in floating point; whole numbers with its integer routine (1 %)
  it.each([
    [16, 402, 1000, 200, 23.886, 0.001],
    [16, 402, 1000, 500, 6.906, 0.001],
    [1, 402, 1000, 200, 379, 3.8],
    [1, 101, 1000, 300, 1195, 12],
    [1, 14, 500, 100, 5543, 56],
    [16, 402, 1000, 900, 0.452, 0.001],
    [16, 402, 1000, 1400, 0, 0],
    [16, 402, 0, 0, 0, 0],
  ] as const)("gain %i, %i ms, counts %i and %i are %f lx", (gain, ms, c0, c1, expected, tolerance) => {
    espruino.i2c.part(0x39, { ac: littleEndian([c0]), ae: littleEndian([c1]) });
    const value = valueOf(run(tsl2561(BUS, { gain, ms })).result);
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance);
  });

  it("uses the coefficients of the chip-scale package", () => expect(lux(1000, 200, true)).toBeCloseTo(25.27, 1));

  it.each([
    [14, 5047],
    [101, 37177],
    [402, 65535],
  ] as const)("is saturated at %i ms from %i counts on", (ms, full) => {
    espruino.i2c.part(0x39, { ac: littleEndian([full]), ae: littleEndian([full >> 2]) });
    expect(run(tsl2561(BUS, { ms })).result).toBe(RANGE);
    espruino.i2c.part(0x39, { ac: littleEndian([full - 1]), ae: littleEndian([full >> 2]) });
    expect(run(tsl2561(BUS, { ms })).result).toHaveLength(1);
  });
});

describe("MLX90614", () => {
  const answer = (register: number, raw: number): number[] => {
    const data = [raw & 255, raw >> 8];
    return [...data, crc8([0xb4, register, 0xb5, ...data], 0, 5, 0x107, 0)];
  };
  it.each([
    [0x3ad2, 28.01],
    [0x3af7, 28.75],
    [0x27ad, -70.01],
    [0x7fff, 382.19],
  ])("%i is %f °C", (raw, celsius) => {
    espruino.i2c.part(0x5a, { "07": answer(7, raw), "06": answer(6, 0x3af7) });
    const { result } = run(mlx90614(BUS));
    expect(valueOf(result)).toBeCloseTo(celsius, 2);
    expect(valueOf(result, 1)).toBeCloseTo(28.75, 2);
  });

  it("takes the error bit and impossible temperatures for faults", () => {
    for (const raw of [0x8000, 0xffff, 0x27ac, 0]) {
      espruino.i2c.part(0x5a, { "07": answer(7, raw), "06": answer(6, 0x3af7) });
      expect(run(mlx90614(BUS)).result).toBe(RANGE);
    }
  });
});

describe("INA219 and INA226", () => {
  it("know both signs and the ends of their ranges", () => {
    fc.assert(
      fc.property(fc.integer({ min: -31999, max: 31999 }), fc.integer({ min: 0, max: 6500 }), (shunt, bus) => {
        espruino.i2c.part(0x40, { "02": big((bus << 3) | 2), "01": big(shunt & 0xffff) });
        const { result } = run(ina219(BUS));
        expect(valueOf(result)).toBeCloseTo(bus * 0.004, 9);
        expect(valueOf(result, 1)).toBeCloseTo(shunt / 1e4, 9);
      }),
    );
    for (const shunt of [0x7d00, 0x8300]) {
      espruino.i2c.part(0x40, { "02": [0, 2], "01": big(shunt) });
      expect(run(ina219(BUS)).result).toBe(RANGE);
    }
    for (const shunt of [0x7fff, 0x8000]) {
      espruino.i2c.part(0x40, withAnswers("ina226", { "01": big(shunt) }));
      expect(run(ina226(BUS)).result).toBe(RANGE);
    }
  });

  it("wait for the flag of a finished conversion", () => {
    espruino.i2c.part(0x40, { "02": [0x5d, 0x98], "01": [0, 0] });
    expect(run(ina219(BUS)).result).toBe(TIMEOUT);
  });
});

describe("ADS1115", () => {
  it.each([
    [0x4000, 2.048, 1.024],
    [0xc000, 0.256, -0.128],
    [0x7ffe, 6.144, 6.143625],
    [0x8001, 4.096, -4.095875],
  ] as const)("%i at a full scale of %f V is %f V", (raw, fullScale, volts) => {
    const code = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256].indexOf(fullScale);
    espruino.i2c.part(0x48, { "01": [0x81 | (1 << 4) | (code << 1), 0xe3], "00": big(raw) });
    expect(valueOf(run(ads1115(BUS, { input: "0-3", fullScale })).result)).toBeCloseTo(volts, 6);
  });

  it("refuses both ends of its range and a configuration that is not its own", () => {
    for (const raw of [0x7fff, 0x8000]) {
      espruino.i2c.part(0x48, withAnswers("ads1115", { "00": big(raw) }));
      expect(run(ads1115(BUS, { input: 2, fullScale: 2.048 })).result).toBe(RANGE);
    }
    expect(run(ads1115(BUS)).result).toBe(TIMEOUT);
  });
});

describe("LIS3DH", () => {
  it.each([
    [2, 16384],
    [4, 8192],
    [8, 4096],
    [16, 16384 / 12],
  ] as const)("at %i g, 1 g is %f counts", (range, counts) => {
    espruino.i2c.part(0x18, withAnswers("lis3dh", { a7: [8, ...littleEndian([Math.round(counts), 0, -32752])] }));
    const { result } = run(lis3dh(BUS, { range }));
    expect(valueOf(result)).toBeCloseTo(9.80665, 1);
    expect(valueOf(result, 2)).toBeCloseTo((-32752 / counts) * 9.80665, 3);
  });

  it.each([-32768, 0x7ff0])("%i counts are the end of the scale: saturated, no value", (raw) => {
    espruino.i2c.part(0x18, withAnswers("lis3dh", { a7: [8, ...littleEndian([0, raw, 0])] }));
    expect(run(lis3dh(BUS)).result).toBe(RANGE);
  });
});

describe("MAX17048", () => {
  it("refuses the zeros of a part that has just been connected", () => {
    espruino.i2c.part(0x36, { "02": [0, 0, 0, 0] });
    expect(run(max17048(BUS)).result).toBe(RANGE);
  });
});
