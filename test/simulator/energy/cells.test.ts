import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { facts as firebeetle } from "../../../boards/firebeetle2-esp32-e.ts";
import { facts as simcom } from "../../../boards/lilygo-t-sim7000g.ts";
import type { BoardFacts } from "../../../boards/types.ts";
import { boardSupply, sleepAmps } from "../../../tools/simulator/energy/board-supply.ts";
import { Clock } from "../../../tools/simulator/clock.ts";
import {
  capacityAmpHours,
  lifeYears,
  selfDischargeAmps,
  supplyOf,
  type Cell,
} from "../../../tools/simulator/energy/cell.ts";
import { cells, findCell } from "../../../tools/simulator/energy/cells.ts";
import { Ledger } from "../../../tools/simulator/energy/ledger.ts";

const bobbin = cells.er34615;
const hoursPerYear = 8766;

test.each([
  [0.2, 17],
  [1, 18.4],
  [2, 18.8],
  [4, 19.0],
  [20, 13.5],
  [35, 7],
])("a D bobbin discharged at %d mA delivers the handbook's %d Ah within 1.5 %%", (milliamps, ampHours) => {
  const delivered = lifeYears(bobbin, milliamps / 1e3) * hoursPerYear * (milliamps / 1e3);
  expect(Math.abs(delivered / ampHours - 1)).toBeLessThan(0.015);
});

test("a D bobbin loses about 24 microampere inside", () => {
  expect(selfDischargeAmps(bobbin) * 1e6).toBeCloseTo(23.8, 1);
});

test("capacity between two currents lies on a line over the current's logarithm", () => {
  expect(capacityAmpHours(bobbin, Math.sqrt(4 * 20) / 1e3)).toBeCloseTo((19 + 13.5) / 2, 9);
  expect(capacityAmpHours(bobbin, 1)).toBe(7);
  expect(capacityAmpHours(bobbin, 0)).toBe(19);
});

test("an idle cell lives as long as its self-discharge lets it", () => {
  expect(lifeYears(bobbin, 0)).toBeCloseTo(1 / 0.011, 9);
});

test("a hybrid capacitor lends pulses and leaks", () => {
  const hybrid = cells["er34615-hpc1550"];
  expect(hybrid.pulseMilliamps!.value).toBeGreaterThan(cells.er34615.pulseMilliamps!.value);
  expect((selfDischargeAmps(hybrid) - selfDischargeAmps(bobbin)) * 1e6).toBeCloseTo(5, 9);
  expect(lifeYears(hybrid, 50e-6)).toBeLessThan(lifeYears(bobbin, 50e-6));
});

describe.each(Object.entries<Cell>(cells))("%s", (_, cell) => {
  test("lives shorter the more is drawn", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1e-9, max: 1, noNaN: true }),
        (amps, more) => {
          expect(lifeYears(cell, amps + more)).toBeLessThan(lifeYears(cell, amps));
        },
      ),
    );
  });

  test("has its currents in order, its cutoff below its voltage, and a source for every figure", () => {
    const currents = cell.capacity.map(({ milliamps }) => milliamps);
    expect(currents).toEqual([...currents].sort((a, b) => a - b));
    expect(cell.cutoffVolts.value).toBeLessThan(cell.nominalVolts.value);
    const figures = [cell.nominalVolts, cell.selfDischargePerYear, ...cell.capacity.map(({ ampHours }) => ampHours)];
    for (const { source } of figures) expect(source).not.toBe("");
  });
});

test("cells in series add their voltages, not their capacities", () => {
  expect(cells["l91-2s"].nominalVolts.value).toBe(3);
  expect(capacityAmpHours(cells["l91-3s"], 0.01)).toBe(capacityAmpHours(cells["l91-2s"], 0.01));
});

test("it is the ledger's supply in front of a regulator", () => {
  const supply = supplyOf(bobbin, 3.3, 4e-6);
  expect(supply).toEqual({
    batteryVolts: 3.6,
    railVolts: 3.3,
    quiescentAmps: 4e-6,
    selfDischargeAmps: selfDischargeAmps(bobbin),
  });
});

test("a wrong name is answered with the nearest", () => {
  expect(() => findCell("er34165")).toThrow(
    expect.objectContaining({ fix: expect.stringContaining('"er34615"') as unknown }),
  );
  expect(findCell("cr123a").chemistry).toBe("Li-MnO2");
});

describe("a board's regulator", () => {
  const power = (kind: "ldo" | "buck" | "boost-ldo" | "none"): BoardFacts["power"] => {
    const figure = (value: number) => ({ value, confidence: "datasheet" as const, source: "" });
    return {
      ...firebeetle().power,
      resistors: [],
      railVolts: figure(3.3),
      regulator: {
        name: "",
        kind,
        quiescentMicroamps: figure(2),
        efficiency: [{ milliamps: 1, share: figure(0.8) }],
        boostVolts: figure(4.5),
      },
    };
  };
  // 1 mA at 3.3 V for 1000 s, from a cell of 3.6 V
  test.each([
    ["ldo", 3.6],
    ["buck", 3.3 / 0.8],
    ["boost-ldo", 4.5 / 0.8],
    ["none", 3.6],
  ] as const)(
    "%s: a load of 1 mA costs %d mW at the battery, and the causes sum to the battery's loss",
    (kind, milliwatts) => {
      const clock = new Clock();
      const ledger = new Ledger(clock, {
        ...boardSupply(cells["li-ion-18650"]!, power(kind)),
        selfDischargeAmps: 0,
        quiescentAmps: 0,
      });
      ledger.meter().set(1e-3, "load");
      clock.runUntil(1e9);
      expect(ledger.batteryJoules()).toBeCloseTo(milliwatts, 9);
      expect([...ledger.causes().values()].reduce((sum, joules) => sum + joules, 0)).toBeCloseTo(milliwatts, 9);
    },
  );
});

test("what a board takes asleep is its floor, whatever of it is counted apart", () => {
  for (const facts of [firebeetle(), simcom()]) {
    const { power } = facts;
    const volts = (power.batteryVolts[0] + power.batteryVolts[1]) / 2;
    const clock = new Clock();
    const cell = {
      ...cells["li-ion-18650"],
      nominalVolts: { value: volts, confidence: "computed", source: "" },
    } as const;
    const ledger = new Ledger(clock, { ...boardSupply(cell, power), selfDischargeAmps: 0 });
    ledger.meter().set(sleepAmps(power), "sleep floor");
    expect((ledger.batteryAmps * 1e6) / power.sleepFloorMicroamps.value).toBeCloseTo(1, 2);
  }
});
