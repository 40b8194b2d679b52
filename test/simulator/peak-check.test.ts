/** A cell against the modem's highest transmit current, before anything runs. */
import { describe, expect, test } from "vitest";
import * as firebeetle from "../../boards/firebeetle2-esp32-e.ts";
import { cells, type CellName } from "../../tools/simulator/energy/cells.ts";
import { checkPeak } from "../../tools/simulator/peak-check.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";

const scenario = (
  cell: Scenario["cell"],
  part: "sim7020" | "bg96" = "sim7020",
  parts?: Scenario["parts"],
): Scenario => ({
  board: firebeetle,
  cell,
  parts: parts ?? { modem: { part, tx: "D17", rx: "D16" } },
  world: {},
  network: "ideal",
  settings: {},
  lasts: "1d",
});

describe("the modem's transmit peak", () => {
  test.each<CellName>(["er34615-hpc1550", "er34615m", "li-ion-18650", "l91-3s", "supercap-10f-2s"])(
    "is no matter for %s",
    (cell) => expect(checkPeak(scenario(cell, "bg96"))).toEqual([]),
  );

  test.each<[CellName, "sim7020" | "bg96", string]>([
    [
      "er34615",
      "sim7020",
      "SIM7020 at full power and the chip take 173 mA (128 + 45); ER34615, Li-SOCl2 D cell, bobbin gives 71 mA at -20 °C, half full",
    ],
    ["er14505", "sim7020", "gives 154 mA when nearly empty (10 %): reports then restart the chip"],
    ["er14505", "bg96", "is made for pulses of up to 200 mA"],
  ])("of %s with %s is warned of", (cell, part, words) => {
    expect(checkPeak(scenario(cell, part)).join("\n")).toContain(words);
  });

  test("that not even the full cell gives is refused, with volts and ohms", () => {
    const worn = { ...cells.er14505, ohms: { ...cells.er14505.ohms, value: 9 } };
    expect(() => checkPeak(scenario(worn))).toThrow(
      /take 173 mA .* gives 1\d\d mA even when full, at 20 °C: 3\.67 V over 9\.00 ohm falls to \d\.\d\d V, and the chip restarts below 2\.43 V/,
    );
  });

  test("is none without a modem", () => expect(checkPeak(scenario("er34615", "sim7020", {}))).toEqual([]));
});
