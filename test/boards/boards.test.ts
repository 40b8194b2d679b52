/** The boards as data: pins that exist, wiring that the chip allows, figures with sources. */
import { describe, expect, it } from "vitest";
import * as devkitc from "../../boards/esp32-devkitc-v4.ts";
import * as module from "../../boards/esp32c3-module.ts";
import * as firebeetle from "../../boards/firebeetle2-esp32-e.ts";
import * as sim7000g from "../../boards/lilygo-t-sim7000g.ts";
import * as sim7080g from "../../boards/lilygo-t-sim7080g-s3.ts";
import type { Board, BoardFacts, PinName } from "../../boards/types.ts";
import * as xiao from "../../boards/xiao-esp32c3.ts";

const boards: readonly { readonly default: Board; readonly facts: () => BoardFacts }[] = [
  devkitc,
  firebeetle,
  module,
  sim7000g,
  sim7080g,
  xiao,
];

const HIGHEST = { esp32: 39, esp32c3: 21, esp32s3: 48 };

describe.each(boards.map((board) => [board.default.id, board] as const))("%s", (_, { default: board, facts }) => {
  const { pins, chip, power, adcPins, bootPullUpPins, switches } = facts();
  const used: PinName[] = [
    ...Object.values(board.i2c).flatMap(({ sda, scl }) => [sda, scl]),
    ...Object.values(board.uart).flatMap(({ tx, rx }) => [tx, rx]),
    ...Object.values(board.spi ?? {}).flatMap(({ sck, miso, mosi }) => [sck, miso, mosi]),
    ...(board.modem ? [board.modem.powerKey] : []),
    ...(board.modem?.dtr ? [board.modem.dtr] : []),
    ...(board.battery ? [board.battery.pin] : []),
  ];

  it("wires pins that it has", () => {
    for (const pin of used) expect(Object.keys(pins)).toContain(pin);
    for (const pin of Object.keys(pins)) expect(Number(pin.slice(1))).toBeLessThanOrEqual(HIGHEST[chip]);
  });

  it("reads its battery on an analog pin, and keeps its power key off the pins that are pulled up at boot", () => {
    if (board.battery) expect(adcPins).toContain(board.battery.pin);
    if (board.modem?.keyPressed) expect(bootPullUpPins).not.toContain(board.modem.powerKey);
  });

  it("gives each figure its source", () => {
    const { regulator } = power;
    const figures = [
      power.railVolts,
      power.sleepFloorMicroamps,
      power.activeMilliamps,
      power.bootMs,
      power.bootMilliamps,
    ];
    for (const figure of [...figures, regulator.quiescentMicroamps]) expect(figure.source).not.toBe("");
    // a converter that switches needs its efficiency
    expect(regulator.efficiency !== undefined).toBe(regulator.kind === "buck" || regulator.kind === "boost-ldo");
    expect(power.batteryVolts[0]).toBeLessThan(power.batteryVolts[1]);
    for (const { name, feeds, control } of switches ?? []) expect(name && feeds && control).toBeTruthy();
  });
});
