/** The kinds of work that the model of CPU time tells apart. */

/** Counted in the text, stretch by stretch. */
const SYNTAX = [
  "character", "skipped", "name", "passed", "builtin", "literal", "operator", "assignment", "member", "length", "index", "call",
  "argument", "make", "function", "captured", "entered", "scope", "parameter", "object", "property", "element", "statement", "declaration", "round",
  "branch", "entry", "template",
] as const; // prettier-ignore

/** Counted while the program runs: what natives and `+` go through, byte by byte or item by item. */
const SIZES = [
  "text",
  "chars",
  "items",
  "visited",
  "sorted",
  "summed",
  "hashed",
  "copied",
  "converted",
  "set",
  "filled",
  "json",
] as const;
type Size = (typeof SIZES)[number];

export interface Native {
  /** Natives that share their costs. */
  readonly kind: Kind;
  /** What its time grows with, and where that is. */
  readonly size?: Size;
  readonly of?: "receiver" | "argument" | "result";
}

const listed = [
  ["items", "receiver", "shift unshift splice concat slice indexOf includes join reverse"],
  ["filled", "receiver", "fill"],
  ["visited", "receiver", "map filter forEach some every reduce find findIndex"],
  ["sorted", "receiver", "sort"],
  ["chars", "receiver", "split trim replace toUpperCase toLowerCase startsWith endsWith"],
  ["chars", "result", "substr substring repeat padStart padEnd keys"],
  ["summed", "argument", "sum variance convolve"],
  ["hashed", "argument", "CRC32"],
  ["copied", "argument", "toString toUint8Array write print log"],
  ["set", "argument", "set"],
  [
    "converted",
    "argument",
    "Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array",
  ],
  ["json", "result", "stringify"],
  ["json", "argument", "parse"],
] as const;

const plain =
  "push pop charAt charCodeAt fromCharCode toFixed parseInt parseFloat floor round min max abs pow ceil sqrt log2 isNaN subarray " +
  "bind call apply test exec match read hwRand peek32 getTime setTimeout clearTimeout setInterval clearInterval digitalWrite digitalRead " +
  "analogRead writeTo readFrom setup DataView getInt16 getUint16 getUint32 getFloat32 getUint8 getInt8 getInt32";

function kindOf(name: string): Kind {
  return /\dArray$/.test(name) ? "Uint8Array()" : /^get\w+\d$/.test(name) ? "getInt16()" : `${name}()`;
}

/** Natives by their names: nearly each has a cost of its own. */
export const NATIVES: ReadonlyMap<string, Native> = new Map<string, Native>([
  ...plain.split(" ").map((name): [string, Native] => [name, { kind: kindOf(name) }]),
  ...listed.flatMap(([size, of, names]) =>
    names.split(" ").map((name): [string, Native] => [name, { kind: kindOf(name), size, of }]),
  ),
]);

export type Kind = (typeof SYNTAX)[number] | Size | `${string}()`;
export const KINDS: readonly Kind[] = [...SYNTAX, ...SIZES, ...new Set([...NATIVES.values()].map(({ kind }) => kind))];

/** How much of its kind a value is. */
export function sizeOf(size: Size, value: unknown): number {
  const length = typeof value === "string" ? value.length : (value as { length?: unknown } | null | undefined)?.length;
  if (typeof length !== "number") return 0;
  return size === "sorted" ? length * Math.log2(length + 1) : length;
}
