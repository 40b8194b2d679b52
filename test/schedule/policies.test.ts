/** Policies at their limits: a voltage that wavers, one that is no number, and the end. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batteryBands, never } from "../../lib/schedule/battery-bands.ts";
import { every } from "../../lib/schedule/every.ts";
import type { Host, Hooks } from "../../lib/schedule/extensions.ts";

const declared = { sample: every("15m"), report: every("6h") };
const bands = (kept: number[][], saved: () => void = () => {}): Hooks<number> =>
  batteryBands<number>((volts) => volts, {
    sample: every("15m"),
    report: every("6h"),
    bands: [
      { below: 3.4, sample: every("1h"), report: every("1d"), most: 1 },
      { below: 3.2, sample: every("1d"), report: never(), most: 0 },
    ],
  })({ kept, save: saved } as unknown as Host);

describe("battery bands", () => {
  it("do not flap: a voltage that wavers by less than the hysteresis changes them at most once", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -0.024, max: 0.024, noNaN: true }), { minLength: 50 }), (noise) => {
        let changes = 0;
        const policy = bands([], () => changes++);
        for (const each of noise) policy.sampled!(3.4 + each);
        expect(changes).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("whatever the voltage does, say the last word only in the last band, and leave it only well above its limit", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 2.8, max: 3.8, noNaN: true }), { minLength: 20 }), (volts) => {
        const policy = bands([]);
        let last = false;
        for (const v of volts) {
          const before = last;
          last = policy.sampled!(v);
          if (v < 3.2) expect(last).toBe(true);
          if (v > 3.25) expect(last).toBe(false);
          if (v >= 3.2 && v <= 3.25) expect(last).toBe(before);
          expect(policy.jobs!(declared)[1].period > 1e9).toBe(last);
          expect(policy.most!()).toBe(last ? 0 : policy.jobs!(declared)[0].period === 3600 ? 1 : Infinity);
        }
      }),
    );
  });

  it("stay as they are while the battery cannot be measured", () => {
    const policy = bands([]);
    policy.sampled!(3.3);
    for (let i = 0; i < 10; i++) expect(policy.sampled!(NaN)).toBe(false);
    expect(policy.jobs!(declared)[0].period).toBe(3600);
  });
});
