import { expect, test } from "vitest";
import { batteryDivider } from "../../../tools/simulator/parts/battery-divider.ts";
import { randomFor } from "../../../tools/simulator/world/random.ts";

test("the pin has the battery's voltage over the ratio, now", () => {
  let battery = 3.6;
  const divider = batteryDivider(randomFor(1, "battery"), { ratio: 2, batteryVolts: () => battery });
  expect(divider.volts()).toBe(1.8);
  battery = 3;
  expect(divider.volts()).toBe(1.5);
});

test("real resistors give one board a constant error within their tolerance", () => {
  const errors = Array.from({ length: 50 }, (_, seed) => {
    const divider = batteryDivider(randomFor(seed, "battery"), { ratio: 2, batteryVolts: () => 2, tolerance: 0.01 });
    expect(divider.volts()).toBe(divider.volts());
    return divider.volts() - 1;
  });
  expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(0.01);
  expect(new Set(errors).size).toBe(50);
});

test("a ratio below one is a mistake in the board file", () => {
  expect(() => batteryDivider(randomFor(1, "battery"), { ratio: 0, batteryVolts: () => 3 })).toThrow(RangeError);
});
