/** Checks plain CBOR values against a CDDL file (RFC 8610), as far as telemetry.cddl uses it. */
import { parse } from "cddl";

interface Entry {
  readonly Occurrence: { readonly n: number; readonly m: number | null };
  readonly Type: unknown;
}
type Rule = Record<string, unknown> & { readonly Type: string; readonly Name: string };

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

const primitives: Readonly<Record<string, (value: unknown) => boolean>> = {
  int: isWhole,
  uint: (value) => isWhole(value) && value >= 0,
  bstr: (value) => value instanceof Uint8Array,
  null: (value) => value === null,
};

/** @returns whether a value is what the file's rule says */
export function cddl(file: string): (value: unknown, rule: string) => boolean {
  const rules = new Map(parse(file).map((rule) => [rule.Name, rule as unknown as Rule]));

  const ruleOf = (name: string): Rule => {
    const rule = rules.get(name);
    if (!rule) throw new Error(`${file}: no rule ${name}`);
    return rule;
  };

  const matches = (value: unknown, type: unknown): boolean => {
    if (typeof type === "string") {
      const primitive = primitives[type];
      if (!primitive) throw new Error(`${file}: this check does not know ${type}`);
      return primitive(value);
    }
    const node = type as Rule;
    if (node.Type === "literal") return value === node["Value"];
    if (node.Type === "range") {
      const { Min, Max } = node["Value"] as { Min: { Value: number }; Max: { Value: number } };
      return isWhole(value) && value >= Min.Value && value <= Max.Value;
    }
    if (node.Type === "array")
      return Array.isArray(value) && ends(value, 0, node["Values"] as Entry[]).has(value.length);
    if (node.Type === "variable") return asList(node["PropertyType"]).some((choice) => matches(value, choice));
    if (node.Type === "group" && node["Value"]) return matches(value, ruleOf(String(node["Value"])));
    throw new Error(`${file}: this check does not know ${JSON.stringify(type)}`);
  };

  /** Where in `values` the entries can end that begin at `at`. */
  const ends = (values: readonly unknown[], at: number, entries: readonly Entry[]): Set<number> => {
    let places = new Set([at]);
    for (const { Occurrence, Type } of entries) {
      const reached = new Set<number>();
      let current = places;
      for (let times = 0; current.size && times <= (Occurrence.m ?? Infinity); times++) {
        if (times >= Occurrence.n) for (const place of current) reached.add(place);
        current = new Set(
          [...current].flatMap((place) => [...once(values, place, Type)]).filter((p) => !reached.has(p)),
        );
      }
      places = reached;
    }
    return places;
  };

  const once = (values: readonly unknown[], at: number, type: unknown): Set<number> => {
    const all = new Set<number>();
    for (const choice of asList(type)) {
      const name = (choice as { Value?: unknown }).Value;
      const group = typeof name === "string" ? rules.get(name) : undefined;
      if (group?.Type === "group") for (const end of ends(values, at, group["Properties"] as Entry[])) all.add(end);
      else if (at < values.length && matches(values[at], choice)) all.add(at + 1);
    }
    return all;
  };

  return (value, rule) => matches(value, ruleOf(rule));
}
