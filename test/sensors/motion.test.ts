/** What accelerometers do on their own: a motion alarm, and windows in the FIFO. */
import { beforeEach, describe, expect, it } from "vitest";
import { NAK, TIMEOUT } from "../../lib/faults.ts";
import { adxl345Motion } from "../../lib/sensors/adxl345-motion.ts";
import { adxl345Window } from "../../lib/sensors/adxl345-window.ts";
import { lis2dh12Motion, lis2dh12Window } from "../../lib/sensors/lis2dh12.ts";
import type { Window, WindowSource } from "../../lib/sensors/motion.ts";
import { fakeEspruino, type FakeEspruino } from "../twins/espruino.ts";
import { littleEndian } from "./i2c-cases.ts";
import { BUS } from "./wiring.ts";

let espruino: FakeEspruino;
beforeEach(() => {
  espruino = fakeEspruino();
});

const counts = Array.from({ length: 96 }, (_, i) => (i - 48) * 64);

function gather(source: WindowSource): { window: Window | number; waits: number[] } {
  const waits = [source.start()];
  if (waits[0]! < 0) return { window: -waits[0]!, waits };
  for (;;) {
    const window = source.read();
    if (typeof window !== "number" || window >= 0) return { window, waits };
    waits.push(-window);
  }
}

describe("LIS3DH and LIS2DH12", () => {
  it("are armed with a threshold in steps of 16 mg behind the high-pass filter, latched on INT1", () => {
    espruino.i2c.part(0x18, { "26": [0], "31": [0x6a] });
    const alarm = lis2dh12Motion(BUS, { milliG: 320, ms: 300 });
    expect(alarm.arm()).toBe(0);
    expect(espruino.i2c.log).toEqual([
      ...["w18 202f", "w18 2101", "w18 2240", "w18 2300", "w18 2408", "w18 3214", "w18 3303"],
      ...["w18 26", "r18 1", "w18 31", "r18 1", "w18 302a"],
    ]);
    expect(alarm.moved()).toBe(1);
    espruino.i2c.part(0x18, { "31": [0x2a] });
    expect(alarm.moved()).toBe(0);
  });

  it("gather 32 samples and power down", () => {
    espruino.i2c.part(0x18, { "2f": [0xdf], a8: littleEndian(counts) });
    const { window, waits } = gather(lis2dh12Window(BUS, { rate: 50, range: 8 }));
    expect(waits).toEqual([726]);
    expect(espruino.i2c.log).toEqual([
      ...["w18 23a0", "w18 2440", "w18 2e00", "w18 2e40", "w18 2047"],
      ...["w18 2f", "r18 1", "w18 a8", "r18 192", "w18 2000", "w18 2400"],
    ]);
    expect([...(window as Window).samples]).toEqual(counts);
    expect((window as Window).scale * 4096).toBeCloseTo(9.80665, 6);
  });

  it("say so when the FIFO never fills, or the part is missing", () => {
    espruino.i2c.part(0x18, { "2f": [0x1f] });
    const { window, waits } = gather(lis2dh12Window(BUS));
    expect(window).toBe(TIMEOUT);
    expect(waits).toHaveLength(11);
    expect(espruino.i2c.log.slice(-2)).toEqual(["w18 2000", "w18 2400"]);
    expect(gather(lis2dh12Window({ ...BUS }, { address: 0x19 })).window).toBe(NAK);
    expect(lis2dh12Motion(BUS, { address: 0x19 }).arm()).toBe(NAK);
    expect(lis2dh12Motion(BUS, { address: 0x19 }).moved()).toBe(-NAK);
  });
});

describe("ADXL345", () => {
  it("is armed with a threshold in steps of 62.5 mg against where it was, on INT1", () => {
    espruino.i2c.part(0x53, { "30": [0x92] });
    const alarm = adxl345Motion(BUS, { milliG: 500 });
    expect(alarm.arm()).toBe(0);
    expect(espruino.i2c.log).toEqual([
      ...["w53 2d00", "w53 2e00", "w53 310b", "w53 2408", "w53 27f0", "w53 2c17", "w53 2f00", "w53 2e10", "w53 2d08"],
      ...["w53 30", "r53 1"],
    ]);
    expect(alarm.moved()).toBe(1);
  });

  it("gathers 32 samples, one whole sample per transfer, and goes to standby", () => {
    espruino.i2c.part(0x53, { "39": [0x20], "32": littleEndian([256, -256, 1]) });
    const { window, waits } = gather(adxl345Window(BUS, { rate: 200 }));
    expect(waits).toEqual([182]);
    expect(espruino.i2c.log.slice(0, 6)).toEqual([
      "w53 2d00",
      "w53 310b",
      "w53 2c0b",
      "w53 3800",
      "w53 385f",
      "w53 2d08",
    ]);
    expect(espruino.i2c.log.filter((line) => line === "r53 6")).toHaveLength(32);
    expect(espruino.i2c.log.at(-1)).toBe("w53 2d00");
    expect([...(window as Window).samples.slice(93)]).toEqual([256, -256, 1]);
  });

  it("says so when the FIFO never fills, or the part is missing", () => {
    espruino.i2c.part(0x53, { "39": [0x1f] });
    expect(gather(adxl345Window(BUS)).window).toBe(TIMEOUT);
    expect(espruino.i2c.log.at(-1)).toBe("w53 2d00");
    expect(gather(adxl345Window(BUS, { address: 0x1d })).window).toBe(NAK);
    expect(adxl345Motion(BUS, { address: 0x1d }).arm()).toBe(NAK);
  });
});
