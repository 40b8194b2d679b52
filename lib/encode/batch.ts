/** One uplink message: readings of one stretch of the raw clock, column by column as bits. The contract is telemetry.cddl. */
import { ABSENT, FAULT } from "../faults.ts";
import { array, bytes, int } from "./cbor.ts";

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
  /** Unix seconds minus raw seconds; 0 while no network has told the time. */
  readonly offset: number;
  /** Seconds since the network last told the time. */
  readonly age: number;
  /** How many readings. */
  readonly count: number;
  /** A byte for each column: code of the quantity + 32 × index of the sensor. */
  readonly codes: string;
  /**
   * Of each reading one whole number: raw device seconds for column 0, then the value, `FAULT` + code or `ABSENT`. Made at
   * each call, because all columns at once would be the largest thing in RAM.
   */
  column(index: number): Int32Array;
  /** What the journal cannot deliver any more: first number, how many, why. */
  readonly skipped: readonly (readonly [first: number, count: number, reason: number])[];
}

/** Rice parameter of the first cell of a column: a value of up to 18 thousand, not a change. */
const FIRST = 12;

/** So many ones are no quotient: the cell itself follows, 32 bits. */
const ESCAPE = 9;

/** The message as a byte string. */
export function encodeBatch(batch: Batch): string {
  const count = batch.count;
  const codes = batch.codes;
  let start = 0;
  let step = 0;
  let body = "";
  /** Bits that do not fill a byte yet: the lowest `have` of `rest`. */
  let rest = 0;
  let have = 0;
  const put = (value: number, size: number) => {
    rest = (rest << size) | value;
    for (have += size; have > 7;) body += String.fromCharCode((rest >> (have -= 8)) & 255);
  };

  for (let column = 0; count && column <= codes.length; column++) {
    let cells = batch.column(column);
    if (!column) {
      start = cells[0]!;
      if (count > 1) step = cells[1]! - start;
      // what is left of the times beside an even step
      cells = cells.map((at, i) => at - start - step * i);
    }
    let differ = 0;
    let faults = 0;
    for (const cell of cells) {
      differ |= cell - cells[0]!;
      if (cell >= FAULT) faults = 2;
    }
    put(faults + +!differ, 2);
    // changes of the times are few and small
    let size = column && FIRST;
    let eighths = column && 34;
    let last = 0;
    let fault = ABSENT;
    for (const cell of cells) {
      if (cell >= FAULT) {
        if (cell === fault) put(2, 2);
        else put(768 + (cell & 255), 10);
        fault = cell;
      } else {
        if (faults) put(0, 1);
        let change = (cell - last) * 2;
        if (change < 0) change = -1 - change;
        let quotient = change >> size;
        if (change < ESCAPE << size) put(change + (((2 << quotient) - 2 - quotient) << size), quotient + size + 1);
        else {
          put(511, ESCAPE);
          put(cell >>> 16, 16);
          put(cell & 65535, 16);
          quotient = 16;
        }
        // the parameter follows the changes: down slowly while they fit, up at once when they do not
        eighths = Math.max(0, Math.min(119, eighths + (quotient > 1 ? quotient : quotient ? 0 : -2)));
        size = eighths >> 3;
        last = cell;
      }
      if (!differ) break;
    }
  }
  put(0, 7);
  return message(batch, start, step, body);
}

/** A function of its own, so that what writes CBOR takes no RAM while the columns are read. */
function message(batch: Batch, start: number, step: number, body: string): string {
  const ints = (items: readonly number[]) => items.map(int).join("");
  return (
    array(10 + 3 * batch.skipped.length) +
    ints([2, batch.journal, batch.seq, batch.offset, batch.age, start, step, batch.count]) +
    bytes(batch.codes) +
    bytes(body) +
    batch.skipped.map(ints).join("")
  );
}
