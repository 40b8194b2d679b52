import { expect, test } from "vitest";
import * as board from "../../boards/firebeetle2-esp32-e.ts";
import { Clock } from "../../tools/simulator/clock.ts";
import { Wires } from "../../tools/simulator/espruino/wires.ts";
import { FaultPlan } from "../../tools/simulator/faults.ts";
import type { Server } from "../../tools/simulator/network/server.ts";
import { createRig } from "../../tools/simulator/rig.ts";
import type { PartWiring, Scenario } from "../../tools/simulator/scenario.ts";
import { constant } from "../../tools/simulator/world/sources.ts";

function rigOf(parts: Record<string, PartWiring>) {
  const scenario: Scenario = {
    board,
    cell: "er34615-hpc1550",
    parts,
    world: {
      here: {
        temperature: constant(20),
        humidity: constant(50),
        pressure: constant(1000),
        mass: constant(1),
        pm1: constant(5),
        pm25: constant(8),
        pm10: constant(10),
        contact: constant(0),
      },
    },
    network: "vodafone-es",
    settings: {},
    lasts: "1d",
  };
  return createRig({
    scenario,
    seed: 1,
    faults: new FaultPlan([], 1),
    clock: new Clock(),
    server: {} as Server,
    trace: () => {},
  });
}

const bus = { sda: "D21", scl: "D22", place: "here" } as const;

test("parts of all buses are wired by their entries, and their figures are known", () => {
  const { clock, ledger, figures, wires } = rigOf({
    air: { part: "bme280", ...bus },
    clock: { part: "ds3231", ...bus, int: "D4" },
    probe: { part: "ds18b20", pin: "D25", place: "here" },
    scale: { part: "hx711", sck: "D18", dout: "D19", place: "here", powerPin: "D26" },
    door: { part: "contact", pin: "D13", place: "here" },
    battery: { part: "battery-divider", pin: "D34", ratio: 2 },
  });
  clock.runUntil(60e6);
  expect(wires.i2c("D21", "D22").targets.length).toBe(2);
  expect(wires.oneWire("D25").length).toBe(1);
  const sensors = [...ledger.causes().keys()].filter((cause) => cause.startsWith("sensor: "));
  for (const cause of sensors) expect(figures().has(cause), cause).toBe(true);
  expect(sensors.some((cause) => cause.startsWith("sensor: scale"))).toBe(true);
  expect(ledger.causes().get("sensor: scale measuring")).toBe(0);
});

test.each([
  ["two parts at one address", { a: { part: "bme280", ...bus }, b: { part: "bmp280", ...bus } }, /0x76/],
  [
    "a pin that two parts want",
    { a: { part: "ds3231", ...bus, int: "D4" }, b: { part: "hx711", sck: "D5", dout: "D4", place: "here" } },
    /D4 is already taken by a/,
  ],
  ["a part for 5 V", { a: { part: "pms7003", tx: "D17", rx: "D16", place: "here" } }, /4.5 to 5.5 V/],
  [
    "a pin that cannot drive",
    { a: { part: "hx711", sck: "D34", dout: "D19", place: "here" } },
    /D34 cannot drive a line/,
  ],
] as const)("%s: found before the run", (_, parts, message) => {
  expect(() => rigOf(parts)).toThrow(message);
});

test("open-drain outputs may share a pin: it is low as long as one of them pulls", () => {
  const wire = new Wires().pin("D4");
  const [clock, contact] = [wire.puller(), wire.puller()];
  clock.drive(1);
  contact.drive(1);
  expect(wire.driven).toBe(1);
  clock.drive(0);
  contact.drive(0);
  clock.drive(1);
  expect(wire.driven).toBe(0);
  contact.drive(1);
  expect(wire.driven).toBe(1);
  expect(() =>
    rigOf({ a: { part: "ds3231", ...bus, int: "D4" }, b: { part: "contact", pin: "D4", place: "here" } }),
  ).not.toThrow();
});
