import { expect, test } from "vitest";
import { Wires } from "../../../tools/simulator/espruino/wires.ts";
import { attach } from "../../../tools/simulator/parts/attach.ts";
import { pinUses, type CatalogueWiring } from "../../../tools/simulator/parts/catalogue.ts";
import { bench } from "./bench.ts";

function board(
  world: Record<string, number> = { temperature: 20, humidity: 50, pressure: 1000, pm1: 1, pm25: 2, pm10: 3 },
) {
  const table = bench(world);
  const wires = new Wires();
  const add = (name: string, wiring: CatalogueWiring, railVolts = 3.3) =>
    attach({
      name,
      wiring,
      context: { ...table.context, nextChangeUs: () => Infinity },
      wires,
      railVolts,
      unixAtStart: 0,
    });
  return { ...table, wires, add };
}

const bus = { sda: "D21", scl: "D22", place: "here" } as const;

test("parts with different addresses share a bus", () => {
  const { add, wires } = board();
  add("air", { part: "sht4x", ...bus });
  add("more", { part: "bme280", ...bus });
  add("other", { part: "bme280", ...bus, address: 0x77 });
  expect(wires.i2c("D21", "D22").targets.map(({ address }) => address)).toEqual([0x44, 0x76, 0x77]);
});

test.each([
  ["tmp117 and ads1115", { part: "tmp117", ...bus }, { part: "ads1115", ...bus }, "0x48"],
  ["sht4x and sht3x", { part: "sht4x", ...bus }, { part: "sht3x", ...bus }, "0x44"],
] as const)("two parts at one address are found: %s", (_, first, second, address) => {
  const { add } = board();
  add("one", first);
  expect(() => add("two", second)).toThrow(`two parts answer at address ${address} of one bus`);
  expect(() => add("two", { ...second, sda: "D25", scl: "D26" })).not.toThrow();
});

test("an address that the part's pins cannot choose is refused with those that they can", () => {
  const { add } = board();
  expect(() => add("air", { part: "bme280", ...bus, address: 0x44 })).toThrow(
    expect.objectContaining({ fix: "choose one of 0x76, 0x77", where: "scenario, parts.air" }),
  );
});

test("a part for 5 V on a rail of 3.3 V is refused; behind a converter it draws more from the rail", () => {
  const wiring = { part: "pms7003", tx: "D17", rx: "D16", place: "here" } as const;
  expect(() => board().add("dust", wiring)).toThrow(/takes 4.5 to 5.5 V, got 3.3 V/);
  const { add, coulombs, wait } = board();
  add("dust", { ...wiring, supply: { volts: 5, efficiency: 0.8 } });
  wait(1000);
  expect(coulombs("sensor: dust active")).toBeCloseTo((0.1 * 5) / 3.3 / 0.8, 6);
});

test("a part for at most 3.6 V on 5 V is refused", () => {
  expect(() => board().add("air", { part: "bme280", ...bus }, 5)).toThrow(/takes 1.71 to 3.6 V, got 5 V/);
});

test("a part behind a power pin is on while that pin is high and the board is supplied", () => {
  const { add, wires, ledger, wait } = board();
  const part = add("soil", { part: "soil", pin: "D34", place: "here", powerPin: "D25" });
  wait(1000);
  expect(ledger.batteryJoules()).toBe(0);
  wires.pin("D25").show(1);
  wait(1000);
  const joules = ledger.batteryJoules();
  expect(joules).toBeGreaterThan(0);
  part.power(false);
  wait(1000);
  part.power(true);
  wires.pin("D25").show(undefined);
  wait(1000);
  expect(ledger.batteryJoules()).toBe(joules);
});

test("a part of the scenario's own takes its place on the bus", () => {
  const { add, wires } = board();
  const own = () => ({
    i2c: { address: 0x10, write: () => true, read: () => undefined },
    power: () => {},
    causes: new Map(),
  });
  add("own", { part: own, ...bus });
  expect(wires.i2c("D21", "D22").targets[0]!.address).toBe(0x10);
});

test("a wiring names its pins and what it does with them", () => {
  expect(pinUses({ part: "lis3dh", ...bus, int1: "D27", powerPin: "D25" })).toEqual([
    { key: "sda", pin: "D21", use: "both", bus: "i2c D21/D22" },
    { key: "scl", pin: "D22", use: "both", bus: "i2c D21/D22" },
    { key: "int1", pin: "D27", use: "input" },
    { key: "powerPin", pin: "D25", use: "output" },
  ]);
  expect(pinUses({ part: "mfrc522", sck: "D18", mosi: "D23", miso: "D19", cs: "D5", place: "here" }).map(({ bus }) => bus)).toEqual([
    "spi D18/D23/D19", "spi D18/D23/D19", "spi D18/D23/D19", undefined,
  ]); // prettier-ignore
});
