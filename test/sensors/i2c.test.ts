import { beforeEach, describe, expect, it } from "vitest";
import { NAK, STUCK, TIMEOUT, WRONG_PART } from "../../lib/faults.ts";
import { crc8 } from "../../lib/sensors/crc8.ts";
import { aht20 } from "../../lib/sensors/aht20.ts";
import { bme280 } from "../../lib/sensors/bme280.ts";
import { fakeEspruino, type FakeEspruino } from "../twins/espruino.ts";
import { cases } from "./i2c-cases.ts";
import { isFault, run } from "./run.ts";
import { BUS } from "./wiring.ts";

let espruino: FakeEspruino;
beforeEach(() => {
  espruino = fakeEspruino();
});

describe("CRC-8 of Sensirion and Aosong parts", () => {
  // the first from the SHT4x data sheet (table 7), the others computed by other implementations
  it.each([
    [0xbeef, 0x92],
    [0x01f4, 0x33],
    [0x6667, 0xa2],
    [0x5eb9, 0x3c],
    [0x8000, 0xa2],
    [0x0000, 0x81],
    [0xffff, 0xac],
  ])("of %i is %i", (word, crc) => expect(crc8([word >> 8, word & 255], 0, 2, 0x131, 0xff)).toBe(crc));
});

describe("the SMBus packet error code", () => {
  // MLX90614 data sheet, section 8.4
  it.each([
    ["a read", [0xb4, 0x07, 0xb5, 0xd2, 0x3a], 0x30],
    ["a write", [0xb4, 0x22, 0x07, 0xc8], 0x48],
    ["the sleep command", [0xb4, 0xff], 0xe8],
  ] as const)("of %s", (_, packet, pec) => expect(crc8(packet, 0, packet.length, 0x107, 0)).toBe(pec));
});

/** A sleeping SCD4x does not acknowledge the command that wakes it. */
const WAKE = "w62 36f6";

describe.each(cases)("$name", ({ make, address, answers, log, values, unchecked }) => {
  it("writes and reads as its data sheet says, and gives the value of the worked example", () => {
    espruino.i2c.part(address, answers);
    const done = run(make(), (ms) => void espruino.i2c.log.push(`${ms} ms`));
    expect(espruino.i2c.log).toEqual(log);
    expect(done.result).toHaveLength(values.length);
    values.forEach((value, i) => expect((done.result as number[])[i]).toBeCloseTo(value, 2));
  });

  it("says so when it is missing or the bus is stuck", () => {
    expect(run(make()).result).toBe(NAK);
    espruino.i2c.broken = "Operation timeout because the bus is busy";
    expect(run(make()).result).toBe(STUCK);
  });

  it("gives a fault for any transfer that is not acknowledged, and goes to its lowest state all the same", () => {
    const transfers = log.filter((line) => !line.endsWith("ms"));
    const stop = transfers.at(-1)!.startsWith("w") ? transfers.at(-1) : undefined;
    transfers.forEach((entry, nth) => {
      if (entry === WAKE) return;
      espruino = fakeEspruino();
      espruino.i2c.part(address, answers);
      espruino.i2c.refused = nth;
      expect(run(make()).result, entry).toBe(NAK);
      // the identity comes first: before it is known nothing is started
      if (stop && nth > transfers.findIndex((line) => line.startsWith("w") && line.length > 6))
        expect(espruino.i2c.log.at(-1), entry).toBe(stop);
    });
  });

  it(
    unchecked ? "gives a fault or a value of its range for any wrong byte" : "takes any wrong byte for a fault",
    () => {
      const sensor = make();
      const inRange = (value: number, i: number) => value >= unchecked![i]![0] && value <= unchecked![i]![1];
      for (const [key, good] of Object.entries(answers))
        for (let at = 0; at < good.length; at++)
          for (let flip = 1; flip < 256; flip++) {
            const bad = good.map((byte, i) => (i === at ? byte ^ flip : byte));
            espruino.i2c.part(address, { ...answers, [key]: bad });
            const { result } = run(sensor);
            if (!unchecked) expect(isFault(result), `${key}[${at}] ^ ${flip}`).toBe(true);
            else if (!isFault(result))
              expect((result as number[]).every(inRange), `${key}[${at}] ^ ${flip}: ${String(result)}`).toBe(true);
          }
    },
  );
});

describe("parts that share an address", () => {
  it("are told apart: a BMP280 where a BME280 should be", () => {
    espruino.i2c.part(0x76, { d0: [0x58] });
    expect(run(bme280(BUS)).result).toBe(WRONG_PART);
  });
});

describe("a part that is still busy when it should have ended", () => {
  it("gives a fault", () => {
    const busy = [0x9c, 0x80, 0x00, 0x05, 0xf5, 0xc2];
    espruino.i2c.part(0x38, { ac3300: [...busy, crc8(busy, 0, 6, 0x131, 0xff)] });
    expect(run(aht20(BUS)).result).toBe(TIMEOUT);
  });
});
