/**
 * The JavaScript world of the device's code: a context of its own, with the built-ins that Espruino has, as it has them.
 * A bundle that keeps to itself ("closed") is compiled once and called at every boot; anything else gets a new world.
 */
import vm from "node:vm";
import {
  absentGlobals,
  absentMethods,
  absentStatics,
  absentTypedArrayMethods,
  absentTypedArrayStatics,
} from "./absent.ts";
import type { WorkMeter } from "../cpu/meter.ts";
import type { Callback } from "./machine.ts";
import { adapt, define, isNaNAs, parseFloatAs } from "./quirks.ts";
import { checkBuffer, type HeapLimit, limitHeap } from "./heap-limit.ts";
import { HELPERS, rewrite, type Rewritten } from "./rewrite.ts";
import { typedConstructors } from "./typed-arrays.ts";
import { reworded } from "./wording.ts";

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
  readonly ReferenceError: ErrorConstructor;
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
  /** An error as the interpreter words it. */
  worded(error: unknown): unknown;
  /** A line of a stack, with the column that the place has in the given text. */
  located(line: string): string;
  /** Compiles `code` once, strict, to be run again and again with the same globals; a meter counts what it works. */
  close(code: string, filename: string, globals: Readonly<Record<string, unknown>>, meter?: WorkMeter): () => void;
}

const intrinsicNames = [
  "Object", "Function", "Array", "ArrayBuffer", "DataView", "Uint8Array", "Int8Array", "Uint8ClampedArray", "Uint16Array",
  "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array", "String", "Number", "Boolean", "Date", "RegExp",
  "Error", "TypeError", "SyntaxError", "ReferenceError", "Math", "JSON", "parseInt", "parseFloat", "isNaN", "isFinite",
  "encodeURIComponent", "decodeURIComponent", "eval",
]; // prettier-ignore

/** Name of what `eval` runs, in stacks. */
const EVALUATED = ".bootcde:eval";

/** @param limit the chip's memory; without it, it has no end */
export function createRealm(random: () => number, limit?: HeapLimit): Realm {
  const sandbox: Record<string, unknown> = {};
  const context = vm.createContext(sandbox);
  const global = vm.runInContext("globalThis", context) as Record<string, unknown>;
  const intrinsics = Object.fromEntries(intrinsicNames.map((name) => [name, global[name]])) as Record<string, object>;
  const world = intrinsics as unknown as Intrinsics;
  const arrayFrom = world.Array.from;
  const helpers = adapt(world, random);
  if (limit) {
    const { look, grows } = limitHeap(world, limit);
    const add = helpers[HELPERS.add] as (a: unknown, b: unknown) => unknown;
    const [text, key, set] = [HELPERS.text, HELPERS.key, HELPERS.set].map((name) => helpers[name] as Callback);
    helpers[HELPERS.add] = (a: unknown, b: unknown): unknown => look(add(a, b));
    helpers[HELPERS.text] = (...parts: unknown[]): unknown => look(text!(...parts));
    helpers[HELPERS.key] = (of: unknown, name: unknown): unknown => (grows(of, name), key!(of, name));
    helpers[HELPERS.set] = (of: unknown, name: unknown, to: unknown): unknown => (grows(of, name), set!(of, name, to));
  }
  remove(global, intrinsics);
  for (const [name, value] of Object.entries(helpers)) define(global, name, value);
  for (const name of ["String", "Number"] as const) define(global, name, world[name]);
  for (const [name, own] of Object.entries({ parseFloat: parseFloatAs, isNaN: isNaNAs })) {
    intrinsics[name] = own;
    define(global, name, own);
  }
  const typed = typedConstructors(intrinsics, world, (bytes) => checkBuffer(limit, bytes));
  for (const [name, value] of Object.entries(typed)) define(global, name, value);
  define(global, "global", global);
  const evaluated = new Map<string, () => unknown>();
  const texts = new Map<string, Rewritten>();
  const prepared = (code: string, filename: string, meter?: WorkMeter): string => {
    const counting = meter?.instrument(code);
    const text = rewrite(counting?.code ?? code);
    const columnOf = (line: number, column: number): number => {
      const at = text.columnOf(line, column);
      return counting ? counting.columnOf(line, at) : at;
    };
    texts.set(filename, { ...text, columnOf });
    return text.code;
  };

  const close = (
    code: string,
    filename: string,
    globals: Readonly<Record<string, unknown>>,
    meter?: WorkMeter,
  ): (() => void) => {
    // what a closed program evaluates keeps to itself as well
    define(global, "eval", (text: unknown): unknown => {
      if (typeof text !== "string") return text;
      let run = evaluated.get(text);
      if (!run) evaluated.set(text, (run = closed(text, EVALUATED, globals, meter)));
      return run();
    });
    return closed(code, filename, globals, meter);
  };
  const closed = (
    code: string,
    filename: string,
    globals: Readonly<Record<string, unknown>>,
    meter?: WorkMeter,
  ): (() => void) => {
    const all: Record<string, unknown> = {
      ...intrinsics,
      ...typed,
      ...helpers,
      ...meter?.globals(helpers),
      global,
      globalThis: global,
      ...globals,
    };
    const names = Object.keys(all).filter((name) => name !== "eval");
    const head = `(function(${names.join()}){return function(){"use strict";`;
    const script = new vm.Script(`${head}${prepared(code, filename, meter)}\n}})`, {
      filename,
      columnOffset: -head.length,
    });
    const make = script.runInContext(context) as (...values: unknown[]) => () => void;
    return make(...names.map((name) => all[name]));
  };
  define(global, "eval", (text: unknown): unknown =>
    typeof text === "string" ? vm.runInContext(prepared(text, EVALUATED), context, { filename: EVALUATED }) : text,
  );

  return {
    ...world,
    global,
    array: <T>(items: Iterable<T>) =>
      arrayFrom.call(world.Array, items as Iterable<unknown>, (item: unknown) => item) as T[],
    bytes: (data) => new world.Uint8Array(data),
    compile: (code, filename, parameters) =>
      vm.compileFunction(prepared(code, filename), [...parameters], { parsingContext: context, filename }) as Callback,
    worded: (error) => reworded(error, world),
    located: (line) =>
      line.replace(/([^\s(:]+):(\d+):(\d+)/, (all, file: string, row: string, column: string) => {
        const text = texts.get(file);
        return text ? `${file}:${row}:${text.columnOf(Number(row), Number(column) - 1) + 1}` : all;
      }),
    run: (code, filename) => vm.runInContext(prepared(code, filename), context, { filename }),
    close,
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
  const constructor = Object.getPrototypeOf(intrinsics["Float64Array"]) as object;
  for (const name of absentTypedArrayStatics) Reflect.deleteProperty(constructor, name);
}
