/** The counter that goes on while the chip sleeps: its model, and the driver on it. */
import { describe, expect, test } from "vitest";
import { NAK, RANGE, UNREADY } from "../../../lib/faults.ts";
import { pcf8583 as driver } from "../../../lib/sensors/pcf8583.ts";
import type { Part } from "../../../tools/simulator/parts/part.ts";
import { pcf8583 } from "../../../tools/simulator/parts/pcf8583.ts";
import { fakeEspruino } from "../../twins/espruino.ts";
import { run } from "../../sensors/run.ts";
import { BUS } from "../../sensors/wiring.ts";
import { ideal } from "./ideal.ts";

const water = (flow = 0) => ideal(pcf8583, { flow }, { quantity: "flow", pulsesPerUnit: 1 });

/** The driver with its wires at the part. */
function drive({ i2c }: Part) {
  const espruino = fakeEspruino();
  Object.assign(espruino.i2c, {
    writeTo(_address: number, data: readonly number[]) {
      if (!i2c!.write(Uint8Array.from(data))) throw new Error("I2C device not responding");
    },
    readFrom: (_address: number, count: number) => i2c!.read(count)!,
  });
  const sensor = driver(BUS);
  return () => run(sensor).result;
}

describe("PCF8583 as a counter", () => {
  test("counts only in its event mode, in decimal digits, the lowest first", () => {
    const { part, wait } = water(60);
    wait(10_000);
    part.i2c!.write(Uint8Array.of(0));
    expect([...part.i2c!.read(4)!]).toEqual([0, 0, 0, 0]);
    part.i2c!.write(Uint8Array.of(0, 0x20));
    wait(123_000);
    part.i2c!.write(Uint8Array.of(1));
    expect([...part.i2c!.read(3)!]).toEqual([0x23, 0x01, 0]);
  });

  test("all digits are as they were when the transfer began", () => {
    const { part, wait } = water(60);
    part.i2c!.write(Uint8Array.of(0, 0x20, 0x99));
    part.i2c!.write(Uint8Array.of(1));
    expect([...part.i2c!.read(1)!]).toEqual([0x99]);
    wait(1000);
    expect([...part.i2c!.read(2)!]).toEqual([0, 0]);
  });

  test("after 999999 comes 0", () => {
    const { part, wait } = water(60);
    part.i2c!.write(Uint8Array.of(0, 0x20, 0x99, 0x99, 0x99));
    wait(2000);
    part.i2c!.write(Uint8Array.of(1));
    expect([...part.i2c!.read(3)!]).toEqual([1, 0, 0]);
  });

  test("the driver says once that the count was lost, and then counts", () => {
    const { part, wait } = water(60);
    const read = drive(part);
    expect(read()).toBe(UNREADY);
    wait(654_000);
    expect(read()).toEqual([654]);
    part.power(false);
    part.power(true);
    expect(read()).toBe(UNREADY);
    wait(5000);
    expect(read()).toEqual([5]);
  });

  test("what are no digits is a fault, and so is nobody", () => {
    const { part, faults } = water();
    const read = drive(part);
    read();
    part.i2c!.write(Uint8Array.of(1, 0x1a));
    expect(read()).toBe(RANGE);
    part.i2c!.write(Uint8Array.of(1, 0xa0));
    expect(read()).toBe(RANGE);
    faults.add("nak");
    expect(read()).toBe(NAK);
  });
});
