/** The methods of strings where Espruino's are not V8's. */
import type { Callback } from "./machine.ts";
import { formatNumber } from "./numbers.ts";
import { define } from "./quirks.ts";
import type { Intrinsics } from "./realm.ts";

/** @param text every conversion to text */
export function adaptStrings(world: Intrinsics, text: (value: unknown) => string): void {
  const methods = world.String.prototype as unknown as Record<string, Callback>;
  const { split, concat, replace, replaceAll, match, startsWith, endsWith } = methods as Record<string, Callback> &
    Record<"split", Callback>;
  // what groups have matched is left out
  define(methods, "split", function (this: string, by: unknown) {
    // a text that is shorter than what parts it has no parts
    if (!isPattern(by))
      return text(by).length > this.length + 1 && by !== undefined ? new world.Array() : split.call(this, by);
    const { source, flags } = by;
    if (new RegExp(source, flags).test(""))
      throw new world.Error("Espruino does not come back from parting text where nothing is");
    return split.call(this, source.includes("(") ? new RegExp(source.replace(/\((?!\?)/g, "(?:"), flags) : by);
  });
  define(methods, "indexOf", function (this: string, part: unknown, from: unknown) { return find(this, text(part), from); }); // prettier-ignore
  define(methods, "includes", function (this: string, part: unknown, from: unknown) { return find(this, text(part), from) >= 0; }); // prettier-ignore
  define(methods, "startsWith", function (this: string, part: unknown, from = 0) {
    const start = Math.trunc(Number(from)) || 0;
    return (
      start >= 0 && (startsWith!.call(this, text(part), start) as boolean) && start + text(part).length <= this.length
    );
  });
  define(methods, "endsWith", function (this: string, part: unknown, length: unknown) {
    const end = typeof length === "number" ? Math.trunc(length) || 0 : this.length;
    return end >= text(part).length && end <= this.length && (endsWith!.call(this, text(part), end) as boolean);
  });
  define(methods, "match", function (this: string, by: unknown) {
    // with the flag g there is a list, if only an empty one
    if (isPattern(by)) return match!.call(this, by) ?? (by.flags.includes("g") ? new world.Array() : null);
    const part = text(by);
    const index = find(this, part);
    return index < 0 ? null : Object.assign(new world.Array(part), { index, input: part });
  });
  define(methods, "replace", function (this: string, by: unknown, to: unknown) {
    if (isPattern(by)) return replace!.call(this, by, typeof to === "function" ? to : filler(text(to)));
    const part = text(by);
    const at = find(this, part);
    return at < 0 ? `${this}` : this.slice(0, at) + text(to) + this.slice(at + part.length);
  });
  define(methods, "replaceAll", function (this: string, by: unknown, to: unknown) {
    if (isPattern(by))
      return replaceAll!.call(
        this,
        new RegExp(by.source, by.flags.includes("g") ? by.flags : `${by.flags}g`),
        typeof to === "function" ? to : filler(text(to)),
      );
    const part = text(by);
    let whole = `${this}`;
    for (let at = find(whole, part); at >= 0; at = find(whole, part, at + text(to).length))
      whole = whole.slice(0, at) + text(to) + whole.slice(at + part.length);
    return whole;
  });
  const ascii = (name: string, pattern: RegExp): void => {
    const native = methods[name]!;
    define(methods, name, function (this: string) {
      return String(this).replace(pattern, (letters) => native.call(letters) as string);
    });
  };
  ascii("toUpperCase", /[a-z]+/g);
  ascii("toLowerCase", /[A-Z]+/g);
  define(methods, "concat", function (this: string, ...parts: readonly unknown[]) {
    return concat!.apply(
      this,
      parts.map((part) => (typeof part === "number" ? formatNumber(part) : part)),
    );
  });
}

const isPattern = (value: unknown): value is RegExp => typeof value === "object" && value !== null;

/**
 * Where `part` begins in `whole`, -1 = nowhere. Espruino compares until either of the two ends, so it also finds a text
 * of which only the beginning is there, at the end of `whole`; and it finds nothing behind the last character.
 */
function find(whole: string, part: string, from?: unknown): number {
  const last = whole.length - part.length;
  if (last < 0) return -1;
  const start = typeof from === "number" ? Math.min(Math.max(Math.trunc(from) || 0, 0), last + 1) : 0;
  const at = whole.indexOf(part, start);
  if (at >= 0) return at < whole.length ? at : -1;
  for (let i = Math.max(start, last + 1); i < whole.length; i++) if (part.startsWith(whole.slice(i))) return i;
  return -1;
}

/** `$1` to `$9` stand for what groups have matched, where there is one; everything else for itself. */
const filler =
  (to: string) =>
  (...matched: unknown[]): string =>
    to.replace(/\$([^]?)/g, (whole, next: string) => {
      const group = /[1-9]/.test(next) ? matched.slice(0, -2)[Number(next)] : undefined;
      return typeof group === "string" ? group : next ? whole : "$\0";
    });
