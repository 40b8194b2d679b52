/** Built-ins that Espruino has, but not as V8 has them: the traps that data passes through. */
import { jsonOf } from "./json.ts";
import { parseJson } from "./json-parse.ts";
import { assign, inOrder, keepOrder } from "./key-order.ts";
import type { Callback } from "./machine.ts";
import { functions } from "./math.ts";
import { formatFixed, formatNumber, formatRadix, parseDecimal } from "./numbers.ts";
import type { Intrinsics } from "./realm.ts";
import { HELPERS } from "./rewrite.ts";
import { sortInPlace } from "./sort.ts";
import { adaptStrings } from "./strings.ts";
import { adaptTypedArrays } from "./typed-arrays.ts";
import { reworded } from "./wording.ts";

export function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}

type Methods = Record<string, Callback>;
type Values = readonly unknown[];

/** Changes the built-ins, and returns the helpers that rewritten scripts call. `String` and `Number` are replaced. */
export function adapt(world: Intrinsics, random: () => number): Record<string, unknown> {
  const changed = world as { -readonly [K in keyof Intrinsics]: Intrinsics[K] };
  changed.String = constructorOf(world.String, (values) => (values.length ? text(values[0]) : "")) as StringConstructor;
  changed.Number = constructorOf(world.Number, (values) =>
    values.length ? numberOf(values[0]) : 0,
  ) as NumberConstructor;
  adaptNumbers(world, random);
  adaptStrings(world, text);
  adaptArrays(world);
  adaptTypedArrays(world);
  adaptErrors(world);
  define(world.JSON, "stringify", jsonOf(world.JSON.stringify));
  define(world.JSON, "parse", parseJson(world));
  adaptObjects(world);
  const own = world.Object.defineProperty;
  define(world.Object, "defineProperty", (target: object, name: string, property: PropertyDescriptor) => {
    const isValue = !property.get && !property.set;
    return own(target, name, { ...property, enumerable: true, configurable: true, ...(isValue && { writable: true }) });
  });
  const add = (a: unknown, b: unknown): unknown => {
    if (typeof a === "number" && typeof b === "number") return a + b;
    if (typeof a === "string" && typeof b === "string") return a + b;
    if (isObject(a) || isObject(b)) return add(plain(a), plain(b));
    return typeof a === "string" || typeof b === "string" ? text(a) + text(b) : (a as number) + (b as number);
  };
  const plain = (value: unknown): unknown => {
    if (!isObject(value)) return value;
    const own = value.valueOf();
    return isObject(own) ? text(value) : own;
  };
  return {
    [HELPERS.add]: add,
    [HELPERS.text]: (...parts: Values): string => parts.map(text).join(""),
    [HELPERS.number]: numberOf,
    [HELPERS.name]: (of: { name?: unknown }): unknown => (typeof of === "function" ? undefined : of.name),
    [HELPERS.type]: (value: unknown): string =>
      typeof value === "object" && value !== null && "analog" in value && "getInfo" in value ? "number" : typeof value,
    [HELPERS.count]: Math.max,
    // whole numbers have one zero; of what V8 takes for whole, Espruino may hold some as doubles, whose zeros have signs
    [HELPERS.times]: (a: number, b: number): number => zeroOf(a * b, a, b),
    [HELPERS.modulo]: (a: number, b: number): number => zeroOf(a % b, a, b),
    [HELPERS.item]: (of: unknown, name: unknown): unknown => itemOf(of, name, world),
    [HELPERS.key]: keepOrder,
    [HELPERS.set]: assign,
    [HELPERS.order]: inOrder,
    [HELPERS.caught]: (error: unknown): unknown => reworded(error, world),
  };
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** `String(x)` and every conversion to text. */
const text = (value: unknown): string => (typeof value === "number" ? formatNumber(value) : String(value));

/** A blank behind a number makes it none. */
function numberOf(value: unknown): number {
  if (typeof value !== "string") return Number(value);
  if (/\s$/.test(value)) return NaN;
  const [, sign, digits] = /^\s*([+-]?)(.*)$/s.exec(value)!;
  const read = parseDecimal(digits!);
  return read === undefined ? Number(value) : sign === "-" ? -read : read;
}

/** `parseFloat`: what a number's text begins with. */
export function parseFloatAs(given: unknown): number {
  const [, sign, digits] = /^\s*([+-]?)(\d*\.?\d*(?:[eE][+-]?\d*)?)/.exec(text(given)) ?? [];
  const read = parseDecimal(digits ?? "");
  return read === undefined ? parseFloat(text(given)) : sign === "-" ? -read : read;
}

const zeroOf = (result: number, a: number, b: number): number =>
  result === 0 && Number.isInteger(a) && Number.isInteger(b) ? 0 : result;

/** `of[name]`: text, numbers and typed arrays do not say "undefined" of what they cannot have. */
function itemOf(of: unknown, name: unknown, { Error, DataView }: Intrinsics): unknown {
  const found = (of as Record<string, unknown>)[name as string];
  if (
    found !== undefined ||
    (typeof of === "object" && (!ArrayBuffer.isView(of) || of instanceof DataView)) ||
    typeof of === "function"
  )
    return found;
  if (/^\d{1,9}$/.test(String(name)) && typeof name !== "boolean" && typeof of !== "number" && typeof of !== "boolean")
    return undefined;
  const type = typeof of === "string" ? "String" : ArrayBuffer.isView(of) ? of.constructor.name : "Number";
  throw new Error(`Field or method "${text(name)}" does not already exist, and can't create it on ${type}`);
}

/** `isNaN`, which reads text as `Number` does. */
export const isNaNAs = (given: unknown): boolean => Number.isNaN(numberOf(given));

function constructorOf(native: object, convert: (values: Values) => unknown): object {
  const { prototype } = native as { prototype: object };
  function made(this: unknown, ...values: Values): unknown {
    return convert(values);
  }
  for (const name of Object.getOwnPropertyNames(native))
    if (!/^(length|name|prototype)$/.test(name)) define(made, name, (native as Record<string, unknown>)[name]);
  Object.defineProperty(made, "prototype", { value: prototype });
  define(prototype, "constructor", made);
  return made;
}

const least = (x: number, high: number): number => (x > high ? high : x);

function adaptNumbers({ Math, Number, String }: Intrinsics, random: () => number): void {
  const fromCharCode = String.fromCharCode;
  define(String, "fromCharCode", (...codes: number[]) => {
    for (let i = 0; i < codes.length; i++) codes[i]! &= 255;
    return fromCharCode(...codes);
  });
  const { abs, floor, ceil } = globalThis.Math;
  for (const [name, own] of Object.entries(functions)) define(Math, name, own);
  // through a C integer of 64 bits
  const whole = (x: number): number => (abs(x) < 2 ** 63 || !isFinite(x) ? x : -(2 ** 63));
  define(Math, "round", (x: number) => whole(x < 0 ? ceil(x - 0.5) || 0 : floor(x + 0.5)));
  define(Math, "random", random);
  define(Math, "randInt", (range: number) => floor(random() * (range > 0 ? range : 2 ** 32)));
  define(Math, "clip", (x: number, low: number, high: number) => least(x < low ? low : x, high));
  define(Math, "wrap", (x: number, size: number) => x % size || 0);
  define(Number.prototype, "toFixed", function (this: number, decimals = 0) { return formatFixed(+this, decimals); }); // prettier-ignore
  define(Number.prototype, "toString", function (this: number, radix?: number) {
    const value = +this;
    return typeof radix === "number" && radix >= 2 && radix <= 36 && radix !== 10
      ? formatRadix(value, radix)
      : formatNumber(value);
  });
}

function adaptArrays({ Array }: Intrinsics): void {
  const list = Array.prototype as unknown as Methods;
  const join = list["join"]!;
  const isPlain = (item: unknown): boolean =>
    typeof item === "string" || (typeof item === "number" && Number.isInteger(item));
  const joined = function (this: Values, by?: unknown): unknown {
    for (let i = 0; i < this.length; i++)
      if (!isPlain(this[i])) return [...this].map((item) => (item === undefined || item === null ? "" : text(item))).join((by ?? ",") as string); // prettier-ignore
    return join.call(this, by);
  };
  define(list, "join", joined);
  define(list, "toString", function (this: Values) { return joined.call(this); }); // prettier-ignore
  define(list, "sort", function (this: unknown[], order?: (a: unknown, b: unknown) => unknown) {
    const compare = (a: unknown, b: unknown): number => {
      if (a === undefined) return 1;
      if (b === undefined) return -1;
      if (order) return Number(order(a, b)) || 0;
      const [one, other] = [text(a), text(b)];
      return one < other ? -1 : one > other ? 1 : 0;
    };
    sortInPlace(this, compare);
    return this;
  });
  // places that were never written are none in the result either
  const map = list["map"]!;
  define(list, "map", function (this: unknown[], change: Callback, self?: unknown) {
    const made = map.call(this, change, self) as unknown[];
    if (!(made.length - 1 in made)) {
      let length = made.length;
      while (length > 0 && !(length - 1 in made)) length--;
      made.length = length;
    }
    return made;
  });
}

/** What goes through properties does so in their order. */
function adaptObjects({ Object }: Intrinsics): void {
  const native = Object as unknown as Methods;
  for (const name of ["keys", "values", "entries", "getOwnPropertyNames"]) {
    const list = native[name]!;
    define(Object, name, (of: unknown) => list(inOrder(of)));
  }
  define(Object, "assign", (target: object, ...sources: Values) => {
    for (const source of sources)
      if (isObject(source)) for (const [name, value] of globalThis.Object.entries(inOrder(source))) assign(target, name, value); // prettier-ignore
    return target;
  });
  define(Object, "fromEntries", (entries: readonly (readonly [string, unknown])[]) => {
    const made = new Object();
    for (const [name, value] of entries) assign(made, name, value);
    return made;
  });
}

/** Each class of errors stands for itself, and none has a name to read. */
function adaptErrors({ Error, TypeError, ReferenceError, SyntaxError, Object }: Intrinsics): void {
  for (const [name, type] of globalThis.Object.entries({ Error, TypeError, ReferenceError, SyntaxError })) {
    const prototype = type.prototype as object;
    if (type !== Error) globalThis.Object.setPrototypeOf(prototype, Object.prototype);
    Reflect.deleteProperty(prototype, "name");
    define(prototype, "toString", function (this: { message?: string }) {
      return this.message ? `${name}: ${this.message}` : name;
    });
  }
}
