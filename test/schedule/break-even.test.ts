import { describe, expect, it } from "vitest";
import * as c3 from "../../boards/esp32c3-module.ts";
import * as devkit from "../../boards/esp32-devkitc-v4.ts";
import * as firebeetle from "../../boards/firebeetle2-esp32-e.ts";
import * as sim7000g from "../../boards/lilygo-t-sim7000g.ts";
import * as sim7080g from "../../boards/lilygo-t-sim7080g-s3.ts";
import * as xiao from "../../boards/xiao-esp32c3.ts";

describe.each([firebeetle, devkit, sim7000g, sim7080g, c3, xiao])("$default.id", ({ breakEven, draw, facts }) => {
  const { bootMs, bootMilliamps, activeMilliamps, sleepFloorMicroamps, regulator } = facts().power;
  const lightExtra = facts().lightSleepExtraMilliamps.value;
  const boot = (bootMs.value * bootMilliamps.value) / 1000;
  const asleep = Math.max(0, sleepFloorMicroamps.value - regulator.quiescentMicroamps.value) / 1000;

  it("states the break-even that follows from its figures", () => {
    expect(breakEven.idle).toBeCloseTo(boot / (activeMilliamps.value - asleep), 1);
    expect(breakEven.light).toBeCloseTo(boot / lightExtra, 0);
  });

  it("states the energy that follows from its figures", () => {
    const volts = facts().power.railVolts.value;
    expect(draw.bootJoules).toBeCloseTo((boot * volts) / 1000, 2.9);
    expect(draw.awakeWatts).toBeCloseTo((activeMilliamps.value * volts) / 1000, 2.9);
  });

  it("costs least in the sleep that the threshold chooses, for every gap", () => {
    for (let gap = 0.1; gap < 1e5; gap *= 1.07) {
      const hops = Math.ceil(gap / 2147);
      const deep = asleep * gap + hops * boot;
      const light = (asleep + lightExtra) * gap;
      const idle = activeMilliamps.value * gap;
      if (Math.abs(gap / breakEven.light - 1) > 0.05) expect(gap < breakEven.light).toBe(light < deep);
      if (Math.abs(gap / breakEven.idle - 1) > 0.05) expect(gap < breakEven.idle).toBe(idle < deep);
    }
  });
});
