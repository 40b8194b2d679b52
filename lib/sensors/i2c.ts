/** The shared reader of I2C parts, which are plain data: transfers and waits that lead to a measurement, and its decoding. */
import type { I2cBus } from "../../boards/types.ts";
import { NAK, STUCK, WRONG_PART } from "../faults.ts";
import { i2c } from "../platform/espruino.ts";
import type { I2cPort } from "../platform/ports.ts";
import type { Quantity } from "./quantities.ts";
import { checked, type Sensor } from "./sensor.ts";

/** A part on a bus. */
export interface Place {
  readonly port: I2cPort;
  readonly address: number;
}

export interface I2cPart<Name extends string> {
  readonly quantities: readonly Quantity<Name>[];
  /** A register and what it always holds: proof, before each measurement, that no other part answers. */
  readonly id?: readonly [register: number, ...content: number[]];
  /**
   * Transfers (their bytes; a string takes less memory) and waits (milliseconds above 0, at least one) until the answer can
   * be read.
   */
  readonly script: readonly (readonly number[] | string | number)[];
  /** Bytes in the answer. */
  readonly count: number;
  /** Values in the quantities' units (NaN = outside of what the part measures), or a fault. */
  readonly decode: (answer: Uint8Array, place: Place) => readonly number[] | number;
  /** The transfer that brings the part back to its lowest state, where it does not return by itself. */
  readonly stop?: readonly number[] | string;
}

export interface I2cOptions {
  /** Another address than the part's usual one. */
  readonly address?: number;
}

interface I2cSensor<Name extends string> extends Sensor<Name>, Place, I2cPart<Name> {
  step: number;
}

/** Espruino tells the two only in words: no acknowledge, or a line that is held low. */
export function busFault(error: unknown): number {
  return ("" + error).includes("timeout") ? STUCK : NAK;
}

/** Reads from a register on. Throws as the bus does. */
export function get(place: Place, register: number, count: number): Uint8Array {
  place.port.writeTo(place.address, [register]);
  return place.port.readFrom(place.address, count);
}

export function placeOn(bus: I2cBus, usual: number, options?: I2cOptions): Place {
  return { port: i2c(bus), address: (options && options.address) || usual };
}

/** Writes transfers, and reads away one byte of a register where only its number stands. 0 or a fault. */
export function send(place: Place, script: readonly (readonly number[] | number)[]): number {
  try {
    for (const step of script) {
      if (typeof step === "number") get(place, step, 1);
      else place.port.writeTo(place.address, step);
    }
  } catch (e) {
    return busFault(e);
  }
  return 0;
}

/** As `get`, but a fault is a value. */
export function ask(place: Place, register: number, count: number): Uint8Array | number {
  try {
    return get(place, register, count);
  } catch (e) {
    return busFault(e);
  }
}

// `this` instead of closures: all parts share these two functions, and each adds only its data to the heap

function start(this: I2cSensor<string>): number {
  this.step = 0;
  return -this.read();
}

function read(this: I2cSensor<string>): readonly number[] | number {
  const port = this.port;
  const address = this.address;
  let result: readonly number[] | number = 0;
  let error: unknown;
  try {
    const id = this.id;
    if (!this.step && id && "" + get(this, id[0], id.length - 1) !== "" + id.slice(1)) return WRONG_PART;
    let next;
    while ((next = this.script[this.step++])) {
      if (typeof next === "number") return -next;
      port.writeTo(address, next);
    }
    result = this.decode(port.readFrom(address, this.count), this);
  } catch (e) {
    error = e;
  }
  // after a fault too the part must not stay on
  try {
    if (this.stop) port.writeTo(address, this.stop);
  } catch (e) {
    error = e;
  }
  return error ? busFault(error) : checked(result);
}

/** Makes a sensor of a part. @param usual the part's address unless the options say otherwise */
export function i2cSensor<Name extends string>(
  bus: I2cBus,
  usual: number,
  part: I2cPart<Name>,
  options?: I2cOptions,
): Sensor<Name> {
  return Object.assign(part, { start, read, step: 0 }, placeOn(bus, usual, options));
}

export function be16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** Two's complement of 16 bits. */
export function signed16(word: number): number {
  return (word << 16) >> 16;
}
