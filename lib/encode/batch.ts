/** One uplink message: readings of one stretch of the raw clock as columns of deltas. The contract is telemetry.cddl. */
import { ABSENT, FAULT } from "../faults.ts";
import { array, int, NULL } from "./cbor.ts";

/** An array or a typed array. */
export interface Numbers {
  readonly length: number;
  readonly [index: number]: number;
}

/** Why the journal holds no reading under a number: the oldest were dropped when it was full, or flash lost it. */
export const DROPPED = 1;
export const UNREADABLE = 2;
/** Left out to save room: these never had numbers. */
export const THINNED = 3;

export interface Batch {
  /** Id of the journal, chosen at random when it was formatted. */
  readonly journal: number;
  /** Number of the first reading; the others follow without gaps. */
  readonly seq: number;
  /** Unix seconds minus raw seconds; undefined while no network has told the time. */
  readonly offset?: number | undefined;
  /** Seconds since the network last told the time. */
  readonly age: number;
  /** Raw device seconds of each reading. */
  readonly times: Numbers;
  /** Of each column: code of the quantity + 32 × index of the sensor. */
  readonly codes: Numbers;
  /** Reading after reading, one whole number per column; `FAULT` + code or `ABSENT` in a value's place. */
  readonly values: Numbers;
  /** What the journal cannot deliver any more: first number, how many, why. */
  readonly skipped?: readonly (readonly [first: number, count: number, reason: number])[] | undefined;
}

function encodeTimes(times: Numbers): string {
  const count = times.length;
  if (!count) return array(0);
  const step = count > 1 ? times[1]! - times[0]! : 0;
  let previous = step;
  let changes = "";
  let even = true;
  for (let i = 2; i < count; i++) {
    const next = times[i]! - times[i - 1]!;
    if (next !== previous) even = false;
    changes += int(next - previous);
    previous = next;
  }
  return array(3) + int(times[0]!) + int(step) + (even ? int(count - 1) : array(count - 2) + changes);
}

function encodeColumn(values: Numbers, column: number, width: number, count: number): string {
  let out = array(count);
  let last = 0;
  for (let i = column; count--; i += width) {
    const value = values[i]!;
    if (value < FAULT) {
      out += int(value - last);
      last = value;
    } else out += value === ABSENT ? NULL : array(1) + int(value & 255);
  }
  return out;
}

/** The message as a byte string. */
export function encodeBatch(batch: Batch): string {
  const codes = batch.codes;
  const skipped = batch.skipped;
  let out =
    array(skipped ? 7 : 6) +
    int(1) +
    int(batch.journal) +
    int(batch.seq) +
    (batch.offset === undefined ? NULL : array(2) + int(batch.offset) + int(batch.age)) +
    encodeTimes(batch.times) +
    array(codes.length * 2);
  for (let i = 0; i < codes.length; i++) {
    out += int(codes[i]!) + encodeColumn(batch.values, i, codes.length, batch.times.length);
  }
  if (skipped) {
    out += array(skipped.length);
    for (const skip of skipped) out += array(3) + skip.map(int).join("");
  }
  return out;
}
