/**
 * The operators that round twice, as TensorFlow Lite Micro does: for networks that must give the very bytes of its C code,
 * at about a third more time. Records as in operators.ts, with a third number for each channel, the shift, and the
 * output's zero + 128 as number 15.
 */
import { convolve, gather } from "../platform/natives.ts";
import type { Read } from "./model.ts";
import type { Operator } from "./network.ts";

const BLOCK = 16;
/** Added before the truncation to a whole number, so that it rounds towards −∞. */
const LIFT = 536870912;

interface Row {
  readonly w: Int8Array;
  readonly x: Uint8Array | undefined;
  readonly m: number;
  readonly b: number;
  /** Shift to the right, and the half that is added before. */
  readonly e: number;
  readonly r: number;
}

function rowsOf(
  read: Read,
  factorsAt: number,
  weightsAt: number,
  first: number,
  count: number,
  taps: number,
  stride: number,
  patch?: Uint8Array,
): Row[] {
  // prettier-ignore
  const factors = new Float64Array(read(factorsAt + first * 24, count * 24)!);
  const weights = read(weightsAt + first * stride, (count - 1) * stride + taps)!;
  const rows: Row[] = [];
  for (let i = 0; i < count; i++) {
    const e = factors[3 * i + 2];
    rows.push({
      w: new Int8Array(weights, i * stride, taps),
      x: patch && new Uint8Array(patch.buffer, i * taps, taps),
      m: factors[3 * i],
      b: factors[3 * i + 1],
      e,
      r: e ? 1 << (e - 1) : 0,
    });
  }
  return rows;
}

/** One window at a time: `own` channels see a part of the patch each, the others all of it. */
function windows(p: ArrayLike<number>, read: Read, arena: ArrayBuffer, own: boolean): void {
  const dot = convolve;
  const channels = p[5];
  const taps = p[6];
  const zero = p[15];
  const output = new Uint8ClampedArray(arena, p[2], channels * p[8] * p[9]);
  const indexAt = p[3] + channels * 24;
  const listed = p[12] ? 0 : own ? channels * taps : taps;
  const weightsAt = indexAt + ((listed * 2 + 7) & -8);
  let patch: Uint8Array | undefined, index, rows, count, o, at, x, y, q, s;
  for (let first = 0; first < channels; first += BLOCK) {
    count = Math.min(BLOCK, channels - first);
    if (listed) {
      patch = new Uint8Array(own ? count * taps : taps);
      index = new Uint16Array(read(indexAt + (own ? first * taps * 2 : 0), patch.length * 2)!);
    }
    rows = rowsOf(read, p[3], weightsAt, first, count, taps, own ? p[7] : taps, own ? patch : undefined);
    o = first;
    for (y = 0; y < p[9]; y++) {
      at = p[1] + y * p[11];
      for (x = p[8]; x > 0; x--) {
        if (index) gather(index, patch!, new Uint8Array(arena, at));
        else patch = new Uint8Array(arena, at, taps);
        for (q of rows) {
          s = ((dot(q.w, q.x || patch!) * q.m + q.b) | 0) - LIFT;
          output[o++] = (q.e ? (s + (s >> 31) + q.r) >> q.e : s) + zero;
        }
        o += channels - count;
        at += p[10];
      }
    }
  }
}

export const convolutionTwice: Operator = (p, read, arena) => windows(p, read, arena, false);
export const depthwiseTwice: Operator = (p, read, arena) => windows(p, read, arena, true);

export const denseTwice: Operator = (p, read, arena) => {
  const [rows, columns, zero] = [p[5], p[6], p[15]];
  const input = new Uint8Array(arena, p[1], columns);
  const output = new Uint8ClampedArray(arena, p[2], rows);
  let count, o, q, s;
  for (let first = 0; first < rows; first += BLOCK) {
    count = Math.min(BLOCK, rows - first);
    o = first;
    for (q of rowsOf(read, p[3], p[3] + rows * 24, first, count, columns, columns)) {
      s = ((convolve(q.w, input) * q.m + q.b) | 0) - LIFT;
      output[o++] = (q.e ? (s + (s >> 31) + q.r) >> q.e : s) + zero;
    }
  }
};

const UNIT = 2147483648;

/** a × b / 2^31, rounded half up; a below 2^31, in two halves so that doubles stay exact. */
function multiply(a: number, b: number): number {
  const high = Math.floor(b / 65536);
  return Math.floor((a * high + Math.floor((a * (b - high * 65536) + 1073741824) / 65536)) / 32768);
}

/** Doubled twice, saturating. */
function quadruple(value: number): number {
  return Math.max(-UNIT, Math.min(UNIT - 1, value * 4));
}

/** SOFTMAX in gemmlowp's fixed point: 5 how many; the data are 256 exponentials. */
export const softmaxTwice: Operator = (p, read, arena) => {
  const input = new Uint8Array(arena, p[1], p[5]);
  const output = new Uint8ClampedArray(arena, p[2], p[5]);
  const table = new Int32Array(read(p[3], 1024)!);
  const largest = Math.max.apply(null, input as unknown as number[]);
  let total = 0;
  let i, rest;
  for (i = 0; i < p[5]; i++) total += Math.floor((table[largest - input[i]] + 2048) / 4096);
  // 2^35 at first; the interpreter's Math.pow is not exact there
  let unit = UNIT * 16;
  while (total < UNIT) {
    total *= 2;
    unit /= 2;
  }
  // Newton's steps towards 1 / (1 + x)
  const half = Math.floor(total / 2);
  let estimate = 1515870810 + multiply(-1010580540, half);
  for (i = 0; i < 3; i++) {
    rest = 536870912 - multiply(half, estimate);
    estimate += quadruple(multiply(estimate, rest));
  }
  estimate = Math.min(UNIT - 1, estimate * 2);
  for (i = 0; i < p[5]; i++) output[i] = Math.floor(multiply(estimate, table[largest - input[i]]) / unit + 0.5) | 0;
};
