import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { CRC, NAK, RANGE, STUCK, TIMEOUT, UNREADY, WRONG_PART } from "../../lib/faults.ts";
import { crcMaxim, ds18b20 } from "../../lib/sensors/ds18b20.ts";
import { fakeEspruino } from "../twins/espruino.ts";
import { isFault, run } from "./run.ts";

/** A wire with at most one part on it. */
function wire(pad: readonly number[] | undefined): string[] {
  const log: string[] = [];
  fakeEspruino();
  vi.stubGlobal(
    "OneWire",
    class {
      reset = () => (log.push("reset"), pad !== undefined);
      skip = () => void log.push("skip");
      select = (rom: string) => void log.push(`select ${rom}`);
      write = (data: number[], powered?: boolean) =>
        void log.push(data.map((byte) => byte.toString(16)).join(" ") + (powered ? " powered" : ""));
      read = (count: number) => Uint8Array.from(pad!.slice(0, count));
    },
  );
  return log;
}

const withCrc = (bytes: readonly number[]): number[] => [...bytes, crcMaxim(Uint8Array.from(bytes))];
const pad = (raw: number, config = 0x7f, reserved = 0x10 - (raw & 15)): number[] =>
  withCrc([raw & 255, (raw >> 8) & 255, 0x4b, 0x46, config, 0xff, reserved, 0x10]);

describe("Maxim's CRC-8", () => {
  it.each([
    ["the ROM of application note 27", "02 1c b8 01 00 00 00", 0xa2],
    ["another ROM", "28 11 22 33 44 55 66", 0x56],
    ["a scratchpad", "50 05 4b 46 7f ff 0c 10", 0x1c],
    ["another scratchpad", "91 01 4b 46 7f ff 0f 10", 0x25],
  ])("of %s", (_, bytes, crc) =>
    expect(crcMaxim(Uint8Array.from(bytes.split(" ").map((byte) => parseInt(byte, 16))))).toBe(crc),
  );
});

describe("DS18B20", () => {
  // data sheet, table 1
  it.each([
    [0x07d0, 125],
    [0x0550, 85],
    [0x0191, 25.0625],
    [0x00a2, 10.125],
    [0x0008, 0.5],
    [0x0000, 0],
    [0xfff8, -0.5],
    [0xff5e, -10.125],
    [0xfe6f, -25.0625],
    [0xfc90, -55],
  ])("%i is %f °C", (raw, celsius) => {
    wire(pad(raw));
    expect(run(ds18b20("D4"))).toEqual({ result: [celsius], waits: [750] });
  });

  it("converts and reads without writing its memory", () => {
    const log = wire(pad(0x191));
    run(ds18b20("D4", { rom: "28FF641E0F3C0123" }));
    expect(log).toEqual([...["reset", "select 28FF641E0F3C0123", "44"], ...["reset", "select 28FF641E0F3C0123", "be"]]);
  });

  it.each([
    [9, 94, 0x1f, 0x0198],
    [10, 188, 0x3f, 0x0190],
    [11, 375, 0x5f, 0x0192],
  ] as const)("at %i bits takes %i ms and drops the undefined bits", (bits, ms, config, kept) => {
    const log = wire(pad(kept | ((1 << (12 - bits)) - 1), config));
    expect(run(ds18b20("D4", { bits, parasite: true }))).toEqual({ result: [kept / 16], waits: [ms] });
    expect(log.slice(0, 6)).toEqual([
      "reset",
      "skip",
      `4e 4b 46 ${config.toString(16)}`,
      "reset",
      "skip",
      "44 powered",
    ]);
  });

  it("takes any wrong byte for a fault", () => {
    fc.assert(
      fc.property(fc.integer({ min: -880, max: 2000 }), (raw) => {
        const good = pad(raw & 0xffff);
        for (let at = 0; at < 9; at++)
          for (let flip = 1; flip < 256; flip++) {
            wire(good.map((byte, i) => (i === at ? byte ^ flip : byte)));
            expect(run(ds18b20("D4")).result).toBe(CRC);
          }
      }),
      { numRuns: 3 },
    );
  });

  it("gives each raw value of the range, and a fault beyond it", () => {
    for (let raw = -1000; raw <= 2100; raw++) {
      wire(pad(raw & 0xffff));
      const { result } = run(ds18b20("D4"));
      if (raw < -912 || raw > 2032) expect(result).toBe(RANGE);
      else expect(result).toEqual([raw / 16]);
    }
  });

  it("tells a missing part, a shorted wire, a lost conversion, another part and one that needs longer", () => {
    wire(undefined);
    expect(run(ds18b20("D4")).result).toBe(NAK);
    for (const [scratchpad, fault] of [
      [new Array<number>(9).fill(0), STUCK],
      [pad(0x550, 0x7f, 0x0c), UNREADY],
      [withCrc([0xaa, 0, 0x4b, 0x46, 0xff, 0xff, 0x0c, 0x10]), WRONG_PART],
      [new Array<number>(9).fill(255), CRC],
    ] as const) {
      wire(scratchpad);
      const { result } = run(ds18b20("D4"));
      expect(isFault(result)).toBe(true);
      expect(result).toBe(fault);
    }
    wire(pad(0x190, 0x7f));
    expect(run(ds18b20("D4", { bits: 9 })).result).toBe(TIMEOUT);
  });
});
