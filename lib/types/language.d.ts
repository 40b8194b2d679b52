/**
 * The JavaScript that Espruino has, in place of TypeScript's own `lib`: what is missing here is missing on the device,
 * so that `new Map()` or `Array.from` is a type error at the author's line. Types follow what the interpreter returns.
 */

interface Object {
  constructor: Function;
  toString(): string;
  valueOf(): Object;
  hasOwnProperty(key: PropertyKey): boolean;
}

interface PropertyDescriptor {
  value?: any;
  get?(): any;
  set?(value: any): void;
  /** Ignored by Espruino: every property can be enumerated, changed and deleted. */
  enumerable?: boolean;
  /** Ignored by Espruino. */
  configurable?: boolean;
  /** Ignored by Espruino. */
  writable?: boolean;
}

interface ObjectConstructor {
  new (value?: any): Object;
  (value?: any): any;
  readonly prototype: Object;
  assign<T extends {}, U>(target: T, source: U): T & U;
  assign<T extends {}, U, V>(target: T, first: U, second: V): T & U & V;
  assign(target: object, ...sources: any[]): any;
  create(prototype: object | null): any;
  defineProperty<T>(object: T, key: PropertyKey, descriptor: PropertyDescriptor): T;
  defineProperties<T>(object: T, descriptors: Record<string, PropertyDescriptor>): T;
  entries<T>(object: { [key: string]: T } | ArrayLike<T>): [string, T][];
  entries(object: {}): [string, any][];
  fromEntries<T>(entries: readonly (readonly [PropertyKey, T])[]): { [key: string]: T };
  getOwnPropertyDescriptor(object: any, key: PropertyKey): PropertyDescriptor | undefined;
  getOwnPropertyNames(object: any): string[];
  getPrototypeOf(object: any): any;
  /** In insertion order, whole-number keys too. */
  keys(object: {}): string[];
  setPrototypeOf<T>(object: T, prototype: object | null): T;
  values<T>(object: { [key: string]: T } | ArrayLike<T>): T[];
  values(object: {}): any[];
}
declare var Object: ObjectConstructor;

interface Function {
  readonly prototype: any;
  /** Number of parameters. */
  readonly length: number;
  apply(thisArg: any, args?: any): any;
  call(thisArg: any, ...args: any[]): any;
  bind(thisArg: any, ...args: any[]): any;
}

interface CallableFunction extends Function {
  apply<T, R>(this: (this: T) => R, thisArg: T): R;
  apply<T, A extends any[], R>(this: (this: T, ...args: A) => R, thisArg: T, args: A): R;
  call<T, A extends any[], R>(this: (this: T, ...args: A) => R, thisArg: T, ...args: A): R;
  bind<T>(this: T, thisArg: ThisParameterType<T>): OmitThisParameter<T>;
  bind<T, A extends any[], B extends any[], R>(
    this: (this: T, ...args: [...A, ...B]) => R,
    thisArg: T,
    ...args: A
  ): (...args: B) => R;
}

interface NewableFunction extends Function {
  call<T, A extends any[]>(this: new (...args: A) => T, thisArg: T, ...args: A): void;
}

interface IArguments {
  [index: number]: any;
  readonly length: number;
}

interface Boolean {
  valueOf(): boolean;
}
interface BooleanConstructor {
  <T>(value?: T): boolean;
}
declare var Boolean: BooleanConstructor;

interface Number {
  toString(radix?: number): string;
  /**
   * Rounds unlike other JavaScript engines, and cuts off where `digits` is 0: `(1.5).toFixed(0)` is "1".
   * Scale to a whole number and format that where the last digit matters.
   */
  toFixed(digits?: number): string;
  valueOf(): number;
}
interface NumberConstructor {
  (value?: any): number;
  readonly MAX_VALUE: number;
  readonly MIN_VALUE: number;
  readonly NaN: number;
  readonly NEGATIVE_INFINITY: number;
  readonly POSITIVE_INFINITY: number;
}
/** `Number(" 5 ")` is NaN on Espruino: trim first. */
declare var Number: NumberConstructor;

declare var NaN: number;
declare var Infinity: number;
declare function parseInt(text: string, radix?: number): number;
declare function parseFloat(text: string): number;
declare function isNaN(value: any): boolean;
declare function isFinite(value: any): boolean;
declare function btoa(bytes: string): string;
declare function atob(base64: string): string;
/** Right for bytes below 0x80 only. */
declare function encodeURIComponent(text: string): string;
declare function decodeURIComponent(text: string): string;

/** One byte per character on the ESP32: characters above "\xFF" cannot be held. */
interface String {
  readonly length: number;
  readonly [index: number]: string;
  charAt(index: number): string;
  /** NaN beyond the end. `text[i]` is faster where the code is not needed. */
  charCodeAt(index: number): number;
  concat(...parts: any[]): string;
  endsWith(part: string, length?: number): boolean;
  /** As `indexOf`. `/part/.test(text)` has not its flaw. */
  includes(part: string, from?: number): boolean;
  /** Also finds a part of which only the beginning is there, at the end: `"ACTIVE".indexOf("ERROR")` is 5 on Espruino. */
  indexOf(part: string, from?: number): number;
  lastIndexOf(part: string, from?: number): number;
  match(pattern: RegExp): RegExpMatchArray | null;
  padEnd(length: number, fill?: string): string;
  padStart(length: number, fill?: string): string;
  repeat(count: number): string;
  /** Finds a text as `indexOf` does. */
  replace(pattern: string, replacement: string): string;
  /** Of `$` only `$1` to `$9` mean something. */
  replace(pattern: RegExp, replacement: string | ((match: string, ...groups: any[]) => string)): string;
  /** Not for texts: with one of which only the beginning is there, at the end, Espruino never comes back. */
  replaceAll(pattern: RegExp, replacement: string | ((match: string, ...groups: any[]) => string)): string;
  slice(start?: number, end?: number): string;
  /** Espruino ignores a limit and leaves out captured groups. */
  split(separator: string | RegExp): string[];
  startsWith(part: string, from?: number): boolean;
  substr(start: number, length?: number): string;
  substring(start: number, end?: number): string;
  toLowerCase(): string;
  toUpperCase(): string;
  toString(): string;
  trim(): string;
  valueOf(): string;
  [Symbol.iterator](): IterableIterator<string>;
}
interface StringConstructor {
  (value?: any): string;
  /** Takes many codes at once (fast); keeps the low byte of each. */
  fromCharCode(...codes: number[]): string;
}
declare var String: StringConstructor;

interface RegExpMatchArray extends Array<string> {
  index?: number;
  input?: string;
}
interface RegExpExecArray extends Array<string> {
  index: number;
  input: string;
}
/** Groups, alternation, classes, `* + ?` and the flags g and i; no lazy or counted repeats, look-around or `\b`. */
interface RegExp {
  lastIndex: number;
  exec(text: string): RegExpExecArray | null;
  test(text: string): boolean;
}
interface RegExpConstructor {
  new (pattern: string, flags?: string): RegExp;
}
declare var RegExp: RegExpConstructor;

interface ArrayLike<T> {
  readonly length: number;
  readonly [n: number]: T;
}
interface ConcatArray<T> {
  readonly length: number;
  readonly [n: number]: T;
  join(separator?: string): string;
  slice(start?: number, end?: number): T[];
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [n: number]: T;
  concat(...items: (T | ConcatArray<T>)[]): T[];
  every(predicate: (value: T, index: number, array: readonly T[]) => unknown): boolean;
  filter<S extends T>(predicate: (value: T, index: number, array: readonly T[]) => value is S): S[];
  filter(predicate: (value: T, index: number, array: readonly T[]) => unknown): T[];
  find<S extends T>(predicate: (value: T, index: number, array: readonly T[]) => value is S): S | undefined;
  find(predicate: (value: T, index: number, array: readonly T[]) => unknown): T | undefined;
  findIndex(predicate: (value: T, index: number, array: readonly T[]) => unknown): number;
  forEach(callback: (value: T, index: number, array: readonly T[]) => void): void;
  includes(item: T, from?: number): boolean;
  indexOf(item: T, from?: number): number;
  join(separator?: string): string;
  map<U>(callback: (value: T, index: number, array: readonly T[]) => U): U[];
  reduce(callback: (sum: T, value: T, index: number, array: readonly T[]) => T): T;
  reduce<U>(callback: (sum: U, value: T, index: number, array: readonly T[]) => U, initial: U): U;
  slice(start?: number, end?: number): T[];
  some(predicate: (value: T, index: number, array: readonly T[]) => unknown): boolean;
  toString(): string;
  [Symbol.iterator](): IterableIterator<T>;
}
interface Array<T> {
  /** Cannot be assigned on Espruino: `splice(n)` shortens an array. */
  readonly length: number;
  [n: number]: T;
  concat(...items: (T | ConcatArray<T>)[]): T[];
  every(predicate: (value: T, index: number, array: T[]) => unknown): boolean;
  fill(value: T, start?: number, end?: number): this;
  filter<S extends T>(predicate: (value: T, index: number, array: T[]) => value is S): S[];
  filter(predicate: (value: T, index: number, array: T[]) => unknown): T[];
  find<S extends T>(predicate: (value: T, index: number, array: T[]) => value is S): S | undefined;
  find(predicate: (value: T, index: number, array: T[]) => unknown): T | undefined;
  findIndex(predicate: (value: T, index: number, array: T[]) => unknown): number;
  forEach(callback: (value: T, index: number, array: T[]) => void): void;
  includes(item: T, from?: number): boolean;
  indexOf(item: T, from?: number): number;
  join(separator?: string): string;
  map<U>(callback: (value: T, index: number, array: T[]) => U): U[];
  pop(): T | undefined;
  push(...items: T[]): number;
  reduce(callback: (sum: T, value: T, index: number, array: T[]) => T): T;
  reduce<U>(callback: (sum: U, value: T, index: number, array: T[]) => U, initial: U): U;
  reverse(): T[];
  shift(): T | undefined;
  slice(start?: number, end?: number): T[];
  some(predicate: (value: T, index: number, array: T[]) => unknown): boolean;
  /** Not stable on Espruino: equal items may change places. */
  sort(compare?: (a: T, b: T) => number): this;
  splice(start: number, deleteCount?: number, ...items: T[]): T[];
  toString(): string;
  unshift(...items: T[]): number;
  [Symbol.iterator](): IterableIterator<T>;
}
interface ArrayConstructor {
  /** Holes are skipped by `map` and `forEach`: `fill` first. */
  new <T = any>(length: number): T[];
  new <T>(...items: T[]): T[];
  isArray(value: any): value is any[];
}
declare var Array: ArrayConstructor;

interface Math {
  readonly E: number;
  readonly LN2: number;
  readonly LN10: number;
  readonly LOG2E: number;
  readonly LOG10E: number;
  readonly PI: number;
  readonly SQRT1_2: number;
  readonly SQRT2: number;
  abs(x: number): number;
  acos(x: number): number;
  asin(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  ceil(x: number): number;
  /** `x` limited to min..max (Espruino's own). */
  clip(x: number, min: number, max: number): number;
  cos(x: number): number;
  exp(x: number): number;
  floor(x: number): number;
  log(x: number): number;
  max(...values: number[]): number;
  min(...values: number[]): number;
  pow(base: number, exponent: number): number;
  random(): number;
  /** Halves go away from zero: `Math.round(-1.5)` is -2. */
  round(x: number): number;
  sin(x: number): number;
  sqrt(x: number): number;
  tan(x: number): number;
  /** `x` wrapped into 0..max (Espruino's own). */
  wrap(x: number, max: number): number;
}
declare var Math: Math;

interface JSON {
  /** Espruino ignores a replacer; everything beyond ASCII becomes `\u00XX`; typed arrays become `[...]`. */
  stringify(value: any, replacer?: null, space?: string | number): string;
  /** Espruino ignores a reviver and whatever follows the first value. */
  parse(text: string): any;
}
declare var JSON: JSON;

interface Date {
  getDate(): number;
  getDay(): number;
  getFullYear(): number;
  getHours(): number;
  getMilliseconds(): number;
  getMinutes(): number;
  getMonth(): number;
  getSeconds(): number;
  getTime(): number;
  getTimezoneOffset(): number;
  getUTCDate(): number;
  getUTCDay(): number;
  getUTCFullYear(): number;
  getUTCHours(): number;
  getUTCMilliseconds(): number;
  getUTCMinutes(): number;
  getUTCMonth(): number;
  getUTCSeconds(): number;
  setDate(date: number): number;
  setFullYear(year: number, month?: number, date?: number): number;
  setHours(hours: number, minutes?: number, seconds?: number, ms?: number): number;
  setMilliseconds(ms: number): number;
  setMinutes(minutes: number, seconds?: number, ms?: number): number;
  setMonth(month: number, date?: number): number;
  setSeconds(seconds: number, ms?: number): number;
  setTime(ms: number): number;
  toISOString(): string;
  toJSON(): string;
  toString(): string;
  toUTCString(): string;
  valueOf(): number;
}
interface DateConstructor {
  new (): Date;
  /** A text that is no date gives the year 1970, not an invalid date. */
  new (value: number | string): Date;
  new (year: number, month: number, date?: number, hours?: number, minutes?: number, s?: number, ms?: number): Date;
  now(): number;
  parse(text: string): number;
}
declare var Date: DateConstructor;

/** `name` is undefined on Espruino, a TypeError is no `instanceof Error`, and `class X extends Error` does not work. */
interface Error {
  message: string;
  readonly stack?: string;
  toString(): string;
}
interface ErrorConstructor {
  new (message?: string): Error;
  (message?: string): Error;
}
declare var Error: ErrorConstructor;
declare var SyntaxError: ErrorConstructor;
declare var TypeError: ErrorConstructor;
declare var ReferenceError: ErrorConstructor;
declare var InternalError: ErrorConstructor;

interface PromiseLike<T> {
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B>;
}
/** No `finally`. Always attach a `catch`: two rejections nobody handles in one turn mix up their reasons. */
interface Promise<T> {
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B>;
  catch<B = never>(rejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<T | B>;
}
interface PromiseConstructor {
  readonly prototype: Promise<any>;
  new <T>(executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: any) => void) => void): Promise<T>;
  all<T extends readonly unknown[] | []>(values: T): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }>;
  reject<T = never>(reason?: any): Promise<T>;
  resolve(): Promise<void>;
  resolve<T>(value: T | PromiseLike<T>): Promise<Awaited<T>>;
}
declare var Promise: PromiseConstructor;
