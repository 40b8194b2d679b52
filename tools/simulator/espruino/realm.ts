/**
 * The JavaScript world of the device's code: a context of its own, with the built-ins that Espruino has, as it has them.
 * A bundle that keeps to itself ("closed") is compiled once and called at every boot; anything else gets a new world.
 */
import vm from "node:vm";
import { absentGlobals, absentMethods, absentStatics, absentTypedArrayMethods } from "./absent.ts";
import type { Callback } from "./machine.ts";

export interface Intrinsics {
  readonly Object: ObjectConstructor;
  readonly Function: FunctionConstructor;
  readonly Array: ArrayConstructor;
  readonly ArrayBuffer: ArrayBufferConstructor;
  readonly DataView: DataViewConstructor;
  readonly Uint8Array: Uint8ArrayConstructor;
  readonly Uint16Array: Uint16ArrayConstructor;
  readonly String: StringConstructor;
  readonly Number: NumberConstructor;
  readonly Date: DateConstructor;
  readonly Error: ErrorConstructor;
  readonly TypeError: ErrorConstructor;
  readonly SyntaxError: ErrorConstructor;
  readonly Math: Math;
  readonly JSON: JSON;
}

export interface Realm extends Intrinsics {
  readonly global: Record<string, unknown>;
  /** An array of the device's world. */
  array<T>(items: Iterable<T>): T[];
  /** A Uint8Array of the device's world with these bytes. */
  bytes(data: Uint8Array): Uint8Array;
  /** Compiles `code` as the body of a function with these parameters, sloppy, with the world's globals. */
  compile(code: string, filename: string, parameters: readonly string[]): Callback;
  /** Runs `code` as a script: its declarations are global. */
  run(code: string, filename: string): unknown;
  /** Compiles `code` once, strict, to be run again and again with the same globals. */
  close(code: string, filename: string, globals: Readonly<Record<string, unknown>>): () => void;
}

const intrinsicNames = [
  "Object", "Function", "Array", "ArrayBuffer", "DataView", "Uint8Array", "Int8Array", "Uint8ClampedArray", "Uint16Array",
  "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array", "String", "Number", "Boolean", "Date", "RegExp",
  "Error", "TypeError", "SyntaxError", "ReferenceError", "Math", "JSON", "parseInt", "parseFloat", "isNaN", "isFinite",
  "encodeURIComponent", "decodeURIComponent", "eval",
]; // prettier-ignore

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}

type Methods = Record<string, Callback>;

export function createRealm(random: () => number): Realm {
  const sandbox: Record<string, unknown> = {};
  const context = vm.createContext(sandbox);
  const global = vm.runInContext("globalThis", context) as Record<string, unknown>;
  const intrinsics = Object.fromEntries(intrinsicNames.map((name) => [name, global[name]])) as Record<string, object>;
  const world = intrinsics as unknown as Intrinsics;
  const arrayFrom = world.Array.from;
  adapt(world, random);
  remove(global, intrinsics);
  define(global, "global", global);

  return {
    ...world,
    global,
    array: <T>(items: Iterable<T>) =>
      arrayFrom.call(world.Array, items as Iterable<unknown>, (item: unknown) => item) as T[],
    bytes: (data) => new world.Uint8Array(data),
    compile: (code, filename, parameters) =>
      vm.compileFunction(code, [...parameters], { parsingContext: context, filename }) as Callback,
    run: (code, filename) => vm.runInContext(code, context, { filename }),
    close(code, filename, globals) {
      const all: Record<string, unknown> = { ...intrinsics, global, globalThis: global, ...globals };
      const names = Object.keys(all).filter((name) => name !== "eval");
      const head = `(function(${names.join()}){return function(){"use strict";`;
      const script = new vm.Script(`${head}${code}\n}})`, { filename, columnOffset: -head.length });
      const make = script.runInContext(context) as (...values: unknown[]) => () => void;
      return make(...names.map((name) => all[name]));
    },
  };
}

function remove(global: Record<string, unknown>, intrinsics: Record<string, object>): void {
  for (const name of absentGlobals) delete global[name];
  for (const [owner, names] of Object.entries(absentStatics))
    for (const name of names) Reflect.deleteProperty(intrinsics[owner]!, name);
  const prototype = (name: string): object => (intrinsics[name] as { prototype: object }).prototype;
  for (const [owner, names] of Object.entries(absentMethods))
    for (const name of names) Reflect.deleteProperty(prototype(owner), name);
  const typed = Object.getPrototypeOf(prototype("Uint8Array")) as object;
  for (const name of absentTypedArrayMethods) Reflect.deleteProperty(typed, name);
}

/** Built-ins that Espruino has, but not as V8 has them (the traps that data passes through; formatting of floats is not among them). */
function adapt({ String, Math, JSON, Array, Uint8Array, DataView, Number }: Intrinsics, random: () => number): void {
  const fromCharCode = String.fromCharCode;
  define(String, "fromCharCode", (...codes: number[]) => {
    for (let i = 0; i < codes.length; i++) codes[i]! &= 255;
    return fromCharCode(...codes);
  });

  const { floor, ceil } = globalThis.Math;
  define(Math, "round", (x: number) => (x < 0 ? ceil(x - 0.5) || 0 : floor(x + 0.5)));
  define(Math, "random", random);
  define(Math, "randInt", (range: number) => floor(random() * (range > 0 ? range : 2 ** 32)));
  define(Math, "clip", (x: number, low: number, high: number) => (x < low ? low : x > high ? high : x));
  define(Math, "wrap", (x: number, size: number) => x % size || 0);

  const typed = Object.getPrototypeOf(Uint8Array.prototype) as Methods;
  const list = Array.prototype as unknown as Methods;
  define(typed, "slice", function (this: unknown, ...range: unknown[]) { return list["slice"]!.apply(this, range); }); // prettier-ignore
  define(typed, "filter", function (this: unknown, ...test: unknown[]) { return list["filter"]!.apply(this, test); }); // prettier-ignore
  define(typed, "toJSON", function (this: unknown) { return list["slice"]!.call(this); }); // prettier-ignore

  const view = DataView.prototype as unknown as Methods;
  for (const name of Object.getOwnPropertyNames(view)) {
    if (!/^[gs]et[A-Z]/.test(name)) continue;
    const native = view[name]!;
    const size = globalThis.Number(/\d+$/.exec(name)![0]) / 8;
    define(view, name, function (this: DataView, at = 0, ...rest: unknown[]) {
      return at >= 0 && at + size <= this.byteLength ? native.call(this, at, ...rest) : name[0] === "g" ? 0 : undefined;
    });
  }

  const stringify = JSON.stringify;
  const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  define(JSON, "stringify", (value: unknown, _replacer: unknown, space: string | number) =>
    (stringify(value, null, space) ?? "null").replace(/[\x7f-\uffff]/g, escaped),
  );
  const parse = JSON.parse;
  define(JSON, "parse", (text: string) => parse(text));

  const toNumber = Number as unknown as { prototype: object };
  define(toNumber.prototype, "toFixed", numberToFixed(Number.prototype.toFixed));
}

/** Without decimals the interpreter cuts off instead of rounding. */
function numberToFixed(native: (digits?: number) => string): (this: number, digits?: number) => string {
  return function (this: number, digits = 0) {
    const value = globalThis.Number(this);
    return digits > 0 ? native.call(value, digits) : `${globalThis.Math.trunc(value) || 0}`;
  };
}
