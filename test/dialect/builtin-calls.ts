/** Random calls of built-in methods, as expressions: every kind of argument that a firmware may hand over. */
import fc from "fast-check";

const list = (of: fc.Arbitrary<string>, max: number): fc.Arbitrary<string> =>
  fc.array(of, { maxLength: max }).map((items) => `[${items.join()}]`);

// few letters, so that texts are often found in each other, whole or in part
const text = fc
  .string({ unit: fc.constantFrom("a", "b", "1", "-", " ", ".", "E", "\\n"), maxLength: 6 })
  .map((t) => `"${t}"`);
const small = fc.integer({ min: -3, max: 8 }).map(String);
const number = fc.oneof(
  small,
  fc.integer({ min: -70000, max: 70000 }).map(String),
  fc.integer({ min: -(2 ** 33), max: 2 ** 33 }).map(String),
  fc.integer({ min: -4000, max: 4000 }).map((n) => String(n / 8)),
  fc.constantFrom("NaN", "Infinity", "0.1", "1e21", "1e-7", "123456.789"),
);
const items = list(small, 5);
const texts = list(text, 4);
const pattern = fc.constantFrom(
  "/a/",
  "/b+/g",
  "/[ab]1/",
  "/(a)(b)?/",
  "/\\./g",
  "/^a|b$/",
  "/a*/",
  "/\\d+/g",
  "/ab|E/i",
);
const kind = fc.constantFrom("Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array", "Uint8ClampedArray"); // prettier-ignore
const typed = fc.tuple(kind, items).map(([name, values]) => `new ${name}(${values})`);
const value = fc.oneof(text, small, fc.constantFrom("true", "null"), items);

/** Texts that are JSON, nearly, or not at all. */
const json = fc
  .array(
    fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"1"',
      "'b'",
      "-",
      "7",
      "0x1f",
      "1.5",
      "true",
      "nul",
      " ",
      "/**/",
    ),
    { maxLength: 9 },
  ) // prettier-ignore
  .map((parts) => JSON.stringify(parts.join("")));

type Part = fc.Arbitrary<string>;
/** `METHOD(ARGUMENTS)` behind a receiver; the arguments from the one marked `?` on may be left out. */
const call = (on: Part, method: string, needed: readonly Part[], optional: readonly Part[] = []): Part =>
  fc
    .tuple(on, fc.tuple(...needed), fc.tuple(...optional), fc.nat({ max: optional.length }))
    .map(([receiver, first, rest, count]) => `(${receiver}).${method}(${[...first, ...rest.slice(0, count)].join()})`);
const named = (name: string, ...args: readonly Part[]): Part =>
  fc.tuple(...args).map((given) => `${name}(${given.join()})`);

const onTexts: readonly Part[] = [
  ...["indexOf", "lastIndexOf", "includes", "startsWith", "endsWith"].map((m) => call(text, m, [text], [small])),
  ...["slice", "substring", "substr"].map((m) => call(text, m, [small], [small])),
  ...["padStart", "padEnd"].map((m) => call(text, m, [small], [text])),
  ...["trim", "toUpperCase", "toLowerCase"].map((m) => call(text, m, [])),
  ...["charAt", "charCodeAt"].map((m) => call(text, m, [small])),
  call(text, "repeat", [fc.nat({ max: 4 }).map(String)]),
  // parting text where nothing is: Espruino does not come back
  call(text, "split", [
    fc.oneof(
      text,
      pattern.filter((p) => p !== "/a*/"),
    ),
  ]),
  call(text, "match", [pattern]),
  ...["replace"].map((m) => call(text, m, [fc.oneof(text, pattern), fc.constantFrom('"x"', '""', '"$1"', '"[$2]"', '"$&"')])), // prettier-ignore
  call(text, "replaceAll", [fc.constantFrom('"a"', '"."', "/b+/"), fc.constantFrom('"x"', '""', '"ab"')]),
  call(pattern, "exec", [text]),
  call(pattern, "test", [text]),
  fc.tuple(text, small).map(([t, i]) => `${t}[${i}]`),
  fc.tuple(text, text).map(([a, b]) => `[${a}<${b},${a}>=${b},${a}==${b},${a}+${b}]`),
];

const onLists: readonly Part[] = [
  ...["indexOf", "includes"].map((m) => call(fc.oneof(items, typed), m, [small], [small])),
  call(fc.oneof(items, typed), "slice", [], [small, small]),
  call(typed, "subarray", [], [small, small]),
  call(fc.oneof(items, typed, texts), "join", [], [text]),
  call(items, "concat", [value], [items]),
  call(fc.oneof(items, typed), "fill", [small], [small, small]),
  call(items, "reverse", []),
  call(items, "sort", [], [fc.constantFrom("function(a,b){return a-b}", "function(a,b){return b-a}")]),
  ...["map", "filter", "some", "every", "find", "findIndex"].map((m) =>
    call(fc.oneof(items, typed), m, [fc.constantFrom("function(v){return v>2}", "function(v,i){return v*i}")]),
  ),
  call(fc.oneof(items, typed), "reduce", [fc.constant("function(a,v){return a*2+v}")], [small]),
  fc.tuple(items, small, fc.nat({ max: 3 }).map(String), small).map(([l, at, n, v]) => `(function(l){var r=l.splice(${at},${n},${v});return [l,r]})(${l})`), // prettier-ignore
  fc.tuple(fc.oneof(items, texts), fc.constantFrom("push(7)", "pop()", "shift()", "unshift(7)")).map(([l, m]) => `(function(l){var r=l.${m};return [l,r,l.length]})(${l})`), // prettier-ignore
  fc.tuple(typed, items, fc.nat({ max: 3 }).map(String)).map(([t, l, at]) => `(function(t){t.set(${l},${at});return t})(${t})`), // prettier-ignore
  fc.tuple(kind, fc.array(number, { maxLength: 3 })).map(([name, values]) => `new ${name}([${values.join()}])`),
  fc.tuple(kind, fc.constantFrom("0", "4", "8"), fc.constantFrom("", ",0", ",1", ",2")).map(([name, at, length]) => `new ${name}(new Uint8Array([1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24]).buffer,${at}${length})`), // prettier-ignore
  // names that read as whole numbers would come first in V8, whenever they were given
  named("Object.keys", fc.tuple(text, small, fc.constantFrom('"b"', '"-1"', '""', '"1"', "0")).map(([a, v, b]) => `(function(o){o[${a}]=${v};o[${b}]=1;return o})({z:1})`)), // prettier-ignore
];

const onNumbers: readonly Part[] = [
  ...["abs", "ceil", "floor", "round"].map((m) => named(`Math.${m}`, number)),
  // the last bits of what is made of logarithms are those of a C library
  named("Math.sqrt", small),
  ...["min", "max"].map((m) => named(`Math.${m}`, number, number, number)),
  named("Math.pow", small, fc.constantFrom("2", "3", "0.5", "-1", "0", "9")),
  named("Math.clip", number, small, fc.constantFrom("5", "10")),
  call(number, "toFixed", [fc.nat({ max: 4 }).map(String)]),
  call(number, "toString", [], [fc.constantFrom("2", "16", "36")]),
  named(
    "parseInt",
    fc.oneof(
      text,
      number.map((n) => `"${n}"`),
    ),
    fc.constantFrom("10", "16", "2"),
  ),
  named(
    "parseFloat",
    fc.oneof(
      text,
      number.map((n) => `"${n}"`),
    ),
  ),
  named("Number", fc.oneof(text, value)),
  named("String", fc.oneof(number, value)),
  named("isNaN", fc.oneof(number, text)),
  fc.tuple(number, fc.constantFrom("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>", "<", ">=", "==", "==="), number).map(([a, op, b]) => `(${a})${op}(${b})`), // prettier-ignore
  fc.tuple(fc.constantFrom("~", "!", "-", "+"), number).map(([op, a]) => `${op}(${a})`),
];

const onData: readonly Part[] = [
  named(
    "JSON.stringify",
    fc.oneof(
      value,
      number,
      texts,
      fc.tuple(text, value).map(([a, v]) => `{a:${v},b:${a}}`),
    ),
  ),
  fc.tuple(fc.oneof(number, small), value).map(([a, b]) => `JSON.parse(JSON.stringify({a:${a},b:[${b}]}))`),
  named("JSON.parse", json),
  named("E.toString", fc.oneof(items, text, typed)),
  named("E.toUint8Array", fc.oneof(items, text, typed)),
  named("E.sum", typed),
  named("E.CRC32", text),
  named("btoa", text),
  named("atob", fc.constantFrom('"YWI="', '"YQ=="', '"YWIx"')),
  ...["Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "Float32"].map(
    (t) =>
    fc.tuple(small, fc.constantFrom("", ",true", ",false")).map(([at, end]) => `new DataView(new Uint8Array([1,130,3,4,255,6,7,8]).buffer).get${t}(${at}${end})`), // prettier-ignore
  ),
  fc.tuple(fc.integer({ min: 1, max: 4e9 })).map(([s]) => `[new Date(${s}000).toISOString(),new Date(${s}000).getDay()]`), // prettier-ignore
];

export const builtinCall: fc.Arbitrary<string> = fc.oneof(
  ...[onTexts, onLists, onNumbers, onData].map((group) => fc.oneof(...group)),
);
