/** What each part does besides measuring: reset values, reading too early, sleep, faults, and what it draws. */
import { describe, expect, test } from "vitest";
import { ads1115 } from "../../../tools/simulator/parts/ads1115.ts";
import { aht20 } from "../../../tools/simulator/parts/aht20.ts";
import { bh1750 } from "../../../tools/simulator/parts/bh1750.ts";
import { bme280 } from "../../../tools/simulator/parts/bme280.ts";
import { catalogue, type CatalogueEntry } from "../../../tools/simulator/parts/catalogue.ts";
import { crc8 } from "../../../tools/simulator/parts/crc8.ts";
import { ds18b20 } from "../../../tools/simulator/parts/ds18b20.ts";
import { ina226 } from "../../../tools/simulator/parts/ina226.ts";
import { max17048 } from "../../../tools/simulator/parts/max17048.ts";
import { mlx90614, pec } from "../../../tools/simulator/parts/mlx90614.ts";
import { opt3001 } from "../../../tools/simulator/parts/opt3001.ts";
import { scd4x } from "../../../tools/simulator/parts/scd4x.ts";
import { sht3x } from "../../../tools/simulator/parts/sht3x.ts";
import { tcs34725 } from "../../../tools/simulator/parts/tcs34725.ts";
import { tmp117 } from "../../../tools/simulator/parts/tmp117.ts";
import { ideal, littleAt } from "./ideal.ts";
import { oneWire } from "./one-wire.ts";

const air = { temperature: 21, humidity: 45, pressure: 1000, co2: 600, objectTemperature: 30 };

describe("SHT3x", () => {
  test("the read header is refused until the measurement is over; the data are given once", () => {
    const { write, read, wait } = ideal(sht3x, air);
    expect(write(0x24, 0x00)).toBe(false);
    wait(1);
    expect(write(0x24, 0x00)).toBe(true);
    wait(12);
    expect(read(6)).toBeUndefined();
    wait(3);
    expect(read(6)).toBeDefined();
    expect(read(6)).toBeUndefined();
  });

  test("with clock stretching the read waits on the bus instead", () => {
    const { write, read, wait, clock } = ideal(sht3x, air);
    wait(1);
    const fromUs = clock.nowUs;
    write(0x2c, 0x06);
    expect(read(6)).toBeDefined();
    expect(clock.nowUs - fromUs).toBe(13_750);
  });

  test("the status tells of the reset, of a wrong command and of a wrong checksum", () => {
    const { write, read, wait } = ideal(sht3x, air);
    wait(1);
    const status = (): number => {
      write(0xf3, 0x2d);
      const [high, low, sum] = read(3)!;
      expect(crc8([high!, low!])).toBe(sum);
      return high! * 256 + low!;
    };
    expect(status()).toBe(0x8010);
    write(0x30, 0x41);
    expect(status()).toBe(0);
    write(0x61, 0x1d, 0x12, 0x34, 0x00);
    expect(write(0x12, 0x34)).toBe(false);
    expect(status()).toBe(0);
  });

  test("periodic measurements are fetched once each, and refuse single shots", () => {
    const { write, read, wait } = ideal(sht3x, air);
    wait(1);
    write(0x21, 0x30);
    wait(20);
    expect(write(0x24, 0x00)).toBe(false);
    write(0xe0, 0x00);
    expect(read(6)).toBeDefined();
    write(0xe0, 0x00);
    expect(read(6)).toBeUndefined();
    wait(1000);
    write(0xe0, 0x00);
    expect(read(6)).toBeDefined();
    write(0x30, 0x93);
    wait(15);
    expect(write(0x24, 0x00)).toBe(true);
  });

  test("one reading costs 800 µA for its 13.75 ms, and 0.2 µA afterwards", () => {
    const { write, wait, coulombs } = ideal(sht3x, air);
    wait(1);
    write(0x24, 0x00);
    wait(1000);
    expect(coulombs("sensor: it measuring")).toBeCloseTo(800e-6 * 13.75e-3, 9);
  });
});

describe("BME280", () => {
  test("resets to its documented values and does not answer for its first 2 ms", () => {
    const { write, wait, registers } = ideal(bme280, air);
    expect(write(0xd0)).toBe(false);
    wait(2);
    expect(registers(0xd0, 1)).toEqual([0x60]);
    expect(registers(0xf2, 4)).toEqual([0, 0, 0, 0]);
    expect(registers(0xf7, 8)).toEqual([0x80, 0, 0, 0x80, 0, 0, 0x80, 0]);
  });

  test("in forced mode it measures once, shows that it does, and sleeps again; early reads give the old result", () => {
    const { write, wait, registers } = ideal(bme280, air);
    wait(2);
    write(0xf2, 0x01, 0xf4, 0x25);
    expect(registers(0xf3, 2)).toEqual([0x08, 0x25]);
    wait(7);
    expect(registers(0xf7, 3)).toEqual([0x80, 0, 0]);
    wait(3);
    expect(registers(0xf3, 2)).toEqual([0x00, 0x24]);
    expect(registers(0xf7, 3)).not.toEqual([0x80, 0, 0]);
  });

  test("humidity is skipped until ctrl_meas is written after ctrl_hum", () => {
    const { write, wait, registers } = ideal(bme280, air);
    wait(2);
    write(0xf4, 0x25);
    write(0xf2, 0x01);
    wait(20);
    expect(registers(0xfd, 2)).toEqual([0x80, 0]);
    write(0xf4, 0x25);
    wait(20);
    expect(registers(0xfd, 2)).not.toEqual([0x80, 0]);
  });

  test("config is not taken in normal mode: it goes on at 0.5 ms pauses, about 416 µA instead of 3.7 µA", () => {
    const draw = (...writes: readonly (readonly number[])[]): number => {
      const { write, wait, ledger } = ideal(bme280, air);
      wait(2);
      for (const bytes of writes) write(...bytes);
      wait(100_000);
      return ledger.batteryJoules() / 3.6 / 100;
    };
    const [humidity, normal, config] = [
      [0xf2, 0x01],
      [0xf4, 0x27],
      [0xf5, 0xa0],
    ] as const;
    const free = draw(humidity, normal, config);
    expect(free).toBeGreaterThan(350e-6);
    expect(free).toBeLessThan(430e-6);
    const paced = draw(humidity, config, normal);
    expect(paced).toBeGreaterThan(3.3e-6);
    expect(paced).toBeLessThan(4e-6);
  });

  test("the datasheet's example, x1 and x4 at 13.51 Hz, draws 94.4 µA", () => {
    const { write, wait, ledger } = ideal(bme280, air);
    wait(2);
    write(0xf5, 0x20, 0xf4, 0x2f);
    wait(200_000);
    // Its rate counts with the longest times; the part here is between typical and longest.
    expect((ledger.batteryJoules() / 3.6 / 200) * 1e6).toBeCloseTo(94.4, -0.5);
  });
});

describe("DS18B20", () => {
  test("holds 85 °C until a conversion has ended, and shows the conversion in read slots", () => {
    const { part, wait } = ideal(ds18b20, air);
    const line = oneWire(part.oneWire!);
    expect(littleAt(line.command(0xbe, 9), 0)).toBe(0x0550);
    line.command(0x44);
    expect(line.read()).toBe(0x00);
    wait(750);
    expect(line.read()).toBe(0xff);
    expect(littleAt(line.command(0xbe, 9), 0)).toBe(21 * 16);
  });

  test("with 9 bits it is eight times as fast, in steps of half a degree; its settings survive only when copied", () => {
    const { part, wait } = ideal(ds18b20, { temperature: 21.3 });
    const line = oneWire(part.oneWire!);
    line.command(0x4e, 0, 0x10, 0x05, 0x1f);
    line.command(0x44);
    wait(93.75);
    expect(littleAt(line.command(0xbe, 9), 0)).toBe(21.5 * 16);
    part.power(false);
    part.power(true);
    expect(line.command(0xbe, 9).slice(2, 5)).toEqual([0x4b, 0x46, 0x7f]);
    line.command(0x4e, 0, 0x10, 0x05, 0x1f);
    line.command(0x48);
    wait(10);
    part.power(false);
    part.power(true);
    expect(line.command(0xbe, 9).slice(2, 5)).toEqual([0x10, 0x05, 0x1f]);
  });

  test("answers an alarm search at or beyond its limits only", () => {
    const { part, wait, world } = ideal(ds18b20, { temperature: 20 });
    const line = oneWire(part.oneWire!);
    line.command(0x4e, 0, 25, 10, 0x7f);
    const alarms = (): boolean => {
      line.command(0x44);
      wait(750);
      part.oneWire!.reset();
      line.write(0xec);
      return part.oneWire!.read() === 0 || part.oneWire!.read() === 0;
    };
    expect(alarms()).toBe(false);
    world["temperature"] = 25;
    expect(alarms()).toBe(true);
    world["temperature"] = 10.9;
    expect(alarms()).toBe(true);
  });
});

test("SCD4x refuses what is not allowed while it measures, and everything while it works", () => {
  const { write, read, wait } = ideal(scd4x, air);
  expect(write(0x36, 0x82)).toBe(false);
  wait(30);
  expect(write(0x21, 0xb1)).toBe(true);
  expect(write(0x36, 0x82)).toBe(false);
  expect(write(0xe4, 0xb8)).toBe(true);
  wait(1);
  expect(read(3)).toEqual([0x80, 0x00, 0xa2]);
  wait(5000);
  write(0xe4, 0xb8);
  wait(1);
  expect(read(3)![1]! & 7).not.toBe(0);
  write(0x3f, 0x86);
  wait(499);
  expect(write(0x36, 0x82)).toBe(false);
  wait(1);
  expect(write(0x36, 0x82)).toBe(true);
});

test("an SCD40 has no single shot; powered down it wakes to a command that it does not acknowledge", () => {
  const { write, read, wait } = ideal(scd4x, air, { variant: "scd40" });
  wait(30);
  expect(write(0x21, 0x9d)).toBe(false);
  write(0x36, 0xe0);
  wait(1);
  expect(write(0x36, 0x82)).toBe(false);
  expect(write(0x36, 0xf6)).toBe(false);
  wait(30);
  expect(write(0x20, 0x2f)).toBe(true);
  wait(1);
  expect(read(3)!.slice(0, 2)).toEqual([0x04, 0x40]);
});

test("AHT20 shows itself busy and gives the result before", () => {
  const { write, read, wait } = ideal(aht20, air);
  expect(read(1)).toBeUndefined();
  wait(100);
  write(0xac, 0x33, 0x00);
  wait(40);
  const early = read(7)!;
  expect(early.slice(0, 6)).toEqual([0x98, 0, 0, 0, 0, 0]);
  expect(crc8(early.slice(0, 6))).toBe(early[6]);
  wait(40);
  expect(read(1)).toEqual([0x18]);
});

test("TMP117 converts from power-up on; a single shot ends in shutdown; the flag falls with the reading", () => {
  const { word, wait, write, coulombs } = ideal(tmp117, air);
  expect(word(0x0f)).toBe(0x0117);
  wait(1200);
  expect(word(0x01) & 0x2000).toBe(0x2000);
  expect(word(0x01)).toBe(0x0220);
  write(0x01, 0x0c, 0x00);
  wait(20);
  expect(word(0x01)).toBe(0x2400);
  const before = coulombs("sensor: it idle");
  wait(1000);
  expect(coulombs("sensor: it idle") - before).toBeCloseTo(0.15e-6, 8);
});

test("BH1750 gives old data early, sleeps after one measurement, and takes no reset in power-down", () => {
  const { write, read, wait, clock, coulombs } = ideal(bh1750, { illuminance: 500 });
  write(0x20);
  wait(119);
  expect(read(2)).toEqual([0, 0]);
  wait(61);
  expect(littleAt([...read(2)!].reverse(), 0)).toBe(600);
  write(0x07);
  expect(read(2)).not.toEqual([0, 0]);
  expect(coulombs("sensor: it measuring")).toBeCloseTo(120e-6 * 0.15, 7);
  expect(clock.nowUs).toBe(180_000);
});

test("OPT3001 goes off after a single shot, and reading the configuration clears its flag", () => {
  const { write, word, wait } = ideal(opt3001, { illuminance: 500 });
  expect([word(0x01), word(0x02), word(0x03), word(0x7e), word(0x7f)]).toEqual([
    0xc810, 0xc000, 0xbfff, 0x5449, 0x3001,
  ]);
  write(0x01, 0xca, 0x10);
  wait(800);
  expect(word(0x01) & 0x0080).toBe(0);
  wait(100);
  expect(word(0x01)).toBe(0xc890);
  expect(word(0x01)).toBe(0xc810);
});

test("TCS34725: not valid before warm-up and integration; the low byte latches the high one", () => {
  const { write, registers, wait } = ideal(tcs34725, { illuminance: 1000 });
  write(0x80, 0x03);
  write(0x81, 0xf6);
  wait(20);
  expect(registers(0xb3, 3)).toEqual([0x00, 0, 0]);
  wait(12);
  expect(registers(0xb3, 1)[0]! & 1).toBe(1);
  expect(registers(0x92, 1)).toEqual([0x44]);
});

test("MLX90614 sleeps on a command with the right code, and wakes when its data line is held low", () => {
  const { write, read, wait, part, registers } = ideal(mlx90614, air);
  wait(250);
  expect(write(0xff, 0x00)).toBe(true);
  expect(read(3)).toBeDefined();
  write(0xff, 0xe8);
  expect(read(3)).toBeUndefined();
  part.pins!["sda"]!.changed(0);
  wait(33);
  part.pins!["sda"]!.changed(1);
  expect(registers(0x07, 3).slice(0, 2)).toEqual([0, 0]);
  wait(250);
  expect(registers(0x07, 3)[1]).toBeGreaterThan(0x30);
});

test("MLX90614 writes a cell only after it was erased, 5 ms each", () => {
  const { write, registers, wait } = ideal(mlx90614, air);
  const set = (value: number): void => {
    const bytes = [0x24, value & 0xff, value >> 8];
    write(...bytes, pec([0xb4, ...bytes]));
  };
  const emissivity = (): number => littleAt(registers(0x24, 3), 0);
  expect(emissivity()).toBe(0xffff);
  set(0x8000);
  wait(5);
  expect(emissivity()).toBe(0xffff);
  set(0);
  set(0x8000);
  wait(5);
  expect(emissivity()).toBe(0);
  set(0x8000);
  wait(5);
  expect(emissivity()).toBe(0x8000);
});

test("ADS1115 shows by its top bit whether it converts, and pulls its pin down when done in ready mode", () => {
  const { write, word, wait, driven } = ideal(ads1115, { ain0: 1, ain1: 0, ain2: 0, ain3: 0 }, {}, ["alert"]);
  write(0x02, 0x00, 0x00);
  write(0x03, 0x80, 0x00);
  write(0x01, 0xc5, 0x80);
  expect(word(1) & 0x8000).toBe(0);
  expect(driven.levels["alert"]).toBe(1);
  wait(8);
  expect(word(1) & 0x8000).toBe(0x8000);
  expect(driven.levels["alert"]).toBe(0);
});

test("INA226 pulls its alert down at each conversion when asked to, until the mask register is read", () => {
  const { write, wait, word, driven } = ideal(ina226, { current: 0.1, voltage: 5 }, {}, ["alert"]);
  write(0x06, 0x04, 0x00);
  wait(3);
  expect(driven.levels["alert"]).toBe(0);
  expect(word(0x06)).toBe(0x0408);
  expect(driven.levels["alert"]).toBe(1);
  write(0x00, 0x41, 0x20);
  wait(100);
  expect(word(0x06)).toBe(0x0400);
});

test("MAX17048 resets without an acknowledge, and sleeps only when both bits are set", () => {
  const { write, word, wait, coulombs } = ideal(max17048, { voltage: 3.7, charge: 50 });
  wait(2000);
  write(0x0c, 0x97, 0x9c);
  expect(word(0x02)).toBeGreaterThan(0);
  wait(1000);
  expect(coulombs("sensor: it sleeping")).toBe(0);
  write(0x06, 0x20, 0x00);
  wait(1000);
  expect(coulombs("sensor: it sleeping")).toBeCloseTo(0.5e-6, 9);
  expect(write(0xfe, 0x54, 0x00)).toBe(false);
  expect(word(0x0c)).toBe(0x971c);
});

describe.each(Object.entries(catalogue as Record<string, CatalogueEntry>).filter(([, { bus }]) => bus === "i2c"))(
  "%s",
  (name, entry) => {
    const settings: object = name === "pcf8583" ? { quantity: "flow", pulsesPerUnit: 1 } : {};
    const world = new Proxy({} as Record<string, number>, { get: () => 1 });
    const create = entry.create as Parameters<typeof ideal>[0];

    test("without supply it neither answers nor draws; with it again it starts afresh", () => {
      const { part, ledger, wait } = ideal(create, world, settings);
      wait(500);
      part.power(false);
      const before = ledger.batteryJoules();
      wait(60_000);
      expect(ledger.batteryJoules()).toBe(before);
      expect(part.i2c!.write(Uint8Array.of(0))).toBe(false);
      expect(part.i2c!.read(2)).toBeUndefined();
      part.power(true);
      wait(60_000);
      expect(ledger.batteryJoules()).toBeGreaterThan(before);
    });

    test("every cause that it books has figures with a source, and its faults work", () => {
      const { part, ledger, wait, faults } = ideal(create, world, settings);
      wait(1000);
      for (const cause of ledger.causes().keys()) {
        if (cause === "regulator" || cause === "self-discharge") continue;
        expect(part.causes.get(cause)?.length, cause).toBeGreaterThan(0);
      }
      for (const figure of Object.values(entry.figures)) expect(figure.source).toMatch(/\w/);
      faults.add("nak");
      expect(part.i2c!.write(Uint8Array.of(0))).toBe(false);
      faults.clear();
      faults.add("stuck");
      expect([...part.i2c!.read(2)!]).toEqual([0, 0]);
      expect(entry.addresses).toContain(part.i2c!.address);
    });
  },
);
