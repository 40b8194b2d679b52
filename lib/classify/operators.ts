/**
 * The operators of int8 networks on native dot products, rounded once. Each output costs one `E.convolve`, whatever the
 * number of its products: outputs, not multiplications, are what takes time. Kinds and records: tools/models/blob.ts.
 */
import { convolve, gather, sum } from "../platform/natives.ts";
import type { Operator } from "./network.ts";

/** Channels whose rows are held ready at once: more would only cost memory. */
const BLOCK = 16;
/** Channels of a convolution that are computed without a loop: their rows are then found by name, which is faster. */
const EIGHT = 8;
/** A view cannot start later in its memory. */
const REACH = 65535;

interface Row {
  readonly w: Int8Array;
  readonly x: Uint8Array;
  readonly m: number;
  readonly b: number;
}

/** FULLY_CONNECTED: 5 rows, 6 columns. */
export const dense: Operator = (p, read, arena) => {
  const dot = convolve;
  const rows = p[5];
  const columns = p[6];
  const input = new Uint8Array(arena, p[1], columns);
  const output = new Uint8ClampedArray(arena, p[2], rows);
  const factors = new Float64Array(read(p[3], rows * 16)!);
  const atOnce = Math.floor(REACH / columns);
  let row = 0;
  let weights, at, end;
  while (row < rows) {
    end = Math.min(rows, row + atOnce);
    weights = read(p[3] + rows * 16 + row * columns, (end - row) * columns)!;
    at = 0;
    for (; row < end; row++) {
      output[row] = (dot(new Int8Array(weights, at, columns), input) * factors[2 * row] + factors[2 * row + 1]) | 0;
      at += columns;
    }
  }
};

/**
 * CONV_2D: 5 channels, 6 taps, 8 width and 9 height of the output, 10 and 11 bytes from pixel to pixel and from row to
 * row of the input, 12 whether the taps lie together. All channels see the same patch.
 */
export const convolution: Operator = (p, read, arena) => {
  const channels = p[5];
  const taps = p[6];
  const output = new Uint8ClampedArray(arena, p[2], channels * p[8] * p[9]);
  const index = p[12] ? undefined : new Uint16Array(read(p[3] + channels * 16, taps * 2)!);
  const weightsAt = p[3] + channels * 16 + (p[12] ? 0 : (taps * 2 + 7) & -8);
  const patch = new Uint8Array(taps);
  for (let first = 0; first < channels; first += EIGHT) {
    const rows = rowsOf(read, p[3], weightsAt, first, Math.min(EIGHT, channels - first), taps, taps, patch, 0);
    let o = first;
    const fill = rows.length === EIGHT ? eight(convolve, output, rows) : some(convolve, output, rows);
    for (let y = 0; y < p[9]; y++) {
      let at = p[1] + y * p[11];
      for (let x = p[8]; x > 0; x--) {
        if (index) {
          gather(index, patch, new Uint8Array(arena, at));
          fill(o, patch);
        } else fill(o, new Uint8Array(arena, at, taps));
        o += channels;
        at += p[10];
      }
    }
  }
};

/**
 * DEPTHWISE_CONV_2D of several channels, and MEAN: as `convolution`, but each channel sees its own part of the patch.
 * 7: bytes from one channel's weights to the next; none for MEAN, whose weights are all 1.
 */
export const depthwise: Operator = (p, read, arena) => {
  const dot = convolve;
  const take = gather;
  const channels = p[5];
  const taps = p[6];
  const output = new Uint8ClampedArray(arena, p[2], channels * p[8] * p[9]);
  const indexAt = p[3] + channels * 16;
  const weightsAt = indexAt + ((channels * taps * 2 + 7) & -8);
  let rows: Row[], o, at, q, x, y, index, patch, count;
  for (let first = 0; first < channels; first += BLOCK) {
    count = Math.min(BLOCK, channels - first);
    patch = new Uint8Array(count * taps);
    index = new Uint16Array(read(indexAt + first * taps * 2, count * taps * 2)!);
    rows = rowsOf(read, p[3], weightsAt, first, count, taps, p[7], patch, taps);
    o = first;
    for (y = 0; y < p[9]; y++) {
      at = p[1] + y * p[11];
      for (x = p[8]; x > 0; x--) {
        take(index, patch, new Uint8Array(arena, at));
        for (q of rows) output[o++] = (dot(q.w, q.x) * q.m + q.b) | 0;
        o += channels - count;
        at += p[10];
      }
    }
  }
};

/** Computes the channels of a block at one pixel. */
type Pixel = (o: number, patch: Uint8Array) => void;

function some(dot: typeof convolve, output: Uint8ClampedArray, rows: readonly Row[]): Pixel {
  return (o, patch) => {
    for (const q of rows) output[o++] = (dot(q.w, patch) * q.m + q.b) | 0;
  };
}

function eight(
  dot: typeof convolve,
  output: Uint8ClampedArray,
  [q0, q1, q2, q3, q4, q5, q6, q7]: readonly Row[],
): Pixel {
  const [w0, m0, b0, w1, m1, b1, w2, m2, b2, w3, m3, b3] = [
    q0!.w,
    q0!.m,
    q0!.b,
    q1!.w,
    q1!.m,
    q1!.b,
    q2!.w,
    q2!.m,
    q2!.b,
    q3!.w,
    q3!.m,
    q3!.b,
  ];
  const [w4, m4, b4, w5, m5, b5, w6, m6, b6, w7, m7, b7] = [
    q4!.w,
    q4!.m,
    q4!.b,
    q5!.w,
    q5!.m,
    q5!.b,
    q6!.w,
    q6!.m,
    q6!.b,
    q7!.w,
    q7!.m,
    q7!.b,
  ];
  return (o, patch) => {
    output[o] = (dot(w0, patch) * m0 + b0) | 0;
    output[o + 1] = (dot(w1, patch) * m1 + b1) | 0;
    output[o + 2] = (dot(w2, patch) * m2 + b2) | 0;
    output[o + 3] = (dot(w3, patch) * m3 + b3) | 0;
    output[o + 4] = (dot(w4, patch) * m4 + b4) | 0;
    output[o + 5] = (dot(w5, patch) * m5 + b5) | 0;
    output[o + 6] = (dot(w6, patch) * m6 + b6) | 0;
    output[o + 7] = (dot(w7, patch) * m7 + b7) | 0;
  };
}

function rowsOf(
  read: Parameters<Operator>[1],
  factorsAt: number,
  weightsAt: number,
  first: number,
  count: number,
  taps: number,
  stride: number,
  patch: Uint8Array,
  step: number,
): Row[] {
  const factors = new Float64Array(read(factorsAt + first * 16, count * 16)!);
  const weights = read(weightsAt + first * stride, (count - 1) * stride + taps)!;
  const rows: Row[] = [];
  for (let i = 0; i < count; i++)
    rows.push({
      w: new Int8Array(weights, i * stride, taps),
      x: step ? new Uint8Array(patch.buffer, i * step, taps) : patch,
      m: factors[2 * i],
      b: factors[2 * i + 1],
    });
  return rows;
}

/** AVERAGE_POOL_2D: as `depthwise`, but the data are the taps' places and the number of pixels under each window. */
export const averagePool: Operator = (p, read, arena) => {
  const channels = p[5];
  let channel = channels;
  let pixel = -1;
  const counts = new Uint16Array(read(p[3] + ((channels * p[6] * 2 + 7) & -8), p[8] * p[9] * 2)!);
  pool(p, read, arena, (taps) => {
    if (channel === channels) {
      channel = 0;
      pixel++;
    }
    channel++;
    const count = counts[pixel];
    const total = sum(taps) - 128 * count;
    // halves away from zero
    return 128 + (((total < 0 ? total - (count >> 1) : total + (count >> 1)) / count) | 0);
  });
};

/** MAX_POOL_2D; what lies outside counts as the smallest value. */
export const maxPool: Operator = (p, read, arena) =>
  pool(p, read, arena, (taps) => Math.max.apply(null, taps as unknown as number[]));

function pool(
  p: ArrayLike<number>,
  read: Parameters<Operator>[1],
  arena: ArrayBuffer,
  reduce: (taps: Uint8Array) => number,
): void {
  const channels = p[5];
  const taps = p[6];
  const output = new Uint8ClampedArray(arena, p[2], channels * p[8] * p[9]);
  const index = new Uint16Array(read(p[3], channels * taps * 2)!);
  const patch = new Uint8Array(channels * taps);
  let o = 0;
  let x, at, channel;
  for (let y = 0; y < p[9]; y++) {
    at = p[1] + y * p[11];
    for (x = p[8]; x > 0; x--) {
      gather(index, patch, new Uint8Array(arena, at));
      for (channel = 0; channel < channels; channel++)
        output[o++] = reduce(new Uint8Array(patch.buffer, channel * taps, taps));
      at += p[10];
    }
  }
}

/** Any operator of one value: 5 how many; the data are the 256 results. */
export const lookUp: Operator = (p, read, arena) =>
  gather(new Uint8Array(arena, p[1], p[5]), new Uint8Array(arena, p[2], p[5]), new Uint8Array(read(p[3], 256)!));

/** ADD: 5 how many, 12 the place of the second input; the data are two factors and an offset. */
export const add: Operator = (p, read, arena) => {
  const one = new Uint8Array(arena, p[1], p[5]);
  const other = new Uint8Array(arena, p[12], p[5]);
  const output = new Uint8ClampedArray(arena, p[2], p[5]);
  const factors = new Float64Array(read(p[3], 24)!);
  const a = factors[0];
  const b = factors[1];
  const c = factors[2];
  for (let i = 0; i < p[5]; i++) output[i] = (one[i] * a + other[i] * b + c) | 0;
};

/** PAD, and the padding of an operator: 5 rows of 6 bytes, to every 7th byte from 8 on, of 9 in all, filled with 10. */
export const pad: Operator = (p, _read, arena) => {
  const output = new Uint8Array(arena, p[2], p[9]);
  output.fill(p[10]);
  for (let row = 0; row < p[5]; row++) output.set(new Uint8Array(arena, p[1] + row * p[6], p[6]), p[8] + row * p[7]);
};

/** SOFTMAX as TensorFlow Lite has it, in single precision: 5 how many; the data are 256 exponentials. */
export const softmax: Operator = (p, read, arena) => {
  const count = p[5];
  const input = new Uint8Array(arena, p[1], count);
  const output = new Uint8ClampedArray(arena, p[2], count);
  const table = new Float32Array(read(p[3], 1024)!);
  // a store to it rounds to single precision
  const single = new Float32Array(2);
  const largest = Math.max.apply(null, input as unknown as number[]);
  let i;
  for (i = 0; i < count; i++) single[0] = single[0] + table[largest - input[i]];
  single[0] = single[0] / 256;
  single[0] = 1 / single[0];
  for (i = 0; i < count; i++) {
    single[1] = table[largest - input[i]] * single[0];
    single[1] = single[1] + 0.5;
    output[i] = single[1] | 0;
  }
};
