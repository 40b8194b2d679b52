/**
 * The wires of a simulated board: what a simulated part offers to a bus, and what it is given.
 * Parts know nothing of the firmware or the interpreter; they see bytes, levels and time.
 */
import type { Clock } from "./clock.ts";
import type { Meter } from "./energy/ledger.ts";

/** A part on an I2C bus. The bus has already matched the address. */
export interface I2cTarget {
  readonly address: number;
  /** Fastest clock that it follows, Hz; absent = any. */
  readonly maxHertz?: number;
  /** Bytes written in one transfer; false when the part does not acknowledge. */
  write(data: Uint8Array): boolean;
  /** The bytes of a read transfer, or undefined when the part does not acknowledge the read header. */
  read(count: number): Uint8Array | undefined;
  /** Bytes written to address 0, which every part on the bus hears; true when it acknowledges. Absent = ignored. */
  generalCall?(data: Uint8Array): boolean;
}

/** A part on a UART, seen from the part: both ends run at `baud` or hear garbage. */
export interface SerialTarget {
  /** The baud rate that it listens at, where it does not find out by itself. */
  readonly listensAt?: () => number;
  /** Bytes from the microcontroller; called at the time at which the last of them has arrived. */
  receive(bytes: Uint8Array, baud: number): void;
}

/** The other direction of that UART, given to the part: bytes start to leave now, at `baud`. */
export interface SerialLine {
  transmit(bytes: Uint8Array, baud: number): void;
}

/** A microcontroller pin seen from a part. `undefined` = not driven (input or reset). */
export type Level = 0 | 1 | undefined;

/** A part that listens to a pin of the microcontroller (power key, enable, chip select). */
export interface PinTarget {
  changed(level: Level): void;
}

/** A pin that the part drives towards the microcontroller (interrupt, status, contact). */
export interface PinLine {
  drive(level: 0 | 1): void;
}

/** A voltage on an analog pin of the microcontroller. */
export interface AnalogSource {
  volts(): number;
}

/** Seeded random numbers: one stream per part, so that adding a part changes no other part's numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
}

/** What every simulated part is built from. */
export interface PartContext {
  readonly clock: Clock;
  /** The part's current draw, booked by cause. */
  readonly meter: Meter;
  readonly random: Random;
  /** Physical value at the part now, in the quantity's unit (°C, %RH, V …). Throws when the world has no such quantity. */
  readonly world: (quantity: string) => number;
  /** Virtual microseconds at which a quantity that jumps next changes (Infinity: never); throws when it does not jump. */
  readonly nextChangeUs?: (quantity: string) => number;
  /** True while the named fault of this part is on (for instance "nak", "crc", "silent"). */
  readonly fault: (name: string) => boolean;
  /** Adds a line to the run's timeline: a state or an event, for the CSV and VCD files. */
  readonly trace: (signal: string, value: string | number) => void;
}
