/**
 * Out of memory in the fast engine: a text or buffer that the chip's variables cannot hold, or a list or object that cannot be held with
 * all that hangs on it. Each is looked at as it is made or grows; the sum of all that is alive only the interpreter knows.
 */
import { leastJsVars } from "./least-size.ts";
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

/** What has grown by so many is looked through. */
const STEP = 256;

export interface HeapWatch {
  /** At a text that operators made. */
  look<T>(made: T): T;
  /** Before `of[name]` is set. */
  grows(of: unknown, name: unknown): void;
}

/** Watches the built-ins of `world` that make large values; the rest is what rewritten scripts must ask. */
export function limitHeap(world: Intrinsics, { jsVars, full }: HeapLimit): HeapWatch {
  const longest = jsVars * TEXT_BYTES;
  const look = <T>(made: T): T => {
    if (typeof made === "string" && made.length > longest) full(`a text of ${made.length} bytes`);
    return made;
  };
  const sum = (of: object, kind: string): void => {
    const least = leastJsVars(of, jsVars + 1);
    if (least > jsVars) full(`a ${kind} with what it holds, ${least} JsVars at least,`);
  };
  const names = new WeakMap<object, number>();
  const grows = (of: unknown, name: unknown): void => {
    if (typeof of !== "object" || of === null || ArrayBuffer.isView(of)) return;
    if (Array.isArray(of)) {
      if (typeof name === "number" && name >= of.length && name && name % STEP === 0) sum(of, "list");
    } else if (!Object.hasOwn(of, name as string)) {
      const count = (names.get(of) ?? 0) + 1;
      names.set(of, count);
      if (count % STEP === 0) sum(of, "object");
    }
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
    if (this.length && this.length % STEP === 0) sum(this, "list");
    return push.apply(this, items);
  });
  define(list, "join", function (this: unknown[], by: unknown) { return look(join.call(this, by)); }); // prettier-ignore
  return { look, grows };
}
