/**
 * Out of memory in the fast engine: a single text, buffer or list that the chip's variables cannot hold. What is metered
 * is each value as it is made, by its size; not the sum of what is alive, which only the interpreter knows.
 */
import type { Callback } from "./machine.ts";
import { define } from "./quirks.ts";
import type { Intrinsics } from "./realm.ts";

export interface HeapLimit {
  readonly jsVars: number;
  /** Ends the device: it does not return. */
  full(what: string): never;
}

/** Bytes of text in a variable that continues another, of a buffer in one of the row that it takes, and the least for an item. */
const TEXT_BYTES = 10;
const BUFFER_BYTES = 14;

/** Of a typed array or ArrayBuffer, before it is made. */
export function checkBuffer(limit: HeapLimit | undefined, bytes: number): void {
  if (limit && bytes > limit.jsVars * BUFFER_BYTES) limit.full(`a buffer of ${bytes} bytes`);
}

/** Watches the built-ins of `world` that make large values; returns what looks at a text that operators made. */
export function limitHeap(world: Intrinsics, { jsVars, full }: HeapLimit): <T>(made: T) => T {
  const longest = jsVars * TEXT_BYTES;
  const look = <T>(made: T): T => {
    if (typeof made === "string" && made.length > longest) full(`a text of ${made.length} bytes`);
    return made;
  };
  const before = (holder: object, name: string, size: (self: string, args: unknown[]) => number): void => {
    const native = (holder as Record<string, Callback>)[name]!;
    define(holder, name, function (this: string, ...args: unknown[]) {
      const bytes = size(this, args);
      if (bytes > longest) full(`a text of ${bytes} bytes`);
      return native.apply(this, args);
    });
  };
  const text = world.String.prototype;
  before(text, "repeat", (self, [count]) => self.length * Number(count));
  before(text, "padStart", (_, [length]) => Number(length));
  before(text, "padEnd", (_, [length]) => Number(length));
  const list = world.Array.prototype;
  const { push, join } = list as unknown as Record<"push" | "join", Callback>;
  define(list, "push", function (this: unknown[], ...items: unknown[]) {
    if (this.length + items.length > jsVars) full(`a list of ${this.length + items.length} items`);
    return push.apply(this, items);
  });
  define(list, "join", function (this: unknown[], by: unknown) { return look(join.call(this, by)); }); // prettier-ignore
  return look;
}
