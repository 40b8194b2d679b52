import { expect, test } from "vitest";
import { contact } from "../../../tools/simulator/parts/contact.ts";
import { constant, steps, type Source } from "../../../tools/simulator/world/sources.ts";
import { World } from "../../../tools/simulator/world/world.ts";
import { bench } from "./bench.ts";

function door(source: Source, pullUp?: { volts: number; ohms: number }) {
  const table = bench();
  const world = new World({ door: { contact: source } }, { seed: 1, now: () => table.clock.now });
  const levels: [us: number, level: number][] = [];
  const line = { drive: (level: 0 | 1) => void levels.push([table.clock.nowUs, level]) };
  const context = {
    ...table.context,
    world: (quantity: string) => world.at("door", quantity),
    nextChangeUs: (quantity: string) => world.nextChangeUs("door", quantity),
  };
  return { ...table, levels, part: contact(context, { name: "door", line, pullUp }) };
}

test("the pin is low while the contact is closed, and changes in the very microsecond", () => {
  const { clock, levels } = door(
    steps(
      [
        ["0s", 1],
        ["2h", 0],
        ["2h3m", 1],
      ],
      { repeat: "1d" },
    ),
  );
  clock.runUntil(86_400e6 + 1);
  expect(levels).toEqual([
    [0, 0],
    [7_200e6, 1],
    [7_380e6, 0],
    [86_400e6, 0],
  ]);
});

test("a contact that never changes sets no alarm", () => {
  const { clock, levels } = door(constant(1));
  expect(clock.nextUs).toBe(Infinity);
  expect(levels).toEqual([[0, 0]]);
});

test("closed, it draws what its pull-up lets through", () => {
  const { clock, coulombs } = door(
    steps([
      ["0s", 0],
      ["1h", 1],
      ["2h", 0],
    ]),
    { volts: 3.3, ohms: 1e6 },
  );
  clock.runUntil(10_800e6);
  expect(coulombs("sensor: door closed")).toBeCloseTo(3.3e-6 * 3600, 9);
});

test("without supply it draws nothing and stops following; with it, it takes up the present state", () => {
  const { clock, part, levels, ledger } = door(
    steps([
      ["0s", 1],
      ["1h", 0],
    ]),
    { volts: 3.3, ohms: 1e6 },
  );
  part.power(false);
  clock.runUntil(7_200e6);
  expect(ledger.batteryJoules()).toBe(0);
  part.power(true);
  expect(levels).toEqual([
    [0, 0],
    [7_200e6, 1],
  ]);
});
