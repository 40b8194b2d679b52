/** Reads one telemetry message as lib/encode/telemetry.cddl defines it. Shares no code with the encoder on the device. */
import { Decoder } from "cbor-x";
import { faultWords } from "../../lib/faults.ts";
import { quantityOf } from "../../lib/sensors/quantities.ts";
import { UserError } from "../errors.ts";
import { readBody, type Cell } from "./decode-cells.ts";

/** One value, or the reason why there is none, of one sensor at one time. */
export interface Row {
  readonly seq: number;
  /** Seconds of the device's own clock. */
  readonly rawSeconds: number;
  /** Undefined while the device had not learned the time. */
  readonly unix?: number;
  /** Index in the firmware's list of sensors. */
  readonly sensor: number;
  readonly quantity: string;
  readonly unit: string;
  /** In `unit`. Either this or `fault` is there. */
  readonly value?: number;
  readonly fault?: string;
}

export interface Skipped {
  readonly first: number;
  readonly count: number;
  readonly reason: "dropped" | "unreadable" | "thinned" | `reason-${number}`;
}

export interface DecodedBatch {
  readonly journal: number;
  /** Number of the first reading. */
  readonly seq: number;
  /** Readings in this message; a reading has a row per column in which it is not absent. */
  readonly count: number;
  /** `ageSeconds`: since the network last told the device the time. */
  readonly clock?: { readonly offset: number; readonly ageSeconds: number };
  /** By seq, then in the order of the columns. */
  readonly rows: readonly Row[];
  readonly skipped: readonly Skipped[];
}

/** No node sends more: its own limit is 96 readings. Bounds what a stray message can cost the receiver. */
const MAX_BYTES = 65536;
const MAX_READINGS = 1000;
const MAX_DEPTH = 5;
const U32 = 0xffffffff;

const reasons = ["", "dropped", "unreadable", "thinned"] as const;
const cbor = new Decoder({ useRecords: false, mapsAsObjects: false });

function refuse(what: string): never {
  throw new UserError(`not a telemetry message: ${what}`, {
    where: "MQTT payload",
    fix: "check that the topic carries Hibernode telemetry only and that this receiver is as new as the firmware",
  });
}

/**
 * End of the item at `at`, if it consists of what a batch may contain: whole numbers, null, byte strings and arrays. Checked
 * before decoding, because a general decoder allocates for whatever length a stray message claims.
 */
function endOfItem(bytes: Uint8Array, at: number, depth: number): number {
  const first = bytes[at];
  if (first === undefined) refuse("it ends in the middle of an item");
  if (first === 0xf6) return at + 1;
  const major = first >> 5;
  const info = first & 31;
  if (major !== 0 && major !== 1 && major !== 2 && major !== 4)
    refuse(`byte ${at} starts an item of CBOR major type ${major}`);
  if (info > 27) refuse(`byte ${at} starts an item of indefinite or reserved length`);
  const length = info < 24 ? 0 : 1 << (info - 24);
  let end = at + 1 + length;
  if (end > bytes.length) refuse("it ends in the middle of a number");
  if (major < 2) return end;
  if (depth === MAX_DEPTH) refuse(`arrays are nested more than ${MAX_DEPTH} deep`);
  let count = info < 24 ? info : 0;
  for (let i = at + 1; i < end; i++) count = count * 256 + bytes[i]!;
  if (major === 2) return count > bytes.length - end ? refuse("it ends in the middle of a byte string") : end + count;
  for (; count > 0; count--) end = endOfItem(bytes, end, depth + 1);
  return end;
}

function whole(value: unknown, what: string, low: number, high: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high) return value;
  return refuse(`${what}: expected a whole number from ${low} to ${high}, got ${show(value)}`);
}

function list(value: unknown, what: string): unknown[] {
  return Array.isArray(value) ? value : refuse(`${what}: expected an array, got ${show(value)}`);
}

function show(value: unknown): string {
  return Array.isArray(value) ? `an array of ${value.length}` : String(value);
}

function readTimes(value: unknown): number[] {
  const items = list(value, "times");
  if (items.length === 0) return [];
  if (items.length !== 3) refuse(`times: expected 0 or 3 items, got ${items.length}`);
  let time = whole(items[0], "first time", 0, U32);
  let step = whole(items[1], "step between readings", -U32, U32);
  const more = items[2];
  const changes = Array.isArray(more)
    ? [0, ...more]
    : new Array<number>(whole(more, "number of further readings", 0, MAX_BYTES)).fill(0);
  const times = [time];
  for (const change of changes) {
    step += whole(change, "change of step", -2 * U32, 2 * U32);
    time = whole(time + step, "time of a reading", 0, U32);
    times.push(time);
  }
  return times;
}

function readCells(value: unknown, count: number): Cell[] {
  const cells = list(value, "column");
  if (cells.length !== count) refuse(`column: expected ${count} cells, one per time, got ${cells.length}`);
  let last = 0;
  return cells.map((cell): Cell => {
    if (cell === null) return null;
    if (Array.isArray(cell)) {
      if (cell.length !== 1) refuse(`column: expected a fault as an array of 1, got ${show(cell)}`);
      return { fault: whole(cell[0], "fault", 0, 254) };
    }
    last += whole(cell, "change of a cell", -2 * U32, 2 * U32);
    return { value: whole(last, "sum of deltas", -(2 ** 31), 2 ** 31 - 1) };
  });
}

function readSkip(items: readonly unknown[]): Skipped {
  if (items.length !== 3) refuse(`skipped: expected 3 items, got ${items.length}`);
  const code = whole(items[2], "reason of a skip", 1, U32);
  return {
    first: whole(items[0], "first skipped number", 0, U32),
    count: whole(items[1], "skipped count", 1, U32),
    reason: reasons[code] || `reason-${code}`,
  };
}

/** What either version says, before quantities have names. */
interface Parts {
  readonly journal: number;
  readonly seq: number;
  readonly clock: { readonly offset: number; readonly ageSeconds: number } | undefined;
  readonly times: readonly number[];
  readonly columns: readonly { readonly code: number; readonly cells: readonly Cell[] }[];
  readonly skipped: readonly Skipped[];
}

const readClock = (offset: unknown, age: unknown) => ({
  offset: whole(offset, "clock offset", -U32, U32),
  ageSeconds: whole(age, "clock age", 0, U32),
});

function readVersion1(items: readonly unknown[]): Parts {
  if (items.length !== 6 && items.length !== 7) refuse(`expected 6 or 7 items, got ${items.length}`);
  const clock = items[3] === null ? undefined : list(items[3], "clock");
  if (clock && clock.length !== 2) refuse(`clock: expected 2 items, got ${clock.length}`);
  const times = readTimes(items[4]);
  const flat = list(items[5], "columns");
  if (flat.length % 2) refuse(`columns: expected pairs of code and cells, got ${flat.length} items`);
  const columns: Parts["columns"][number][] = [];
  for (let i = 0; i < flat.length; i += 2)
    columns.push({ code: whole(flat[i], "code of a column", 0, U32), cells: readCells(flat[i + 1], times.length) });
  return {
    journal: whole(items[1], "journal id", 0, U32),
    seq: whole(items[2], "sequence number", 0, U32),
    clock: clock && readClock(clock[0], clock[1]),
    times,
    columns,
    skipped: items.length === 7 ? list(items[6], "skipped").map((skip) => readSkip(list(skip, "skipped"))) : [],
  };
}

function byteString(value: unknown, what: string): Uint8Array {
  return value instanceof Uint8Array ? value : refuse(`${what}: expected a byte string, got ${show(value)}`);
}

function readVersion2(items: readonly unknown[]): Parts {
  if (items.length < 10 || (items.length - 10) % 3)
    refuse(`expected 10 items and 3 for each skip, got ${items.length}`);
  const first = whole(items[5], "first time", 0, U32);
  const step = whole(items[6], "step between readings", -U32, U32);
  const count = whole(items[7], "number of readings", 0, MAX_READINGS);
  const codes = byteString(items[8], "codes of the columns");
  const { jitter, columns } = readBody(byteString(items[9], "body"), count, codes.length, refuse);
  const skipped: Skipped[] = [];
  for (let i = 10; i < items.length; i += 3) skipped.push(readSkip(items.slice(i, i + 3)));
  return {
    journal: whole(items[1], "journal id", 0, U32),
    seq: whole(items[2], "sequence number", 0, U32),
    clock: items[3] === 0 ? undefined : readClock(items[3], items[4]),
    times: jitter.map((late, i) => whole(first + step * i + late, "time of a reading", 0, U32)),
    columns: columns.map((cells, i) => ({ code: codes[i]!, cells })),
    skipped,
  };
}

/** Names of the columns; the parts of a vector share a code and stand in order. */
function named(columns: Parts["columns"]): { sensor: number; name: string; unit: string; scale: number }[] {
  const seen = new Map<number, number>();
  return columns.map(({ code }) => {
    const nth = seen.get(code) ?? 0;
    seen.set(code, nth + 1);
    const known = quantityOf(code % 32, nth) ?? { name: `quantity-${code % 32}`, unit: "", scale: 1 };
    return { sensor: Math.floor(code / 32), name: known.name, unit: known.unit, scale: known.scale };
  });
}

/** Decodes one MQTT payload. Throws a UserError that says what is wrong with anything but a telemetry message. */
export function decodeBatch(payload: Uint8Array): DecodedBatch {
  if (payload.length > MAX_BYTES) refuse(`it has ${payload.length} bytes, more than ${MAX_BYTES}`);
  const end = endOfItem(payload, 0, 1);
  if (end !== payload.length) refuse(`${payload.length - end} bytes follow the message`);
  const items = list(cbor.decode(payload), "message");
  const read = items[0] === 2 ? readVersion2 : items[0] === 1 ? readVersion1 : undefined;
  if (!read) return refuse(`version: expected 1 or 2, got ${show(items[0])}`);
  const { journal, seq, clock, times, columns, skipped } = read(items);
  const names = named(columns);
  const rows: Row[] = [];
  for (const [i, rawSeconds] of times.entries()) {
    for (const [column, { sensor, name, unit, scale }] of names.entries()) {
      const cell = columns[column]!.cells[i];
      if (cell)
        rows.push({
          seq: seq + i,
          rawSeconds,
          ...(clock && { unix: rawSeconds + clock.offset }),
          sensor,
          quantity: name,
          unit,
          ...("value" in cell
            ? { value: cell.value / scale }
            : { fault: faultWords[cell.fault]?.[0] ?? `fault-${cell.fault}` }),
        });
    }
  }
  return { journal, seq, count: times.length, ...(clock && { clock }), rows, skipped };
}
