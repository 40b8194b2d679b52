/** Features to the bytes that a model sees: 32 steps to a standard deviation, 128 for the mean. */
export interface Scaler {
  /** byte = value × factor + offset, cut off: single precision, as the device has them. */
  readonly factors: Float32Array;
  readonly offsets: Float32Array;
}

const STEPS = 32;
const { fround } = Math;

export function scalerFor(rows: readonly (readonly number[])[]): Scaler {
  const size = rows[0]!.length;
  const factors = new Float32Array(size);
  const offsets = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const mean = rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length;
    const variance = rows.reduce((sum, row) => sum + (row[i]! - mean) ** 2, 0) / rows.length;
    factors[i] = STEPS / (Math.sqrt(variance) || 1);
    offsets[i] = 128.5 - mean * factors[i]!;
  }
  return { factors, offsets };
}

/** Exactly what the device computes from single-precision values. */
export function toBytes({ factors, offsets }: Scaler, row: readonly number[]): Uint8Array {
  return Uint8Array.from(row, (value, i) => {
    const byte = fround(value) * factors[i]! + offsets[i]!;
    return byte > 255 ? 255 : byte < 0 ? 0 : Math.trunc(byte);
  });
}

/** The bytes as standard deviations. */
export const standard = (bytes: Uint8Array): number[] => Array.from(bytes, (byte) => (byte - 128) / STEPS);
export const STANDARD_SCALE = 1 / STEPS;
