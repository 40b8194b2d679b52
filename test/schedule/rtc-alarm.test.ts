import { afterEach, describe, expect, it } from "vitest";
import { ds3231 } from "../../lib/schedule/ds3231.ts";
import { pcf8563 } from "../../lib/schedule/pcf8563.ts";

/** Registers of a clock part. */
class Twin {
  readonly registers = new Uint8Array(19);
  silent = false;
  /** Registers that do not take what is written to them. */
  deaf: readonly number[] = [];
  #pointer = 0;
  readonly #address: number;
  constructor(address: number) {
    this.#address = address;
  }
  setup(): void {}
  writeTo(address: number, data: readonly number[]): void {
    if (this.silent || address !== this.#address) throw new Error("no acknowledge");
    [this.#pointer] = data as [number];
    for (const byte of data.slice(1)) {
      if (!this.deaf.includes(this.#pointer)) this.registers[this.#pointer] = byte;
      this.#pointer++;
    }
  }
  readReg(address: number, register: number, count: number): Uint8Array {
    if (this.silent || address !== this.#address) throw new Error("no acknowledge");
    return this.registers.slice(register, register + count);
  }
  /** Seconds since the 1st, 00:00 in registers for day, hour, minute and second. */
  at(...registers: readonly (number | undefined)[]): number {
    const bcd = (register: number | undefined): number => {
      const byte = register === undefined ? 0 : this.registers[register]!;
      return (byte >> 4) * 10 + (byte & 15);
    };
    const [day, hour, minute, second] = registers.map(bcd) as [number, number, number, number];
    return (((day - 1) * 24 + hour) * 60 + minute) * 60 + second;
  }
}

const plug = (address: number): Twin => {
  const twin = new Twin(address);
  Object.assign(globalThis, { I2C1: twin });
  return twin;
};
afterEach(() => void Reflect.deleteProperty(globalThis, "I2C1"));
const bus = { bus: "I2C1", sda: "D21", scl: "D22" } as const;

const parts = [
  {
    // data sheet 19-5170, figure 1
    name: "DS3231",
    part: ds3231,
    address: 0x68,
    alarmIn: (twin: Twin) => twin.at(10, 9, 8, 7) - twin.at(4, 2, 1, 0),
    control: [0x0e, 5],
    come: [0x0f, 0x81],
  },
  {
    // data sheet revision 11, table 4: the alarm has no seconds
    name: "PCF8563",
    part: pcf8563,
    address: 0x51,
    alarmIn: (twin: Twin) => twin.at(0x0b, 0x0a, 9, undefined) - twin.at(5, 4, 3, 2),
    control: [1, 2],
    come: [1, 0x0a],
  },
] as const;

describe.each(parts)("the $name's alarm", ({ part, address, alarmIn, control, come }) => {
  it.each([1, 59, 60, 61, 3599, 3600, 2148, 86399, 86400, 7 * 86400 + 1, 27 * 86400])("comes after %d s", (wanted) => {
    const twin = plug(address);
    expect(part(bus).set(wanted)).toBe(true);
    expect(alarmIn(twin)).toBe(wanted);
    expect(twin.registers[control[0]]).toBe(control[1]);
  });

  it("says whether it was the alarm that woke, once", () => {
    const twin = plug(address);
    const alarm = part(bus);
    alarm.set(60);
    expect(alarm.clear()).toBe(false);
    twin.registers[come[0]] = come[1];
    expect(alarm.clear()).toBe(true);
    expect(alarm.clear()).toBe(false);
  });

  it("says when it does not answer, and when an alarm was not taken", () => {
    const twin = plug(address);
    twin.deaf = [control[0]];
    expect(part(bus).set(60)).toBe(false);
    twin.deaf = [10];
    expect(part(bus).set(90000)).toBe(false);
    twin.silent = true;
    expect([part(bus).set(60), part(bus).clear()]).toEqual([false, false]);
  });
});
