/** `Pin`, `D0`…, and the functions that read and write pins. */
import { toFloat, toInt } from "./data.ts";
import { adopt } from "./events.ts";
import type { Callback, Machine, Peripheral } from "./machine.ts";
import type { PinMode } from "./pin-bank.ts";

/** Time of one conversion with the driver's overhead (inferred). */
const ANALOG_READ_US = 40;
/** The ADC is read at 11 dB: full scale is about 3.6 V. Other attenuations as `ESP32.setAtten` names them, in mV. */
const FULL_SCALE_MV = 3600;

const modes: readonly string[] = [
  "analog", "input", "input_pullup", "input_pulldown", "output", "opendrain", "opendrain_pullup", "af_output", "af_opendrain",
]; // prettier-ignore

export interface Pins extends Peripheral {
  /** The pin that a value of the device means: a `Pin`, a number or a name. Undefined when there is none. */
  numberOf(value: unknown): number | undefined;
  /** The device's object of a pin. */
  pin(number: number): object;
  /** Drives a pin as a native does: it becomes an output unless its mode was set by hand. */
  output(number: number, value: boolean): void;
  /** Reads a pin as the device sees it. */
  input(number: number): 0 | 1;
  setAttenuation(number: number, millivolts: number): void;
}

export function pins(machine: Machine): Pins {
  const { realm, pins: bank, clock, chip } = machine;
  const attenuation = new Map<number, number>();
  const pulses = new Map<number, { endUs: number; alarms: Set<ReturnType<typeof clock.at>> }>();
  const objects = new Map<number, object>();
  const numbers = new WeakMap<object, number>();

  const numberOf = (value: unknown): number | undefined => {
    if (typeof value === "object" && value !== null) return numbers.get(value);
    if (typeof value === "number") return bank.has(value) ? value : undefined;
    if (typeof value === "string" && /^D\d+$/.test(value)) return numberOf(Number(value.slice(1)));
    return undefined;
  };
  const valid = (value: unknown): number => {
    const number = numberOf(value);
    if (number === undefined) throw new realm.Error("Invalid pin");
    return number;
  };
  const output = (number: number, value: boolean): void => {
    machine.check();
    bank.setHigh(number, value !== bank.isNegated(number));
    if (!bank.isManual(number)) bank.setMode(number, "output");
  };
  const input = (number: number): 0 | 1 => {
    machine.spendCpu();
    if (!bank.isManual(number) && bank.mode(number) === "undefined") bank.setMode(number, "input");
    return bank.isNegated(number) ? (bank.level(number) ? 0 : 1) : bank.level(number);
  };

  function pinMode(which: unknown, mode?: unknown, automatic?: unknown): void {
    machine.check();
    const number = valid(which);
    if (typeof mode === "string" && modes.includes(mode)) {
      bank.setManual(number, !automatic);
      bank.setMode(number, (mode === "af_output" ? "output" : mode === "af_opendrain" ? "opendrain" : mode) as PinMode);
      return;
    }
    bank.setManual(number, false);
    if (mode !== undefined && mode !== "auto") throw new realm.Error("Unknown pin mode");
  }

  function digitalWrite(which: unknown, value: unknown): void {
    const bits = typeof value === "boolean" ? (value ? -1 : 0) : toInt(value);
    if (Array.isArray(which)) {
      let left = bits;
      for (const pin of [...(which as unknown[])].reverse()) {
        output(valid(pin), (left & 1) !== 0);
        left >>= 1;
      }
    } else if (numberOf(which) === undefined && typeof (which as { write?: unknown })?.write === "function") {
      (which as { write: Callback }).write(bits);
    } else {
      output(valid(which), bits !== 0);
    }
  }

  function digitalRead(which: unknown): number {
    if (Array.isArray(which))
      return (which as unknown[]).reduce<number>((value, pin) => (value << 1) | input(valid(pin)), 0);
    if (numberOf(which) === undefined && typeof (which as { read?: unknown })?.read === "function")
      return toInt((which as { read: Callback }).read());
    return input(valid(which));
  }

  function digitalPulse(which: unknown, value: unknown, times: unknown): void {
    const number = valid(which);
    let level = Boolean(value);
    if (typeof times === "number" && !(times >= 0)) throw new realm.Error("Pulse Time is less than 0 or not a number");
    if (typeof times !== "number" && !Array.isArray(times) && !ArrayBuffer.isView(times)) {
      throw new realm.Error(`Expecting Number or Array, got ${typeof times}`);
    }
    let pulse = pulses.get(number);
    if (pulse && pulse.endUs < clock.nowUs) pulse = undefined;
    if (!pulse) {
      pulses.set(number, (pulse = { endUs: clock.nowUs, alarms: new Set() }));
      output(number, level);
    }
    if (times === 0) return machine.spend(Math.max(pulse.endUs - clock.nowUs, 0));
    for (const ms of typeof times === "number" ? [times] : (times as number[])) {
      if (ms > 0) {
        pulse.endUs += ms * 1000;
        const next = !level;
        pulse.alarms.add(clock.at(pulse.endUs, () => bank.setHigh(number, next !== bank.isNegated(number))));
      }
      level = !level;
    }
  }

  function analogRead(which: unknown): number {
    const number = valid(which);
    machine.pinUse?.(number, "analog");
    if (!chip.adcPins.includes(number)) return NaN;
    machine.spend(ANALOG_READ_US);
    const fullScale = (attenuation.get(number) ?? FULL_SCALE_MV) / 1000;
    const connected = machine.wires.volts(`D${number}`);
    if (connected === undefined) machine.wires.mistake(`nothing is wired to D${number}, whose voltage is measured`);
    const volts = connected ?? 0;
    const raw = Math.max(0, Math.min(4095, Math.floor((volts / fullScale) * 4096)));
    return raw / 4096;
  }

  function analogWrite(which: unknown, value: unknown): void {
    const number = valid(which);
    output(number, toFloat(value) >= 0.5);
    machine.trace(`D${number}.pwm`, toFloat(value));
  }

  function shiftOut(which: unknown, options: unknown, data: unknown): void {
    const { clk, clkPol, repeat } = (options ?? {}) as Record<string, unknown>;
    const lines = Array.isArray(which) ? (which as unknown[]).map(numberOf) : [numberOf(which)];
    const clockPin = numberOf(clk);
    for (const value of Array.isArray(data) || ArrayBuffer.isView(data) ? (data as number[]) : [toInt(data)]) {
      let bits = value;
      for (let i = Math.max(toInt(repeat), 1); i > 0; i--) {
        for (const line of [...lines].reverse()) {
          if (line !== undefined) output(line, (bits & 1) !== 0);
          bits >>= 1;
        }
        if (clockPin === undefined) continue;
        output(clockPin, Boolean(clkPol));
        output(clockPin, !clkPol);
      }
    }
  }

  const getPinMode = (which: unknown): string => bank.mode(valid(which));

  const self = (pin: unknown): number => numbers.get(pin as object)!;
  const methods = {
    read: function (this: unknown) { return input(self(this)) === 1; },
    set: function (this: unknown) { output(self(this), true); },
    reset: function (this: unknown) { output(self(this), false); },
    write: function (this: unknown, value: unknown) { output(self(this), Boolean(value)); },
    writeAtTime: function (this: unknown, value: unknown, time: unknown) {
      const number = self(this);
      clock.after(Math.max(0, (toFloat(time) - machine.time) * 1e6), () => output(number, Boolean(value)));
    },
    toggle: function (this: unknown) {
      const high = input(self(this)) === 0;
      output(self(this), high);
      return high;
    },
    getMode: function (this: unknown) { return getPinMode(this); },
    mode: function (this: unknown, mode: unknown) { pinMode(this, mode); },
    pulse: function (this: unknown, value: unknown, times: unknown) { digitalPulse(this, value, times); },
    analog: function (this: unknown) { return analogRead(this); },
    pwm: function (this: unknown, value: unknown) { analogWrite(this, value); },
    getInfo: function (this: unknown) { return adopt(machine, { port: "D", num: self(this), functions: {} }); },
    toString: function (this: unknown) { return `D${self(this)}`; },
    toJSON: function (this: unknown) { return `D${self(this)}`; },
    /** A pin is a number of its own kind; next to a text it is its name. */
    [Symbol.toPrimitive]: function (this: unknown, hint: string) { return hint === "number" ? self(this) : `D${self(this)}`; },
  }; // prettier-ignore

  function Pin(value: unknown): object | undefined {
    const number = numberOf(value);
    return number === undefined ? undefined : objects.get(number);
  }
  Pin.prototype = adopt(machine, methods);
  const named: Record<string, unknown> = {};
  for (const number of chip.pins) {
    const object = Object.create(Pin.prototype as object) as object;
    objects.set(number, object);
    numbers.set(object, number);
    named[`D${number}`] = object;
  }

  return {
    globals: {
      Pin,
      ...named,
      pinMode,
      getPinMode,
      digitalRead,
      digitalWrite,
      digitalPulse,
      analogRead,
      analogWrite,
      shiftOut,
      HIGH: 1,
      LOW: 0,
    },
    drop() {
      // at every wake, when most are empty: clearing costs more than looking
      if (pulses.size) {
        for (const { alarms } of pulses.values()) for (const alarm of alarms) clock.cancel(alarm);
        pulses.clear();
      }
      if (attenuation.size) attenuation.clear();
    },
    numberOf,
    pin: (number) => objects.get(number)!,
    output,
    input,
    setAttenuation: (number, millivolts) => void attenuation.set(number, millivolts),
  };
}
