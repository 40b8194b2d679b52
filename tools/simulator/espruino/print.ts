/** How the interpreter writes values: `console.log` for people, and the shorter text of `E.toJS` and `writeJSON`. */
import { inOrder } from "./key-order.ts";
import { formatNumber } from "./numbers.ts";

const escapes: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\\": "\\\\",
  '"': '\\"',
};

function quote(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]|["\\]/g, (c) => escapes[c] ?? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`)}"`;
}

const nameOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);
const isError = (value: object): boolean => nameOf(value) === "Error";
const ownText = (value: object): string | undefined => {
  const method = (value as { toString?: unknown }).toString;
  return typeof method === "function" &&
    Object.hasOwn(Object.getPrototypeOf(value) as object, "toString") &&
    isNative(value)
    ? String(value)
    : undefined;
};
/** Pins, dates and errors print as their text. */
const isNative = (value: object): boolean =>
  isError(value) || value instanceof Date || nameOf(value) === "Date" || "getInfo" in value;

function needsNewLine(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !ArrayBuffer.isView(value) &&
    ownText(value) === undefined &&
    Object.keys(value).length > 0 &&
    !isFlat(value)
  );
}

const isFlat = (value: object): boolean =>
  Array.isArray(value) &&
  value.length <= 8 &&
  value.every((item) => typeof item !== "object" && typeof item !== "string");

function pretty(value: unknown, indent: string): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "function") return Function.prototype.toString.call(value);
  if (typeof value === "number") return formatNumber(value);
  if (typeof value !== "object" || value === null) return String(value);
  const text = ownText(value);
  if (text !== undefined) return isError(value) ? `Error: ${text}` : text;
  if (ArrayBuffer.isView(value)) {
    const items = [...(value as Uint8Array)];
    return items.every((item) => item === 0)
      ? `new ${nameOf(value)}(${items.length})`
      : `new ${nameOf(value)}([${items.map(formatNumber).join(", ")}])`;
  }
  if (nameOf(value) === "ArrayBuffer")
    return `new Uint8Array([${new Uint8Array(value as ArrayBuffer).join(", ")}]).buffer`;
  const deeper = `${indent}  `;
  let out = "";
  let broken = false;
  const add = (piece: string, breaks: boolean): void => {
    if (out) out += ", ";
    if (broken || breaks) out += `\n${deeper}`;
    out += piece;
    broken = breaks;
  };
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) add(pretty(item, deeper), needsNewLine(item));
    return `[ ${out}${broken ? `\n${indent}` : ""} ]`;
  }
  const entries = Object.entries(inOrder(value));
  for (const [key, item] of entries)
    add(`${quote(key)}: ${pretty(item, deeper)}`, entries.length > 1 && (out !== "" || needsNewLine(item)));
  return `{ ${out}${broken ? `\n${indent}` : ""} }`;
}

/** One argument of `console.log`. */
export function toConsole(value: unknown): string {
  if (typeof value === "object" && value !== null && isError(value)) return String(value);
  return typeof value === "string" ? value : pretty(value, "");
}

/** `E.toJS`: as short as source code can be. */
export function toDeviceText(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "function") return Function.prototype.toString.call(value);
  if (typeof value === "number") return formatNumber(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (ArrayBuffer.isView(value) || Array.isArray(value))
    return `[${[...(value as unknown[])].map(toDeviceText).join()}]`;
  const text = ownText(value);
  if (text !== undefined) return text;
  const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) || /^\d+$/.test(name) ? name : quote(name));
  return `{${Object.entries(inOrder(value))
    .map(([name, item]) => `${key(name)}:${toDeviceText(item)}`)
    .join()}}`;
}
