/**
 * The least number of JsVars that a value takes with all that hangs on it, as measured on an interpreter with the chip's variables: an
 * item or a property is one, and one more unless it is a small whole number. What closures hold is not seen, and equal texts count once,
 * because they may be one: a sum above the chip's memory is certain, one below it proves nothing.
 */

/** Beyond this a whole number takes a variable of its own. */
const PACKED = 40_000;
const TEXT_START = 10;
const TEXT_MORE = 11;
const BUFFER_BYTES = 14;

/** @param enough stops there */
export function leastJsVars(root: object, enough: number): number {
  const seen = new Set<unknown>([root]);
  const waiting: object[] = [root];
  let sum = 1;
  const take = (value: unknown): void => {
    sum++;
    if (value === undefined || typeof value === "boolean") return;
    if (typeof value === "number") {
      if (!Number.isInteger(value) || Math.abs(value) > PACKED) sum++;
    } else if (value === null) sum++;
    else if (!seen.has(value)) {
      seen.add(value);
      sum++;
      if (typeof value === "string") sum += Math.ceil(Math.max(0, value.length - TEXT_START) / TEXT_MORE);
      else if (typeof value === "object") waiting.push(value);
    }
  };
  for (let of = waiting.pop(); of && sum < enough; of = waiting.pop()) {
    if (Array.isArray(of)) for (let i = 0; i < of.length && sum < enough; i++) take(of[i]);
    else if (ArrayBuffer.isView(of)) take(of.buffer);
    else if (Object.prototype.toString.call(of) === "[object ArrayBuffer]")
      sum += Math.floor((of as ArrayBuffer).byteLength / BUFFER_BYTES);
    else
      for (const { value, enumerable } of Object.values(Object.getOwnPropertyDescriptors(of)))
        if (enumerable) take(value);
  }
  return sum;
}
