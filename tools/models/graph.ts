/** A quantised network as its file describes it: tensors, and operators in the order of their execution. */

export type TensorType = "float32" | "int32" | "uint8" | "int64" | "int16" | "int8" | "other";

export interface Tensor {
  readonly name: string;
  /** Rows first; images are [batch, height, width, channels]. */
  readonly shape: readonly number[];
  readonly type: TensorType;
  /** Of a constant, little-endian. */
  readonly data?: Uint8Array | undefined;
  /** real = scale × (value − zeroPoint); one scale for all, or one for each index of the dimension `axis`. */
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

export interface Operator {
  /** TensorFlow Lite's name, for instance CONV_2D. */
  readonly kind: string;
  /** Indices of tensors; −1 where an optional one is absent. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Readonly<Record<string, number>>;
}

export interface Graph {
  readonly tensors: readonly Tensor[];
  readonly operators: readonly Operator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** The values of a constant tensor. */
export function valuesOf({ data, type }: Tensor): Int8Array | Int32Array | Float32Array {
  if (!data) throw new Error("not a constant");
  const copy = Uint8Array.from(data).buffer;
  if (type === "int32") return new Int32Array(copy);
  if (type === "float32") return new Float32Array(copy);
  return new Int8Array(copy);
}

/** [height, width, channels] of an image; a vector is one pixel. */
export function imageShape(shape: readonly number[]): readonly [number, number, number] {
  if (shape.length === 4) return [shape[1]!, shape[2]!, shape[3]!];
  return [1, 1, sizeOf(shape)];
}

export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What TensorFlow's SAME padding (0) adds before and after; VALID (1) adds nothing. */
export function samePadding(
  padding: number,
  input: number,
  output: number,
  kernel: number,
  stride: number,
  dilation: number,
): readonly [before: number, after: number] {
  if (padding === 1) return [0, 0];
  const total = Math.max((output - 1) * stride + (kernel - 1) * dilation + 1 - input, 0);
  return [total >> 1, total - (total >> 1)];
}
