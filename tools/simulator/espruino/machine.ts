/** What the peripherals of a simulated microcontroller share: time, wires, the event queues, and the end of a turn. */
import type { Clock } from "../clock.ts";
import type { Random } from "../hardware.ts";
import type { ChipFacts } from "./chips.ts";
import type { Flash } from "./flash.ts";
import type { PinBank } from "./pin-bank.ts";
import type { Realm } from "./realm.ts";
import type { Wires } from "./wires.ts";

/** One transfer on a bus or one operation on the flash, in the order in which they happened. */
export interface Transaction {
  readonly atUs: number;
  /** `I2C1`, `Serial3`, `flash` … */
  readonly bus: string;
  readonly kind: "write" | "read" | "nak" | "transfer" | "erase" | "reset";
  /** I2C address or flash address. */
  readonly address?: number;
  readonly data: Uint8Array;
}

/** `analog`: measures a voltage; `wake`: is to end a deep sleep; `drive`: is an output; `read`: anything else. */
export type PinUse = "analog" | "wake" | "drive" | "read";

/** A function of the device's code. */
export type Callback = (...args: unknown[]) => unknown;

/** Loads on the rail that natives switch on for a moment. */
export type ExtraLoad = "flash write" | "I2C pull-ups";

export interface Machine {
  readonly clock: Clock;
  readonly chip: ChipFacts;
  readonly flash: Flash;
  readonly wires: Wires;
  readonly pins: PinBank;
  readonly random: Random;
  readonly realm: Realm;
  /** Device time in seconds, as `getTime()` gives it. */
  readonly time: number;
  setTime(seconds: number): void;
  /** Throws when the device went to sleep, restarted or lost power during this turn. */
  check(): void;
  /** A native that takes `us`: everything else goes on meanwhile. Throws as `check`. */
  spend(us: number): void;
  /** A load besides the chip was on for so long. */
  draw(load: ExtraLoad, seconds: number): void;
  /** The hook of CPU time: a native that takes none was called. Busy-waiting loops get on by it. */
  spendCpu(): void;
  /** Queues input (a serial chunk, a pin edge): the first thing that the next turn of the loop looks at. */
  post(event: () => void): void;
  /** Queues a function of the device behind the timers, as `emit` and promises do. */
  queue(run: Callback, self: unknown, args: readonly unknown[]): void;
  /** Calls into the device's code; an error ends in the console. */
  call(run: unknown, self: unknown, args: readonly unknown[]): unknown;
  /** Prints an error as the interpreter does when nothing caught it. */
  uncaught(error: unknown): void;
  print(text: string): void;
  /** Set when someone wants to know what the program does with its pins. */
  readonly pinUse: ((pin: number, use: PinUse) => void) | undefined;
  /** Set when someone compares the buses with another engine's. */
  readonly observe: ((transaction: Transaction) => void) | undefined;
  trace(signal: string, value: string | number): void;
}

/** One group of natives: the globals that it offers and what happens to it when the chip loses its state. */
export interface Peripheral {
  readonly globals: Readonly<Record<string, unknown>>;
  /** Deep sleep, restart or power loss: forget everything. */
  drop?(): void;
}

/** Thrown through the device's code when it ceases to exist in the middle of a turn. */
export const HALT: { readonly message: string } = Object.freeze({ message: "the device is off" });
