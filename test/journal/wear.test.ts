import { describe, expect, it } from "vitest";
import { flashTimes, programUs } from "../../tools/simulator/espruino/flash.ts";
import { jsonLines, wearOf, workloads } from "../../tools/bench/journal-wear.ts";

describe("the flash", () => {
  it.each(workloads)("lasts longer than any battery, and than with lines of JSON in Storage: $name", (workload) => {
    const cost = wearOf({ ...workload, days: workload.days / 2 });
    const json = jsonLines(workload);
    expect(cost.years).toBeGreaterThan(20);
    expect(cost.erasesPerReading).toBeLessThan(json.erasesPerReading / 3);
  });

  it("takes 6 µJ for a reading alone", () => {
    const us = programUs(0, 4) + flashTimes.pageErase4kUs / 800;
    expect(us * 0.02 * 3.3).toBeLessThan(6.5);
  });
});
