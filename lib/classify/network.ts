/**
 * int8 networks from a file that `hibernode convert` wrote. Weights stay in flash; values live in one arena. A byte of the
 * arena is the int8 value plus 128, so that its store saturates as the network asks for. The firmware hands in the
 * operators that its network has: others are not in the bundle.
 */
import { INPUT_NAN, INPUT_SHAPE, MODEL_DAMAGED, MODEL_MEMORY, MODEL_MISSING, MODEL_VERSION } from "../faults.ts";
import { crc32, freeBytes, gather, soon, storedBytes, sum, textBytes } from "../platform/natives.ts";
import type { Model, Read } from "./model.ts";

/** Computes one operator; `p` are the sixteen numbers of its record, `arena` holds all values. */
export type Operator = (p: ArrayLike<number>, read: Read, arena: ArrayBuffer) => void;
/** By kind, as the record's first number says. */
export type Operators = Readonly<Record<number, Operator>>;

const MAGIC = 0x314d4248;
const VERSION = 1;
const HEADER = 64;
const RECORD = 64;
const CRC_FROM = 16;
/** The interpreter maps at most 64 KB of a file at once: more would be copied into RAM. */
const PIECE = 32768;
/** What the interpreter needs beside the arena while an operator runs. */
const RESERVE = 6000;

/** Of a file in Storage. Returns the model, or a fault: MODEL_MISSING, MODEL_VERSION, MODEL_DAMAGED, MODEL_MEMORY. */
export function openNetwork(file: string, operators: Operators): Model | number {
  return openModel((at, length) => storedBytes(file, at, length), operators);
}

/** Of a text with one byte in each character: small models travel inside the bundle. */
export function embeddedNetwork(text: string, operators: Operators): Model | number {
  return openModel((at, length) => textBytes(text, at, length), operators);
}

function openModel(read: Read, operators: Operators): Model | number {
  const head = read(0, HEADER);
  if (!head) return MODEL_MISSING;
  if (head.byteLength < HEADER) return MODEL_DAMAGED;
  const h = new Int32Array(head);
  if (h[0] !== MAGIC || h[1] !== VERSION) return MODEL_VERSION;
  if (checksum(read, h[2]) !== h[3]) return MODEL_DAMAGED;
  const records: ArrayLike<number>[] = [];
  for (let i = 0; i < h[7]; i++) {
    const record = new Int32Array(read(HEADER + i * RECORD, RECORD)!);
    if (!operators[record[0]]) return MODEL_VERSION;
    records.push(record);
  }
  if (freeBytes() < h[4] + RESERVE) return MODEL_MEMORY;
  return create(h, records, read, operators);
}

/** The CRC-32 of the CRC-32s of all pieces; NaN when the file ends early. */
function checksum(read: Read, length: number): number {
  const sums: number[] = [];
  let at = CRC_FROM;
  let piece;
  while (at < length) {
    piece = read(at, Math.min(PIECE, length - at));
    at += PIECE;
    if (!piece || piece.byteLength !== Math.min(PIECE, length - at + PIECE)) return NaN;
    sums.push(crc32(piece) | 0);
  }
  return crc32(new Int32Array(sums).buffer) | 0;
}

function create(h: Int32Array, records: ArrayLike<number>[], read: Read, operators: Operators): Model {
  const arena = new ArrayBuffer(h[4]);
  const inputs = h[5];
  const values = new Uint8ClampedArray(arena, h[8], inputs);
  const enter = entrances[h[10]];
  const step = (i: number): void => operators[records[i][0]](records[i], read, arena);

  function accept(input: ArrayLike<number>): number {
    if (input.length !== inputs) return INPUT_SHAPE;
    return enter(input, values, read, h[11]);
  }
  return {
    inputs,
    scores: new Uint8Array(arena, h[9], h[6]),
    scale: new Float32Array(read(52, 4)!)[0],
    zero: h[12],
    run(input) {
      const fault = accept(input);
      if (fault === 0) for (let i = 0; i < records.length; i++) step(i);
      return fault;
    },
    start(input, done) {
      const fault = accept(input);
      let i = 0;
      const next = (): void => {
        if (fault !== 0 || i >= records.length) return done(fault);
        step(i++);
        soon(next);
      };
      soon(next);
    },
  };
}

type Entrance = (input: ArrayLike<number>, values: Uint8ClampedArray, read: Read, at: number) => number;

/** How the input becomes bytes of the arena, by the header's kind. */
const entrances: readonly Entrance[] = [bytes, normalised, quantised];

/** int8 values: a table adds 128. */
function bytes(input: ArrayLike<number>, values: Uint8ClampedArray, read: Read, at: number): number {
  gather(input, values, new Uint8Array(read(at, 256)!));
  return 0;
}

/** Real values, each with a factor and an offset of its own. */
function normalised(input: ArrayLike<number>, values: Uint8ClampedArray, read: Read, at: number): number {
  if (!isFiniteSum(input)) return INPUT_NAN;
  const count = values.length;
  const factors = new Float32Array(read(at, 8 * count)!);
  let value;
  for (let i = 0; i < count; i++) {
    value = input[i] * factors[i] + factors[count + i];
    values[i] = value > 255 ? 255 : value < 0 ? 0 : value | 0;
  }
  return 0;
}

/** Real values in single precision, all with one scale; halves away from zero, as TensorFlow Lite rounds them. */
function quantised(input: ArrayLike<number>, values: Uint8ClampedArray, read: Read, at: number): number {
  if (!isFiniteSum(input)) return INPUT_NAN;
  const [scale, zero] = new Float64Array(read(at, 16)!) as unknown as [number, number];
  const single = new Float32Array(1);
  let steps;
  for (let i = 0; i < values.length; i++) {
    single[0] = input[i];
    single[0] = single[0] / scale;
    steps = single[0];
    if (steps > 1000 || steps < -1000) steps = steps < 0 ? -1000 : 1000;
    values[i] = ((steps < 0 ? steps - 0.5 : steps + 0.5) | 0) + zero;
  }
  return 0;
}

/** One value that is no number, or infinite, makes the sum one. */
function isFiniteSum(values: ArrayLike<number>): boolean {
  const total = sum(values);
  return total - total === 0;
}
