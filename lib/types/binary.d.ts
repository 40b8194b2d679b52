/** Espruino's ArrayBuffer, typed arrays and DataView. */

interface ArrayBuffer {
  readonly byteLength: number;
}
interface ArrayBufferConstructor {
  new (byteLength: number): ArrayBuffer;
}
declare var ArrayBuffer: ArrayBufferConstructor;

/** What all typed arrays share. `slice` and `filter` give a plain array; `subarray` gives a view. */
interface TypedArray<Self> {
  readonly buffer: ArrayBuffer;
  readonly byteLength: number;
  /** A 16-bit field: views start below 65536. */
  readonly byteOffset: number;
  readonly length: number;
  [index: number]: number;
  every(predicate: (value: number, index: number, array: Self) => unknown): boolean;
  fill(value: number, start?: number, end?: number): this;
  filter(predicate: (value: number, index: number, array: Self) => unknown): number[];
  find(predicate: (value: number, index: number, array: Self) => unknown): number | undefined;
  findIndex(predicate: (value: number, index: number, array: Self) => unknown): number;
  forEach(callback: (value: number, index: number, array: Self) => void): void;
  includes(item: number, from?: number): boolean;
  indexOf(item: number, from?: number): number;
  join(separator?: string): string;
  map(callback: (value: number, index: number, array: Self) => number): Self;
  reduce(callback: (sum: number, value: number, index: number, array: Self) => number): number;
  reduce<U>(callback: (sum: U, value: number, index: number, array: Self) => U, initial: U): U;
  reverse(): this;
  /** What does not fit is dropped without an error. */
  set(source: ArrayLike<number>, offset?: number): void;
  slice(start?: number, end?: number): number[];
  some(predicate: (value: number, index: number, array: Self) => unknown): boolean;
  sort(compare?: (a: number, b: number) => number): this;
  subarray(start?: number, end?: number): Self;
  [Symbol.iterator](): IterableIterator<number>;
}
interface TypedArrayConstructor<Self> {
  new (length: number): Self;
  new (source: ArrayLike<number>): Self;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): Self;
}
interface Int8Array extends TypedArray<Int8Array> {}
interface Uint8Array extends TypedArray<Uint8Array> {}
interface Uint8ClampedArray extends TypedArray<Uint8ClampedArray> {}
interface Int16Array extends TypedArray<Int16Array> {}
interface Uint16Array extends TypedArray<Uint16Array> {}
interface Uint24Array extends TypedArray<Uint24Array> {}
interface Int32Array extends TypedArray<Int32Array> {}
interface Uint32Array extends TypedArray<Uint32Array> {}
interface Float32Array extends TypedArray<Float32Array> {}
interface Float64Array extends TypedArray<Float64Array> {}
declare var Int8Array: TypedArrayConstructor<Int8Array>;
declare var Uint8Array: TypedArrayConstructor<Uint8Array>;
declare var Uint8ClampedArray: TypedArrayConstructor<Uint8ClampedArray>;
declare var Int16Array: TypedArrayConstructor<Int16Array>;
declare var Uint16Array: TypedArrayConstructor<Uint16Array>;
declare var Uint24Array: TypedArrayConstructor<Uint24Array>;
declare var Int32Array: TypedArrayConstructor<Int32Array>;
declare var Uint32Array: TypedArrayConstructor<Uint32Array>;
declare var Float32Array: TypedArrayConstructor<Float32Array>;
declare var Float64Array: TypedArrayConstructor<Float64Array>;

/** Reads beyond the end give 0 and writes there do nothing: no error. */
interface DataView {
  readonly buffer: ArrayBuffer;
  readonly byteLength: number;
  readonly byteOffset: number;
  getFloat32(offset: number, littleEndian?: boolean): number;
  getFloat64(offset: number, littleEndian?: boolean): number;
  getInt8(offset: number): number;
  getInt16(offset: number, littleEndian?: boolean): number;
  getInt32(offset: number, littleEndian?: boolean): number;
  getUint8(offset: number): number;
  getUint16(offset: number, littleEndian?: boolean): number;
  getUint32(offset: number, littleEndian?: boolean): number;
  setFloat32(offset: number, value: number, littleEndian?: boolean): void;
  setFloat64(offset: number, value: number, littleEndian?: boolean): void;
  setInt8(offset: number, value: number): void;
  setInt16(offset: number, value: number, littleEndian?: boolean): void;
  setInt32(offset: number, value: number, littleEndian?: boolean): void;
  setUint8(offset: number, value: number): void;
  setUint16(offset: number, value: number, littleEndian?: boolean): void;
  setUint32(offset: number, value: number, littleEndian?: boolean): void;
}
interface DataViewConstructor {
  new (buffer: ArrayBuffer, byteOffset?: number, byteLength?: number): DataView;
}
declare var DataView: DataViewConstructor;
