/**
 * The order of properties: the interpreter keeps the one in which they were given, where V8 puts names that read as whole numbers
 * first. Objects in which that makes a difference are remembered, and looked at through a proxy that tells the order.
 */

/** Names as they were when a whole number came last; what came later are words, whose order V8 keeps. */
const orders = new WeakMap<object, string[]>();

const INDEX = /^(0|[1-9]\d{0,9})$/;

const isPlain = (of: unknown): of is Record<string, unknown> =>
  typeof of === "object" && of !== null && !Array.isArray(of) && !ArrayBuffer.isView(of);

/** To be called before `of[name]` may be set; returns the name. */
export function keepOrder(of: unknown, name: unknown): unknown {
  if (typeof name === "number" ? name >= 0 : typeof name === "string" && INDEX.test(name))
    if (isPlain(of) && !Object.hasOwn(of, name as string)) orders.set(of, [...namesOf(of), String(name)]);
  return name;
}

/** `of[name] = value`, its order kept. */
export function assign<T>(of: object, name: unknown, value: T): T {
  return ((of as Record<string, unknown>)[keepOrder(of, name) as string] = value);
}

/** The value as the interpreter would go through it. */
export function inOrder<T>(of: T): T {
  if (!isPlain(of) || !orders.has(of)) return of;
  return new Proxy(of, { ownKeys: () => [...namesOf(of), ...Object.getOwnPropertySymbols(of)] });
}

function namesOf(of: object): string[] {
  const names = Object.getOwnPropertyNames(of);
  const order = orders.get(of);
  if (!order) return names;
  const known = new Set(order);
  return [...order.filter((name) => Object.hasOwn(of, name)), ...names.filter((name) => !known.has(name))];
}
