/** Worked examples of the datasheets, in the registers of the models. */
import { describe, expect, test } from "vitest";
import { ads1115 } from "../../../tools/simulator/parts/ads1115.ts";
import { aht20 } from "../../../tools/simulator/parts/aht20.ts";
import { bh1750 } from "../../../tools/simulator/parts/bh1750.ts";
import { fineTemperature, humidity, pressure } from "../../../tools/simulator/parts/bme280-compensation.ts";
import { exampleCalibration } from "../../../tools/simulator/parts/bme280-facts.ts";
import { bmp280 } from "../../../tools/simulator/parts/bme280.ts";
import { crc as maximCrc, ds18b20 } from "../../../tools/simulator/parts/ds18b20.ts";
import { ina219 } from "../../../tools/simulator/parts/ina219.ts";
import { ina226 } from "../../../tools/simulator/parts/ina226.ts";
import { max17048 } from "../../../tools/simulator/parts/max17048.ts";
import { mlx90614, pec } from "../../../tools/simulator/parts/mlx90614.ts";
import { crc as modbusCrc } from "../../../tools/simulator/parts/modbus-meter.ts";
import { opt3001 } from "../../../tools/simulator/parts/opt3001.ts";
import { crcA } from "../../../tools/simulator/parts/rfid-card.ts";
import { scd4x } from "../../../tools/simulator/parts/scd4x.ts";
import { sht3x } from "../../../tools/simulator/parts/sht3x.ts";
import { tmp117 } from "../../../tools/simulator/parts/tmp117.ts";
import { luxPerCount } from "../../../tools/simulator/parts/tsl2561-facts.ts";
import { ideal } from "./ideal.ts";
import { oneWire } from "./one-wire.ts";

const hex = (text: string): number[] => text.split(" ").map((byte) => parseInt(byte, 16));

describe("BMP280, section 3.12, and BME280 humidity", () => {
  test("the example's counts give its temperature and pressure", () => {
    const fine = fineTemperature(exampleCalibration, 519888);
    expect(Math.round(fine)).toBe(128422);
    expect(fine / 5120).toBeCloseTo(25.08, 2);
    expect(pressure(exampleCalibration, 415148, fine)).toBeCloseTo(100653.27, 1);
  });

  test("its temperature and pressure give the example's counts, to the resolution of 20 bits", () => {
    const { write, wait, registers } = ideal(bmp280, { temperature: 128422 / 5120, pressure: 1006.5327 });
    wait(3);
    write(0xf5, 0x04);
    write(0xf4, 0xb5);
    wait(80);
    const [p0, p1, p2, t0, t1, t2] = registers(0xf7, 6) as [number, number, number, number, number, number];
    expect((p0 << 12) | (p1 << 4) | (p2 >> 4)).toBeCloseTo(415148, -1);
    expect((t0 << 12) | (t1 << 4) | (t2 >> 4)).toBeCloseTo(519888, -1);
  });

  test.each([
    [[75, 365, 0, 322, 50, 30], 26000, 29.695],
    [[75, 365, 0, 322, 50, 30], 34000, 74.593],
    [[75, 362, 0, 316, -20, 30], 26000, 32.847],
    [[75, 362, 0, 316, -20, 30], 30000, 55.164],
  ] as const)("humidity words %j at %i counts: %f %", (h, counts, percent) => {
    // The integer code of the datasheet differs by up to 0.05 %.
    expect(Math.abs(humidity({ ...exampleCalibration, h }, counts, 128422) - percent)).toBeLessThan(0.05);
  });
});

describe("DS18B20", () => {
  test.each([
    [125, "D0 07"],
    [85, "50 05"],
    [25.0625, "91 01"],
    [10.125, "A2 00"],
    [0.5, "08 00"],
    [0, "00 00"],
    [-0.5, "F8 FF"],
    [-10.125, "5E FF"],
    [-25.0625, "6F FE"],
    [-55, "90 FC"],
  ])("%f °C is %s", (temperature, bytes) => {
    const { part, wait } = ideal(ds18b20, { temperature });
    const line = oneWire(part.oneWire!);
    line.command(0x44);
    wait(750);
    const scratchpad = line.command(0xbe, 9);
    expect(scratchpad.slice(0, 2)).toEqual(hex(bytes));
    expect(maximCrc(scratchpad.slice(0, 8))).toBe(scratchpad[8]);
  });

  test("the checksum is that of Maxim's examples", () => {
    expect(maximCrc(hex("02 1C B8 01 00 00 00"))).toBe(0xa2);
    expect(maximCrc(hex("50 05 4B 46 7F FF 0C 10"))).toBe(0x1c);
  });
});

test.each([
  ["28.01 °C", "B4 07 B5 D2 3A", 0x30],
  ["a write of the emissivity", "B4 22 07 C8", 0x48],
  ["sleep", "B4 FF", 0xe8],
])("MLX90614 packet error code: %s", (_, bytes, code) => {
  expect(pec(hex(bytes))).toBe(code);
});

test("MLX90614 sends 28.01 °C as D2 3A 30", () => {
  const { wait, registers } = ideal(mlx90614, { temperature: 22, objectTemperature: 28.01 });
  wait(250);
  expect(registers(0x07, 3)).toEqual([0xd2, 0x3a, 0x30]);
});

test("SCD4x: 500 ppm, 25 °C, 37 % is 01F4 33 6667 A2 5EB9 3C", () => {
  const { write, read, wait } = ideal(scd4x, { co2: 500, temperature: 25.0027, humidity: 37.0016 });
  wait(30);
  write(0x21, 0xb1);
  wait(5000);
  write(0xec, 0x05);
  wait(1);
  expect(read(9)).toEqual(hex("01 F4 33 66 67 A2 5E B9 3C"));
});

test("SHT3x: 25 °C and 37 % is 6667 A2 5EB9 3C", () => {
  const { write, read, wait } = ideal(sht3x, { temperature: 25.0027, humidity: 37.0016 });
  wait(2);
  write(0x24, 0x00);
  wait(15);
  expect(read(6)).toEqual(hex("66 67 A2 5E B9 3C"));
});

test("AHT20: 50 % and 24.5 °C is 1C 80 00 05 F5 C2 with CE, but for the status", () => {
  const { write, read, wait } = ideal(aht20, { temperature: 24.5, humidity: 50 });
  wait(100);
  write(0xac, 0x33, 0x00);
  wait(80);
  expect(read(6)!.slice(1)).toEqual(hex("80 00 05 F5 C3"));
});

test("TMP117: 25 °C is 0C80, before the first conversion it is -256 °C", () => {
  const { word, wait } = ideal(tmp117, { temperature: 25 });
  expect(word(0)).toBe(0x8000);
  wait(130);
  expect(word(0)).toBe(0x0c80);
});

test("MAX17048: 3.90625 V is C350, 60.949 % is 3CF3", () => {
  const { word, wait } = ideal(max17048, { voltage: 3.90625, charge: 60.949 });
  wait(1500);
  expect([word(0x02), word(0x04)]).toEqual([0xc350, 0x3cf3]);
  expect([word(0x0c), word(0x0a), word(0x14), word(0x08)]).toEqual([0x971c, 0x8030, 0x00ff, 0x0012]);
});

test("TSL2561: the sheet's lux for 1000 and 200 or 500 counts", () => {
  expect(1000 * luxPerCount(0.2)).toBeCloseTo(23.886, 2);
  expect(1000 * luxPerCount(0.5)).toBeCloseTo(6.906, 2);
});

test("BH1750: 227 lx is 0110", () => {
  const { write, read, wait } = ideal(bh1750, { illuminance: 227 });
  write(0x10);
  wait(180);
  expect(read(2)).toEqual([0x01, 0x10]);
});

test.each([
  [0.01, 0x0001],
  [40.95, 0x0fff],
  [88.8, 0x3456],
  [2807.04, 0x7891],
  [25579.52, 0xb4e1],
  [83865.6, 0xbfff],
])("OPT3001 at a fixed range: %f lx", (illuminance, word_) => {
  const { write, wait, word } = ideal(opt3001, { illuminance });
  write(0x01, (word_ >> 12) * 16 + 0x02, 0x00);
  wait(120);
  expect(word(0)).toBe(word_);
});

test("INA219, table 8: 10 A through 2 mohm at 11.98 V", () => {
  const { write, wait, word } = ideal(ina219, { current: 10, voltage: 11.98 }, { shuntOhms: 0.002 });
  expect(word(0)).toBe(0x399f);
  write(0x00, 0x01, 0x9f);
  write(0x05, 0x50, 0x00);
  wait(2);
  expect([word(1), word(2) >> 3, word(4), word(3)]).toEqual([0x07d0, 0x0bb3, 0x2710, 0x1766]);
});

test("INA226, table 6-1: the same with its finer steps", () => {
  const { write, wait, word } = ideal(ina226, { current: 10, voltage: 11.98 }, { shuntOhms: 0.002 });
  expect([word(0), word(0xfe), word(0xff)]).toEqual([0x4127, 0x5449, 0x2260]);
  write(0x05, 0x0a, 0x00);
  wait(3);
  expect([word(1), word(2), word(4), word(3)]).toEqual([0x1f40, 0x2570, 0x2710, 0x12b8]);
});

test("ADS1115: half of ±2.048 V is 4000; the configuration resets to 8583", () => {
  const { write, wait, word } = ideal(ads1115, { ain0: 1.024, ain1: 0, ain2: 0, ain3: 0 });
  expect(word(1)).toBe(0x8583);
  write(0x01, 0x85, 0x83);
  wait(9);
  expect(word(0)).toBe(0x4000);
});

test.each([
  ["02 07", "41 12"],
  ["01 04 00 00 00 02", "71 CB"],
  ["01 04 04 43 66 33 33", "5A FA"],
  ["01 84 02", "C2 C1"],
])("Modbus CRC of %s", (frame, sum) => {
  expect(modbusCrc(hex(frame))).toEqual(hex(sum));
});

test.each([
  ["00 00", "A0 1E"],
  ["12 34", "26 CF"],
  ["50 00", "57 CD"],
  ["30 04", "26 EE"],
])("ISO 14443 CRC_A of %s", (frame, sum) => {
  expect(crcA(hex(frame))).toEqual(hex(sum));
});
