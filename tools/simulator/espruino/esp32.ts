/** `ESP32`: sleep, wake causes and restarts. What they do is the device's; here is how they are called. */
import { toInt } from "./data.ts";
import { adopt } from "./events.ts";
import type { Machine, Peripheral } from "./machine.ts";
import type { Pins } from "./pins.ts";

/** What ends a deep sleep. Without any, only a power cut does. */
export type WakeSource =
  | { readonly kind: "timer"; readonly us: number }
  | { readonly kind: "ext0"; readonly pin: number; readonly level: 0 | 1 }
  | { readonly kind: "ext1"; readonly pins: readonly number[]; readonly mode: "all-low" | "any-high" }
  | { readonly kind: "never" };

export interface Power {
  /** The device is asleep when this returns; it may throw to end the program's turn. */
  deepSleep(source: WakeSource): void;
  lightSleep(us: number): void;
  readonly hasLightSleep: boolean;
  restart(why: string): never;
  readonly wakeCause: number;
  readonly wakePin: number | undefined;
}

export function esp32(machine: Machine, pins: Pins, power: Power, removeSavedCode: () => void): Peripheral {
  const { realm, chip } = machine;
  const radios = { BLE: false, Wifi: false };

  const wakePin = (value: unknown): number => {
    const number = pins.numberOf(value);
    if (number !== undefined) machine.pinUse?.(number, "wake");
    if (number === undefined || !chip.wakePins.includes(number)) throw new realm.Error("Invalid pin");
    return number;
  };
  const setRadio = (name: keyof typeof radios, on: unknown): never => {
    radios[name] = Boolean(on);
    removeSavedCode();
    return power.restart("radio settings");
  };

  const ESP32 = adopt(machine, {
    /** A C int: from 2^31 µs on it wraps. Negative is read as unsigned 64 bit and never ends; 0 wakes at once. */
    deepSleep(us?: unknown) {
      machine.check();
      const int = toInt(us);
      power.deepSleep(int < 0 ? { kind: "never" } : { kind: "timer", us: int });
    },
    deepSleepExt0(pin: unknown, level?: unknown) {
      machine.check();
      power.deepSleep({ kind: "ext0", pin: wakePin(pin), level: toInt(level) ? 1 : 0 });
    },
    deepSleepExt1(which: unknown, mode?: unknown) {
      machine.check();
      const numbers = Array.isArray(which) ? (which as unknown[]).map(wakePin) : [wakePin(which)];
      const code = toInt(mode);
      if (code < 0 || code > 1) throw new realm.Error(`Invalid mode (${code})!`);
      power.deepSleep({ kind: "ext1", pins: numbers, mode: code ? "any-high" : "all-low" });
    },
    lightSleep(ms?: unknown) {
      machine.check();
      if (toInt(ms) > 0) power.lightSleep(toInt(ms) * 1000);
    },
    getWakeupCause: () => power.wakeCause,
    getWakeupPin: () => (power.wakePin === undefined ? undefined : pins.pin(power.wakePin)),
    reboot: () => power.restart("reboot"),
    setAtten(pin: unknown, millivolts: unknown) {
      const number = pins.numberOf(pin);
      machine.print(`Atten:${toInt(millivolts)}\n`);
      if (number !== undefined) pins.setAttenuation(number, toInt(millivolts));
    },
    getState: () =>
      adopt(machine, { sdkVersion: "v3.3", freeHeap: 40_000, BLE: radios.BLE, Wifi: radios.Wifi, minHeap: 30_000 }),
    enableBLE: (on: unknown) => setRadio("BLE", on),
    enableWifi: (on: unknown) => setRadio("Wifi", on),
    setOTAValid() {
      machine.check();
    },
    setBLE_Debug() {
      machine.check();
    },
  });
  if (!power.hasLightSleep) delete (ESP32 as { lightSleep?: unknown }).lightSleep;
  return { globals: { ESP32 } };
}
