/** The device's form of a network: steps on numbered buffers, each with the record and the data that its operator reads. */

/** First number of a record, and the function of lib/classify that computes it. */
export const kinds = {
  dense: 1,
  convolution: 2,
  depthwise: 3,
  averagePool: 4,
  maxPool: 5,
  lookUp: 6,
  add: 7,
  pad: 8,
  softmax: 9,
  denseTwice: 17,
  convolutionTwice: 18,
  depthwiseTwice: 19,
  softmaxTwice: 25,
} as const;
export type Kind = keyof typeof kinds;

export interface Step {
  readonly kind: Kind;
  /** TensorFlow Lite's name of the operator that it belongs to. */
  readonly origin: string;
  /** Buffers: what it reads, what it writes. */
  readonly input: number;
  readonly second?: number;
  readonly output: number;
  /** Numbers 5 to 15 of the record, by their place. */
  readonly numbers: Readonly<Record<number, number>>;
  readonly data: Uint8Array;
  /** For the report. */
  readonly products: number;
  readonly outputs: number;
}

export interface Entrance {
  /** 0: int8 values by a table; 1: a factor and an offset for each; 2: single precision by one scale. */
  readonly kind: 0 | 1 | 2;
  readonly data: Uint8Array;
}

export interface Plan {
  /** Bytes of each buffer. */
  readonly buffers: readonly number[];
  readonly steps: readonly Step[];
  readonly entrance: Entrance;
  readonly input: number;
  readonly inputs: number;
  readonly output: number;
  readonly outputs: number;
  /** Of the scores: real = (score − zero) × scale. */
  readonly scale: number;
  readonly zero: number;
}

/** Views on one memory, one after another, each starting at a multiple of 8. */
export function sections(...parts: readonly ArrayBufferView[]): Uint8Array {
  const lengths = parts.map(({ byteLength }) => (byteLength + 7) & ~7);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  parts.forEach((part, index) => {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += lengths[index]!;
  });
  return bytes;
}
