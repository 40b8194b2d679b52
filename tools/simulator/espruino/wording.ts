/** What the interpreter says where V8 words its errors differently, and of which class they are there. */
import type { Intrinsics } from "./realm.ts";

type Kind = "Error" | "TypeError" | "ReferenceError";
type Rule = readonly [pattern: RegExp, kind: Kind, message: (...found: string[]) => string];

const property = (name: string, of: string): string =>
  /^\d+$/.test(name)
    ? `Field or method "${name}" does not already exist, and can't create it on ${of}`
    : `Can't read property '${name}' of ${of}`;

const rules: readonly Rule[] = [
  [
    /^Cannot (?:read|set) properties of (\w+) \((?:reading|setting) '(.*)'\)$/,
    "Error",
    (of, name) => property(name!, of!),
  ],
  [/^(?:.*\.)?([\w$]+) is not a function$/, "Error", (name) => `Function "${name}" not found!`],
  [/is not a constructor$/, "Error", () => "Constructor should be a function, but is undefined"],
  [/^Assignment to constant variable/, "TypeError", () => "Assignment to a constant"],
  [/^Reduce of empty array/, "Error", () => "Used on empty array with no initial value"],
  [/^([\w$]+) is not defined$/, "ReferenceError", (name) => `"${name}" is not defined`],
];

/** The error as the interpreter would have thrown it; anything that a script threw itself stays as it is. */
export function reworded(error: unknown, realm: Intrinsics): unknown {
  if (!(error instanceof realm.TypeError || error instanceof realm.ReferenceError)) return error;
  const { message } = error;
  for (const [pattern, kind, text] of rules) {
    const found = pattern.exec(message);
    if (!found) continue;
    const made = new realm[kind](text(...found.slice(1)));
    made.stack = (error as Error).stack!;
    return made;
  }
  return error;
}
