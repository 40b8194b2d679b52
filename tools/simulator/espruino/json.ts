/** `JSON` as the interpreter writes and reads it: its own numbers, one byte a character, and nothing after the end is an error. */
import { formatNumber, parseDecimal } from "./numbers.ts";
import type { Intrinsics } from "./realm.ts";

const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
/** Marks numbers that V8 would write differently; no text of one byte a character holds it. */
const MARK = "\uffff";

export function jsonOf(stringify: typeof JSON.stringify) {
  return (value: unknown, _replacer: unknown, space: string | number): string => {
    let text = stringify(value, null, space) ?? "null";
    if (/\d\.\d|\de[+-]?\d|\d{16}/.test(text)) {
      const own = (_key: string, item: unknown): unknown =>
        typeof item === "number" && Number.isFinite(item) && !Number.isSafeInteger(item)
          ? MARK + formatNumber(item) + MARK
          : item;
      text = (stringify(value, own, space) ?? "null").replace(/"\uffff([^\uffff]*)\uffff"/g, "$1");
    }
    return text.replace(/[\x7f-\uffff]/g, escaped);
  };
}

export function parseJson(parse: typeof JSON.parse, world: Intrinsics) {
  // numbers with a point or an exponent are read as the interpreter reads them
  const exact = (all: string): string => {
    if (all[0] === '"' || !/[.eE]/.test(all)) return all;
    const value = parseDecimal(all.replace(/^-/, ""));
    return value === undefined ? all : `${all[0] === "-" ? "-" : ""}${value}`;
  };
  return (given: unknown): unknown => {
    const text = /\d[.eE]/.test(String(given))
      ? String(given).replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, exact)
      : given;
    try {
      return parse(text as string);
    } catch (error) {
      const end = firstValueEnd(String(text));
      if (end === undefined) throw error;
      try {
        return parse(String(text).slice(0, end));
      } catch {
        throw error instanceof world.SyntaxError ? error : new world.SyntaxError(String(error));
      }
    }
  };
}

/** Where the first value of a text ends, by its brackets and quotes. */
function firstValueEnd(text: string): number | undefined {
  const start = text.search(/\S/);
  if (start < 0) return undefined;
  if (!/["[{]/.test(text[start]!)) return start + (/^[^\s,\]}]+/.exec(text.slice(start))?.[0].length ?? 0);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const c = text[at]!;
    if (c === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    } else if (/[[{]/.test(c)) depth++;
    else if (/[\]}]/.test(c)) depth--;
    if (depth === 0) return at + 1;
  }
  return undefined;
}
