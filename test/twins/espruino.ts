/** Espruino's buses and pins as global objects, so that drivers run in Node exactly as a firmware places them. */
import { vi } from "vitest";
import type { Answers } from "../sensors/wiring.ts";

const hex = (bytes: readonly number[] | string): string =>
  (typeof bytes === "string" ? [...bytes].map((char) => char.charCodeAt(0)) : bytes)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

/** An I2C bus whose parts answer from a table, and that logs every transfer: `w44 fd`, `r44 6`, `g5a 07 3`. */
export class FakeI2c {
  readonly log: string[] = [];
  readonly #parts = new Map<number, Answers>();
  readonly #last = new Map<number, string>();
  /** The transfer (counted from 0) that is not acknowledged. */
  refused = -1;
  #transfers = 0;
  /** Every transfer fails with this text. */
  broken: string | undefined;

  part(address: number, answers: Answers): void {
    this.#parts.set(address, answers);
  }

  readonly setup = (): void => {};

  readonly writeTo = (address: number, data: readonly number[] | string): void => {
    this.#enter(address, `w${hex([address])} ${hex(data)}`, "jshI2CWrite");
    this.#last.set(address, hex(data));
  };

  readonly readFrom = (address: number, count: number): Uint8Array => {
    this.#enter(address, `r${hex([address])} ${count}`, "jshI2CRead");
    return this.#answer(address, this.#last.get(address) ?? "", count);
  };

  readonly readReg = (address: number, register: number, count: number): Uint8Array => {
    this.#enter(address, `g${hex([address])} ${hex([register])} ${count}`, "jshI2CRead");
    return this.#answer(address, hex([register]), count);
  };

  #enter(address: number, entry: string, native: string): void {
    this.log.push(entry);
    if (this.broken) throw new Error(`${native}:, ${this.broken}`);
    if (!this.#parts.has(address) || this.#transfers++ === this.refused)
      throw new Error(`${native}: slave doesn't ACK the transfer`);
  }

  #answer(address: number, key: string, count: number): Uint8Array {
    const answers = this.#parts.get(address) ?? {};
    const bytes = answers[key] ?? answers[""];
    if (!bytes) throw new Error(`the test has no answer for ${key}`);
    if (bytes.length < count)
      throw new Error(`the test's answer for ${key} has ${bytes.length} bytes, ${count} are read`);
    return Uint8Array.from(bytes.slice(0, count));
  }
}

/** A UART: what the driver wrote, and a way to let bytes arrive. */
export class FakeSerial {
  readonly written: string[] = [];
  readonly #listeners: ((data: string) => void)[] = [];

  readonly setup = (): void => {};
  readonly write = (data: string): void => void this.written.push(data);
  readonly read = (): undefined => undefined;
  readonly on = (_event: string, listener: (data: string) => void): void => void this.#listeners.push(listener);
  readonly removeAllListeners = (): void => void this.#listeners.splice(0);

  get listening(): boolean {
    return this.#listeners.length > 0;
  }

  /** In pieces of the given lengths, over and over; by default in one. */
  arrive(text: string, pieces: readonly number[] = [text.length || 1]): void {
    for (let at = 0, i = 0; at < text.length; i++) {
      const length = pieces[i % pieces.length]!;
      const piece = text.slice(at, at + length);
      for (const listener of [...this.#listeners]) listener(piece);
      at += length;
    }
  }
}

export interface FakePins {
  readonly levels: Record<string, number>;
  readonly modes: Record<string, string>;
  /** Analog levels, 0 to 1. */
  readonly analog: Record<string, number>;
  /** Called at each change of an output. */
  changed?: (pin: string, level: number) => void;
  readonly watches: Map<number, { readonly pin: string; readonly edge: string; readonly run: () => void }>;
}

export interface FakeEspruino {
  readonly i2c: FakeI2c;
  readonly serial: FakeSerial;
  readonly pins: FakePins;
}

/** Puts fresh fakes in place of the globals. */
export function fakeEspruino(): FakeEspruino {
  const i2c = new FakeI2c();
  const serial = new FakeSerial();
  const pins: FakePins = { levels: {}, modes: {}, analog: {}, watches: new Map() };
  const write = (pin: string | string[], value: number | boolean): void => {
    const list = Array.isArray(pin) ? [...pin].reverse() : [pin];
    list.forEach((name, bit) => {
      const level = Array.isArray(pin) ? (Number(value) >> bit) & 1 : value ? 1 : 0;
      pins.levels[name] = level;
      pins.changed?.(name, level);
    });
  };
  const globals = {
    I2C1: i2c,
    Serial3: serial,
    digitalWrite: write,
    digitalRead: (pin: string) => pins.levels[pin] ?? 0,
    pinMode: (pin: string, mode: string) => void (pins.modes[pin] = mode),
    analogRead: (pin: string) => pins.analog[pin] ?? NaN,
    setWatch: (run: () => void, pin: string, options: { edge: string }) => {
      const id = pins.watches.size + 1;
      pins.watches.set(id, { pin, edge: options.edge, run });
      return id;
    },
    clearWatch: (id: number) => void pins.watches.delete(id),
    getTime: () => 0,
    E: { sum: (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0) },
  };
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  return { i2c, serial, pins };
}
