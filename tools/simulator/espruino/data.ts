/** Conversions between the values of device code and bytes, as the interpreter's natives make them. */
import type { Realm } from "./realm.ts";

/** The interpreter's conversion of a number to a C `int`: modulo 2^32; 0 outside ±2^63. */
export function toInt(value: unknown): number {
  if (typeof value === "number") return Math.abs(value) < 2 ** 63 ? value | 0 : 0;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" || typeof value === "object") return toInt(Number(value));
  return 0;
}

export function toFloat(value: unknown): number {
  return typeof value === "number" ? value : value === undefined ? NaN : Number(value);
}

/** One byte per character. */
export function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Of any view; asking a small one for its buffer would move it out of the heap. */
const slice = Reflect.get(Buffer.prototype, "latin1Slice") as (this: Uint8Array, from: number, to: number) => string;

export function fromLatin1(bytes: Uint8Array): string {
  return slice.call(bytes, 0, bytes.byteLength);
}

const NO_BYTES = new Uint8Array(0);

function collect(value: unknown, into: number[], realm: Realm): void {
  if (typeof value === "string") {
    for (let i = 0; i < value.length; i++) into.push(value.charCodeAt(i) & 255);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, into, realm);
  } else if (ArrayBuffer.isView(value)) {
    for (const item of value instanceof realm.DataView ? bytesOfBuffer(value) : (value as Uint8Array))
      into.push(toInt(item) & 255);
  } else if (isBuffer(value)) {
    for (const byte of new Uint8Array(value)) into.push(byte);
  } else if (typeof value === "object" && value !== null && "data" in value && "count" in value) {
    for (let count = toInt(value.count); count > 0; count--) collect(value.data, into, realm);
  } else if (typeof value === "object" && value !== null && "callback" in value) {
    collect((value.callback as () => unknown)(), into, realm);
  } else if (value !== undefined && value !== null) {
    into.push(toInt(value) & 255);
  }
}

export function isBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

/** The memory behind a view, as bytes. */
export function bytesOfBuffer(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** As `bytesOf`, for natives that only read: an array of bytes is not copied. */
export function bytesToRead(values: readonly unknown[], realm: Realm): Uint8Array {
  const [first] = values;
  return values.length === 1 && first instanceof realm.Uint8Array ? (first as Uint8Array) : bytesOf(values, realm);
}

/** Numbers, strings, arrays, typed arrays, `{data, count}` and `{callback}` in any nesting: the rules of E.toUint8Array. */
export function bytesOf(values: readonly unknown[], realm: Realm): Uint8Array {
  if (values.length === 0) return NO_BYTES;
  const [first] = values;
  if (values.length === 1) {
    if (typeof first === "string") return latin1(first);
    if (typeof first === "number") return Uint8Array.of(toInt(first));
    if (first instanceof realm.Uint8Array) return new Uint8Array(first as Uint8Array);
  }
  const into: number[] = [];
  for (const value of values) collect(value, into, realm);
  return Uint8Array.from(into);
}

/**
 * The same for natives that write memory (Storage and Flash): a wide typed array yields its first `length` raw bytes,
 * not its elements. Undefined when there is nothing that holds bytes.
 */
export function memoryOf(value: unknown, realm: Realm): Uint8Array | undefined {
  if (value === undefined) return undefined;
  if (ArrayBuffer.isView(value)) return bytesOfBuffer(value).slice(0, (value as Uint8Array).length ?? value.byteLength);
  return bytesOf([value], realm);
}
