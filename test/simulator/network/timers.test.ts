import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeActiveTime,
  decodeEdrx,
  decodePagingWindow,
  decodePeriodicTau,
  encodeActiveTime,
  encodePeriodicTau,
} from "../../../tools/simulator/network/timers.ts";

const codes = Array.from({ length: 256 }, (_, code) => code.toString(2).padStart(8, "0"));

describe("T3412 extended", () => {
  const rows: [number, string][] = [
    [10, "01100101"],
    [60, "01111110"],
    [600, "10010100"],
    [1800, "10111110"],
    [3600, "00000110"],
    [4200, "00000111"],
    [21_600, "00100110"],
    [86_400, "00111000"],
    [252_000, "01000111"],
    [310 * 3600, "01011111"],
    [35_712_000, "11011111"],
  ];
  it.each(rows)("%d s is %s, both ways", (seconds, code) => {
    expect(encodePeriodicTau(seconds)).toEqual({ code, seconds });
    expect(decodePeriodicTau(code)).toBe(seconds);
  });

  it("knows that several codes mean the same", () => {
    for (const code of ["01111110", "10000010", "10100001"]) expect(decodePeriodicTau(code)).toBe(60);
  });

  it("rounds seven days down to 160 h", () => {
    expect(encodePeriodicTau(604_800)).toEqual({ code: "01010000", seconds: 576_000 });
    expect(decodePeriodicTau("01010001")).toBe(612_000);
  });

  it("is deactivated by unit 111", () => {
    expect(decodePeriodicTau("11100000")).toBeUndefined();
  });
});

describe("T3324", () => {
  const rows: [number, string][] = [
    [0, "00000000"],
    [2, "00000001"],
    [10, "00000101"],
    [20, "00001010"],
    [30, "00001111"],
    [60, "00011110"],
    [240, "00100100"],
    [300, "00100101"],
    [1800, "00111110"],
    [11_160, "01011111"],
  ];
  it.each(rows)("%d s is %s, both ways", (seconds, code) => {
    expect(encodeActiveTime(seconds)).toEqual({ code, seconds });
    expect(decodeActiveTime(code)).toBe(seconds);
  });

  it("reads unknown units as minutes, and 111 as not granted", () => {
    expect(decodeActiveTime("01100011")).toBe(180);
    expect(decodeActiveTime("11000011")).toBe(180);
    expect(decodeActiveTime("11100000")).toBeUndefined();
  });
});

describe("both timers", () => {
  const timers = { decodePeriodicTau, encodePeriodicTau, decodeActiveTime, encodeActiveTime };
  for (const [decode, encode] of [
    [timers.decodePeriodicTau, timers.encodePeriodicTau],
    [timers.decodeActiveTime, timers.encodeActiveTime],
  ] as const) {
    it(`${decode.name}: every code survives by its meaning`, () => {
      for (const code of codes) {
        const seconds = decode(code);
        if (seconds !== undefined) expect(decode(encode(seconds).code)).toBe(seconds);
      }
    });

    it(`${encode.name}: never more than asked, and nothing better exists`, () => {
      const known = codes.map(decode).filter((seconds) => seconds !== undefined);
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 40_000_000 }), (asked) => {
          const best = Math.max(...known.filter((seconds) => seconds <= asked));
          expect(encode(asked).seconds).toBe(best);
        }),
      );
    });
  }

  it("refuse what is no code", () => {
    expect(() => decodePeriodicTau("0110")).toThrow("eight binary digits");
    expect(() => encodeActiveTime(-1)).toThrow(RangeError);
  });
});

it("eDRX cycles and paging windows of NB-S1", () => {
  const cycles: [string, number | undefined][] = [
    ["0000", undefined],
    ["0001", undefined],
    ["0010", 20.48],
    ["0011", 40.96],
    ["0100", 20.48],
    ["0101", 81.92],
    ["0110", 20.48],
    ["0111", 20.48],
    ["1000", 20.48],
    ["1001", 163.84],
    ["1010", 327.68],
    ["1011", 655.36],
    ["1100", 1310.72],
    ["1101", 2621.44],
    ["1110", 5242.88],
    ["1111", 10_485.76],
  ];
  for (const [code, seconds] of cycles) expect(decodeEdrx(code)).toBe(seconds);
  expect(decodePagingWindow("0000")).toBe(2.56);
  expect(decodePagingWindow("0011")).toBe(10.24);
  expect(decodePagingWindow("1111")).toBe(40.96);
});
