/** Typed arrays and DataView where Espruino's are not V8's. */
import type { Callback } from "./machine.ts";
import { define } from "./quirks.ts";
import type { Intrinsics } from "./realm.ts";

type Methods = Record<string, Callback>;
type Values = readonly unknown[];

/** An ArrayBuffer's views begin before this. */
const LAST_START = 65535;
const BAD_START = "byteOffset too large (or negative)";

export function adaptTypedArrays({ Uint8Array, DataView, Array, Error }: Intrinsics): void {
  const typed = Object.getPrototypeOf(Uint8Array.prototype) as Methods;
  const list = Array.prototype as unknown as Methods;
  define(typed, "slice", function (this: unknown, ...range: unknown[]) { return list["slice"]!.apply(this, range); }); // prettier-ignore
  define(typed, "filter", function (this: unknown, ...test: unknown[]) { return list["filter"]!.apply(this, test); }); // prettier-ignore
  define(typed, "toJSON", function (this: unknown) { return list["slice"]!.call(this); }); // prettier-ignore
  define(typed, "join", function (this: unknown, by?: unknown) { return (list["join"] as Callback).call(list["slice"]!.call(this), by); }); // prettier-ignore
  define(typed, "toString", function (this: unknown) { return (list["join"] as Callback).call(list["slice"]!.call(this)); }); // prettier-ignore
  const set = typed["set"]!;
  define(typed, "set", function (this: Uint8Array, items: ArrayLike<number>, at = 0) {
    const room = this.length - at;
    if (room > 0) set.call(this, items.length > room ? list["slice"]!.call(items, 0, room) : items, at);
  });
  const subarray = typed["subarray"]!;
  define(typed, "subarray", function (this: Uint8Array, begin: unknown, until: unknown) {
    const end = typeof until === "number" ? Math.trunc(until) || 0 : this.length;
    const start = Math.trunc(Number(begin)) || 0;
    const from = start < 0 ? start + this.length : start;
    const to = Math.max(0, end < 0 ? end + this.length : end);
    const isLate = from < to && (this.byteOffset + from * this.BYTES_PER_ELEMENT < 0 || to > this.length);
    if (isLate && to > this.length)
      throw new Error(`the simulator has no view of ${to} of ${this.length} items (Espruino has)`);
    if (isLate) throw new Error(BAD_START);
    return subarray.call(this, Math.max(0, from), to);
  });
  const fill = typed["fill"]!;
  define(typed, "fill", limited(fill));
  define(list, "fill", limited(list["fill"]!));
  const view = DataView.prototype as unknown as Methods;
  for (const name of Object.getOwnPropertyNames(view)) {
    if (!/^[gs]et[A-Z]/.test(name)) continue;
    const native = view[name]!;
    const size = Number(/\d+$/.exec(name)![0]) / 8;
    define(view, name, function (this: DataView, at = 0, ...rest: unknown[]) {
      if (at >= 0 && at + size <= this.byteLength) return native.call(this, at, ...rest);
      // the buffer's other bytes are in reach, and beyond its end are zeros
      const start = this.byteOffset + Math.trunc(at || 0);
      if (start < 0 || start > LAST_START) throw new Error(BAD_START);
      const all = new Uint8Array(this.buffer);
      const bytes = new Uint8Array(size);
      for (let i = 0; i < size && start + i < all.length; i++) bytes[i] = all[start + i]!;
      const result: unknown = native.call(new DataView(bytes.buffer as ArrayBuffer), 0, ...rest);
      for (let i = 0; i < size && start + i < all.length; i++) all[start + i] = bytes[i]!;
      return result;
    });
  }
}

/** `fill` gives nothing when it is to begin or end before the first item. */
function limited(fill: Callback): Callback {
  return function (this: ArrayLike<unknown>, value: unknown, start?: unknown, end?: unknown) {
    const isBefore = (at: unknown): boolean => typeof at === "number" && at + this.length < 0;
    return isBefore(start) || isBefore(end)
      ? undefined
      : fill.call(this, value, start, typeof end === "number" ? end : undefined);
  };
}

/** Typed arrays are not made from text, and a view of no length is one of all that follows. */
export function typedConstructors(
  intrinsics: Readonly<Record<string, object>>,
  { Error, ArrayBuffer }: Pick<Intrinsics, "Error" | "ArrayBuffer">,
  check: (bytes: number) => void,
) {
  const names = Object.keys(intrinsics).filter((name) => /^(Ui|I|F)\w*\dC?\w*Array$/.test(name));
  return Object.fromEntries(
    names.map((name) => {
      const native = intrinsics[name] as new (...values: Values) => object;
      const size = (native as unknown as Uint8ArrayConstructor).BYTES_PER_ELEMENT ?? Number(/\d+/.exec(name)![0]) / 8;
      // without a rest parameter: firmware makes many of these
      function made(this: unknown, from: unknown, at: unknown, length: unknown): object {
        if (from instanceof ArrayBuffer) return viewOf(from, at, length);
        if (typeof from === "string") throw new Error("Unsupported first argument of type String");
        if (typeof from === "number") check(from * size);
        return from === undefined ? new native() : new native(from);
      }
      function viewOf(buffer: ArrayBuffer, at: unknown, length: unknown): object {
        const start = Math.trunc(Number(at)) || 0;
        if (start < 0 || start > LAST_START) throw new Error(BAD_START);
        const room = Math.max(0, Math.floor((buffer.byteLength - start) / size));
        const count = Math.trunc(Number(length)) || room;
        if (!count) return new native(buffer, 0, 0);
        if (start % size || count < 0 || count > room)
          throw new Error(
            `the simulator has no ${name} at byte ${start} with ${count} items of a buffer of ${buffer.byteLength} bytes (Espruino has)`,
          );
        return new native(buffer, start, count);
      }
      Object.defineProperty(made, "prototype", { value: native.prototype });
      define(native.prototype as object, "constructor", native);
      return [name, made];
    }),
  );
}
