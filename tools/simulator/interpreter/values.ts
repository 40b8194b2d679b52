/** Values on their way between the interpreter and the simulation's natives; the code is in prelude.ts. */
import type { World } from "../espruino/program.ts";

export type Handles = Map<string, object>;

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

export interface Codec {
  /** A value of the device as the simulation's natives take it. */
  decode(value: unknown): unknown;
  encode(value: unknown): unknown;
}

/** `functionOf` gives the host's twin of the device's function of that number, always the same one. */
export function codec({ realm, system }: World, handles: Handles, functionOf: (index: number) => unknown): Codec {
  const make = realm as unknown as Record<string, new (buffer: ArrayBuffer) => unknown>;
  const typed = (name: string, text: string): unknown => {
    const bytes = realm.bytes(latin1(text));
    return name === "Uint8Array"
      ? bytes
      : new (make[name] ?? (realm.global[name] as (typeof make)[string]))(bytes.buffer as ArrayBuffer);
  };

  function decode(value: unknown): unknown {
    if (value === null || value === undefined) return undefined;
    if (typeof value === "object") {
      const { o, t, b } = value as { o?: unknown; t?: string; b?: string };
      return t === undefined ? realm.JSON.parse(JSON.stringify(o)) : typed(t, b!);
    }
    if (typeof value !== "string") return value;
    const rest = value.slice(1);
    switch (value[0]) {
      case "s":
        return rest;
      case "d":
        return latin1(rest).readDoubleLE(0);
      case "b":
        return typed("Uint8Array", rest);
      case "f":
        return functionOf(Number(rest));
      case "h":
        return handles.get(rest);
      default:
        return system.globals[value];
    }
  }

  const pins = (system.globals["Pin"] as { prototype: object }).prototype;
  const isPin = (value: object): boolean => Object.getPrototypeOf(value) === pins;

  function encode(value: unknown): unknown {
    if (value === undefined || value === null) return null;
    if (typeof value === "boolean") return value;
    if (typeof value === "string") return `s${value}`;
    if (typeof value === "number") {
      if (Object.is(value | 0, value)) return value;
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value);
      return `d${bytes.toString("latin1")}`;
    }
    if (typeof value === "function") return null;
    if (ArrayBuffer.isView(value))
      return `b${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1")}`;
    if (isPin(value)) return String(value);
    if (Array.isArray(value)) return { o: value.map(encode) };
    return { o: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)])) };
  }

  return { decode, encode };
}
