import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CRC, NAK, RANGE } from "../../lib/faults.ts";
import type { I2cPort } from "../../lib/platform/ports.ts";
import { crc8, readWords } from "../../lib/sensors/i2c.ts";
import { part } from "../../lib/sensors/sht4x.ts";

/** A bus that records what was written and answers reads with `answer`; undefined = not acknowledged. */
function bus(answer: readonly number[] | undefined, log: unknown[] = []): I2cPort {
  return {
    writeTo: (address, data) => void log.push(["write", address, data]),
    readFrom(address, count) {
      log.push(["read", address, count]);
      if (!answer) throw new Error("jshI2CRead: slave doesn't ACK the transfer");
      return Uint8Array.from(answer);
    },
  };
}

const word = (value: number): number[] => [value >> 8, value & 255, crc8(value >> 8, value & 255)];

describe("CRC-8 of Sensirion parts", () => {
  // the first from the data sheet (table 7), the others computed by other implementations
  it.each([
    [0xbeef, 0x92],
    [0x01f4, 0x33],
    [0x6667, 0xa2],
    [0x5eb9, 0x3c],
    [0x8000, 0xa2],
    [0x0000, 0x81],
    [0xffff, 0xac],
  ])("of %i is %i", (value, crc) => expect(crc8(value >> 8, value & 255)).toBe(crc));
});

describe("sht4x", () => {
  it("starts a high-precision measurement and reads two words", () => {
    const log: unknown[] = [];
    const sensor = readWords(bus([...word(0x6667), ...word(0x5eb9)], log), part, 0x44);
    expect(sensor.start()).toBe(9);
    const values = sensor.read() as number[];
    expect(values[0]).toBeCloseTo(25.0027, 3);
    expect(values[1]).toBeCloseTo(40.252, 2);
    expect(log).toEqual([
      ["write", 0x44, [0xfd]],
      ["read", 0x44, 6],
    ]);
  });

  it("tells a part that does not answer", () => {
    const silent: I2cPort = {
      ...bus(undefined),
      writeTo() {
        throw new Error("jshI2CWrite: slave doesn't ACK the transfer");
      },
    };
    expect(readWords(silent, part, 0x44).start()).toBe(-NAK);
    expect(readWords(bus(undefined), part, 0x44).read()).toBe(NAK);
  });

  it("takes every single wrong byte for a fault", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), (temperature, humidity) => {
        const good = [...word(temperature), ...word(humidity)];
        for (let at = 0; at < 6; at++) {
          const bad = good.map((byte, i) => (i === at ? byte ^ (1 + ((temperature + at * 37) % 255)) : byte));
          expect(readWords(bus(bad), part, 0x44).read()).toBe(CRC);
        }
      }),
    );
  });

  it("crops humidity and refuses temperatures that the part cannot measure", () => {
    const read = (temperature: number, humidity: number) =>
      readWords(bus([...word(temperature), ...word(humidity)]), part, 0x44).read();
    expect((read(0x6667, 0) as number[])[1]).toBe(0);
    expect((read(0x6667, 0xffff) as number[])[1]).toBe(100);
    expect(read(0, 0x8000)).toBe(RANGE);
    expect(read(0xffff, 0x8000)).toBe(RANGE);
  });
});
