/**
 * One reading as a journal payload: clock segment (u8) · raw seconds (u32) · one signed number per column (2 or 4 bytes).
 * In two bytes the 256 lowest numbers stand for faults; four bytes carry them as they are.
 * The schema of a page is two characters per column: its code and its bytes.
 */
import { FAULT, RANGE } from "../faults.ts";
import type { Quantity } from "../sensors/quantities.ts";
import { i16, i32, le16, le32 } from "./bytes.ts";

const LOWEST = -32768;

/** Segments count up with every loss of the clock; only their low digits are stored. 255 would read as erased flash. */
export const SEGMENTS = 200;

/** Bytes of a payload with that schema. */
export function payloadBytes(schema: string): number {
  let bytes = 5;
  for (let i = 1; i < schema.length; i += 2) bytes += schema.charCodeAt(i);
  return bytes;
}

/** A value in its quantity's unit as the whole number that is stored and sent. */
export function scaled(value: number, quantity: Quantity): number {
  const whole = Math.round(value * quantity[2]);
  const limit = quantity[3] === 2 ? 32767 : FAULT - 1;
  return whole > limit || whole < 255 - limit ? FAULT + RANGE : whole;
}

export function packReading(segment: number, at: number, values: readonly number[], schema: string): string {
  let out = String.fromCharCode(segment % SEGMENTS) + le32(at);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    out += schema.charCodeAt(i * 2 + 1) === 4 ? le32(value) : le16(value < FAULT ? value : LOWEST + (value & 255));
  }
  return out;
}

export function segmentOf(payload: Uint8Array): number {
  return payload[0]!;
}

/** Raw seconds at which the reading was taken. */
export function takenAt(payload: Uint8Array): number {
  return i32(payload, 1) >>> 0;
}

/** The columns of a payload, one by one, into `into` from index `at` on. */
export function unpackColumns(payload: Uint8Array, schema: string, into: Int32Array, at: number): void {
  let offset = 5;
  for (let i = 1; i < schema.length; i += 2) {
    const bytes = schema.charCodeAt(i);
    const value = bytes === 4 ? i32(payload, offset) : i16(payload, offset);
    into[at++] = bytes === 2 && value < LOWEST + 256 ? FAULT + (value - LOWEST) : value;
    offset += bytes;
  }
}
