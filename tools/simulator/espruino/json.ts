/** `JSON.stringify` as the interpreter writes: its own numbers, one byte a character, properties in the order in which they were given. */
import { inOrder } from "./key-order.ts";
import { formatNumber } from "./numbers.ts";

const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
/** Marks numbers that V8 would write differently; no text of one byte a character holds it. */
const MARK = "\uffff";

export function jsonOf(stringify: typeof JSON.stringify) {
  return (value: unknown, _replacer: unknown, space: string | number): string => {
    let text = stringify(value, null, space) ?? "null";
    if (/\d\.\d|\de[+-]?\d|\d{16}|"\d{1,10}":/.test(text)) {
      const own = (_key: string, item: unknown): unknown =>
        typeof item === "number" && Number.isFinite(item) && !Number.isSafeInteger(item)
          ? MARK + formatNumber(item) + MARK
          : inOrder(item);
      text = (stringify(value, own, space) ?? "null").replace(/"\uffff([^\uffff]*)\uffff"/g, "$1");
    }
    return text.replace(/[\x7f-\uffff]/g, escaped);
  };
}
