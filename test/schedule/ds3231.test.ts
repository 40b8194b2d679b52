import { afterEach, describe, expect, it } from "vitest";
import { ds3231 } from "../../lib/schedule/ds3231.ts";

/** The registers of a DS3231, with its clock: data sheet 19-5170, figure 1. */
class Twin {
  readonly registers = new Uint8Array(19);
  silent = false;
  #pointer = 0;
  setup(): void {}
  writeTo(address: number, data: readonly number[]): void {
    if (this.silent || address !== 0x68) throw new Error("no acknowledge");
    [this.#pointer] = data as [number];
    data.slice(1).forEach((byte) => (this.registers[this.#pointer++] = byte));
  }
  readFrom(_: number, count: number): Uint8Array {
    return this.registers.slice(this.#pointer, this.#pointer + count);
  }
  /** Seconds from the calendar to alarm 1, when its masks ask for date, hours, minutes and seconds. */
  get alarmIn(): number {
    const bcd = (register: number): number => (this.registers[register]! >> 4) * 10 + (this.registers[register]! & 15);
    const at = (date: number, hours: number, minutes: number, s: number): number =>
      ((bcd(date) * 24 + bcd(hours)) * 60 + bcd(minutes)) * 60 + bcd(s);
    return at(10, 9, 8, 7) - at(4, 2, 1, 0);
  }
}

const plug = (): Twin => {
  const twin = new Twin();
  Object.assign(globalThis, { I2C1: twin });
  return twin;
};
afterEach(() => void Reflect.deleteProperty(globalThis, "I2C1"));
const bus = { bus: "I2C1", sda: "D21", scl: "D22" } as const;

describe("the DS3231's alarm", () => {
  it.each([1, 59, 60, 3599, 3600, 2148, 86399, 86400, 7 * 86400 + 1, 27 * 86400])("comes after %d s", (wanted) => {
    const twin = plug();
    expect(ds3231(bus).set(wanted)).toBe(true);
    expect(twin.alarmIn).toBe(wanted);
    expect(twin.registers[0x0e]).toBe(5);
  });

  it("says whether it was the alarm that woke, once", () => {
    const twin = plug();
    const alarm = ds3231(bus);
    alarm.set(60);
    expect(alarm.clear()).toBe(false);
    twin.registers[0x0f] = 0x81;
    expect(alarm.clear()).toBe(true);
    expect(alarm.clear()).toBe(false);
  });

  it("says when it does not answer", () => {
    plug().silent = true;
    expect([ds3231(bus).set(60), ds3231(bus).clear()]).toEqual([false, false]);
  });
});
