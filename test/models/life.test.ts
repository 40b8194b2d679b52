/** Years of battery with decisions sent, against every input sent. */
import { describe, expect, it } from "vitest";
import { livesOf } from "../../tools/models/life.ts";

const work = { inputBytes: 1960, millijoules: 200, everySeconds: 60 };

describe("the battery's life", () => {
  it("is longer the less a node is awake, and longer where what is sent would cost more than deciding", () => {
    const [asleep, awake] = livesOf(work).nodes;
    expect(asleep!.decidingYears).toBeGreaterThan(awake!.decidingYears);
    expect(asleep!.decidingYears).toBeGreaterThan(asleep!.sendingYears);
  });

  it("is shorter with deciding where deciding costs more than a few bytes", () => {
    const [asleep] = livesOf({ ...work, inputBytes: 24 }).nodes;
    expect(asleep!.decidingYears).toBeLessThan(asleep!.sendingYears);
  });

  it("of the van's node is that of its simulated day: 20.7 days with what it decided, 18.9 with every sample", () => {
    const day = 86_400;
    const [, van] = livesOf({ inputBytes: 245_900, millijoules: 0, everySeconds: day }).nodes;
    // the cell's own loss comes on top of a day that had hardly any
    expect(365.25 * van!.decidingYears).toBeCloseTo(20.4, 0);
    expect(365.25 * van!.sendingYears).toBeCloseTo(19.1, 0);
  });

  it("names what was assumed", () => {
    const { assumed } = livesOf(work);
    for (const part of ["every 60 s", "1960 bytes", "0.48 J", "250 µA", "35.7 kJ", "30 % a year"])
      expect(assumed).toContain(part);
  });
});
