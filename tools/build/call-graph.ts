/**
 * Which functions of a bundle can call which. Functions, objects and lists are followed from where they are made, through
 * variables, properties, arguments and results, in any order and from any call: so no call is missed, but for those of promises to each other.
 */
import { type Identifier, type Node, parse } from "acorn";
import { analyse, childrenOf, type Declared, isFunction, type Loose } from "./scopes.ts";

export interface CallGraph {
  /** By where a function's text begins, the functions that run on top of it; PROGRAM is the text around them all. */
  readonly calls: ReadonlyMap<number, ReadonlySet<number>>;
  /** What the interpreter calls by itself: timers, watches, listeners. */
  readonly roots: ReadonlySet<number>;
}

export const PROGRAM = -1;

/** Natives that keep a function, and call it when nothing else runs. */
const LATER = /^(setTimeout|setInterval|setWatch|on|once|then|catch|changeInterval)$/;
/** Natives that put their arguments into a list, and those that give out what is in it, or a list of that. */
const PUT = /^(push|unshift|concat|fill)$/;
const TAKE = /^(shift|pop|find)$/;
const LIST = /^(slice|concat|splice|filter|map|sort|reverse)$/;
const ELEMENTS = "[]";

/** A place that holds values; the object stands for it. A value is where its text begins. */
type Place = object;
type Values = ReadonlySet<number>;
interface Access {
  /** Who runs the getter or setter that may be there. */
  readonly caller?: number;
  readonly base: Place;
  /** Undefined = computed: any. */
  readonly name: string | undefined;
  readonly value: Place;
}
interface Member {
  readonly key: Loose;
  readonly value: Node | null;
  readonly kind: string;
}
interface Call {
  readonly caller: number;
  readonly callee: Place;
  readonly base: Place | undefined;
  readonly method: string;
  readonly args: readonly Place[];
  readonly result: Place;
}

export function callGraph(bundle: string): CallGraph {
  const program = parse(bundle, { ecmaVersion: "latest", allowReturnOutsideFunction: true });
  const { of, all } = analyse(program);
  const declared = new Map<Node, Map<string, Declared>>();
  for (const { names } of all)
    for (const [name, each] of names)
      for (const at of each.declarations)
        declared.set(at, (declared.get(at) ?? new Map<string, Declared>()).set(name, each));
  const variable = (at: Node, id: unknown): Place => declared.get(at)?.get((id as Identifier).name) ?? {};

  const values = new Map<Place, Set<number>>();
  const flows: [from: Place, to: Place][] = [];
  const reads: Access[] = [];
  const writes: Access[] = [];
  const calls: Call[] = [];
  const functions = new Map<
    number,
    { readonly params: readonly Place[]; readonly result: Place; readonly self: Place }
  >();
  const getters = new Set<number>();
  const bases: Place[] = [];
  const owners: { readonly result: Place; readonly self: Place }[] = [{ result: {}, self: {} }];

  const made = (at: Node): Place => {
    const place = {};
    values.set(place, new Set([at.start]));
    return place;
  };
  const visit = (node: Node, inside: number): Place => {
    const loose = node as Loose;
    const one = (name: string): Place => (loose[name] ? visit(loose[name] as Node, inside) : {});
    const list = (name: string): Place[] =>
      (loose[name] as (Node | null)[]).map((each) => (each ? visit(each, inside) : {}));
    const joined = (places: readonly Place[]): Place => {
      const to = {};
      places.forEach((from) => flows.push([from, to]));
      return to;
    };
    if (isFunction(node)) return define(loose);
    switch (node.type) {
      case "Identifier":
        return of.get(node as Identifier) ?? {};
      case "ThisExpression":
        return owners.at(-1)!.self;
      case "Super":
        return bases.at(-1) ?? {};
      case "ClassDeclaration":
      case "ClassExpression": {
        // one place for the class, its prototype and all that is made of it
        const own = made(node);
        const base = one("superClass");
        const place = joined([own, base]);
        if (loose.id) flows.push([place, variable(node, loose.id)]);
        bases.push(base);
        for (const { key, value, kind } of (loose.body as Loose).body as unknown as Member[]) {
          if (!value) continue;
          writes.push({ base: own, name: String(key.name), value: visit(value, inside) });
          if (kind === "get" || kind === "set") getters.add(value.start);
        }
        bases.pop();
        return place;
      }
      case "VariableDeclarator":
        flows.push([one("init"), variable(node, loose.id)]);
        return {};
      case "AssignmentExpression": {
        const value = one("right");
        const left = loose.left as Loose;
        if (left.type === "MemberExpression")
          writes.push({ caller: inside, base: visit(left.object as Node, inside), name: nameOf(left), value });
        else flows.push([value, visit(left, inside)]);
        return value;
      }
      case "ForOfStatement": {
        const [declarator] = ((loose.left as Loose).declarations ?? []) as Loose[];
        reads.push({
          base: one("right"),
          name: ELEMENTS,
          value: declarator ? variable(declarator, declarator.id) : one("left"),
        });
        one("body");
        return {};
      }
      case "LogicalExpression":
        return joined([one("left"), one("right")]);
      case "ConditionalExpression":
        one("test");
        return joined([one("consequent"), one("alternate")]);
      case "SequenceExpression":
        return list("expressions").at(-1)!;
      case "MemberExpression": {
        if (nameOf(loose) === "prototype") return one("object");
        const value = {};
        reads.push({ caller: inside, base: one("object"), name: nameOf(loose), value });
        if (loose.computed) one("property");
        return value;
      }
      case "ArrayExpression": {
        const base = made(node);
        list("elements").forEach((value, i) => writes.push({ base, name: `[${i}]`, value }));
        return base;
      }
      case "ObjectExpression": {
        const base = made(node);
        for (const { key, value, kind } of loose.properties as unknown as Member[]) {
          writes.push({ base, name: String(key.name ?? key.value), value: visit(value!, inside) });
          if (kind !== "init") getters.add(value!.start);
        }
        return base;
      }
      case "ReturnStatement":
        flows.push([one("argument"), owners.at(-1)!.result]);
        return {};
      case "CallExpression":
      case "NewExpression":
        return call(loose, inside);
      default:
        childrenOf(node).forEach((child) => visit(child, inside));
        return {};
    }
  };

  const define = (node: Loose): Place => {
    const place = made(node);
    const self = node.type === "ArrowFunctionExpression" ? owners.at(-1)!.self : {};
    const known = { params: (node.params as Node[]).map((each) => variable(node, each)), result: {}, self };
    functions.set(node.start, known);
    if (node.id) flows.push([place, variable(node, node.id)]);
    owners.push(known);
    const body = node.body as Node;
    const value = visit(body, node.start);
    owners.pop();
    if (body.type !== "BlockStatement") flows.push([value, known.result]);
    return place;
  };

  const call = (node: Loose, caller: number): Place => {
    const callee = node.callee as Loose;
    const isMember = callee.type === "MemberExpression";
    const method = isMember ? (nameOf(callee) ?? "") : String(callee.name);
    const base = isMember ? visit(callee.object as Node, caller) : undefined;
    const args = (node.arguments as Node[]).map((each) => visit(each, caller));
    const result = {};
    let called: Place = {};
    if (base) reads.push({ caller, base, name: nameOf(callee), value: called });
    else called = visit(callee, caller);
    if (node.type === "NewExpression" || callee.type === "Super") {
      const constructed = {};
      reads.push({ base: called, name: "constructor", value: constructed });
      flows.push([called, result]);
      calls.push({ caller, callee: constructed, base: result, method, args, result: {} });
    }
    if (base && /^(call|apply|bind)$/.test(method))
      calls.push({ caller, callee: base, base: args[0], method: "", args: args.slice(1), result });
    calls.push({ caller, callee: called, base: base ?? result, method, args, result });
    return result;
  };

  visit(program, PROGRAM);
  return solve(values, flows, reads, writes, calls, functions, getters);
}

function nameOf({ computed, property }: Loose): string | undefined {
  const { name, value } = property as Loose;
  if (!computed) return String(name);
  return typeof value === "number" ? `[${value}]` : typeof value === "string" ? value : undefined;
}

/** Whether a value that was put under `key` can be what is read under `name`. */
function isMeant(name: string | undefined, key: string): boolean {
  if (name === undefined || key === name) return true;
  return name === ELEMENTS ? key.startsWith("[") : key === ELEMENTS && name.startsWith("[");
}

/** Lets values flow until nothing is new. */
function solve(
  values: Map<Place, Set<number>>,
  flows: [from: Place, to: Place][],
  reads: readonly Access[],
  writes: readonly Access[],
  calls: readonly Call[],
  functions: ReadonlyMap<number, { readonly params: readonly Place[]; readonly result: Place; readonly self: Place }>,
  getters: ReadonlySet<number>,
): CallGraph {
  const objects = new Map<number, Map<string, Set<number>>>();
  const edges = new Map<number, Set<number>>();
  const roots = new Set<number>();
  const NONE: Values = new Set();
  let isNew = true;
  const put = (to: Set<number>, from: Values): void => {
    const before = to.size;
    from.forEach((value) => to.add(value));
    isNew ||= to.size > before;
  };
  const at = (place: Place): Values => values.get(place) ?? NONE;
  const into = (place: Place, from: Values): void =>
    put(values.get(place) ?? (values.set(place, new Set()), values.get(place)!), from);
  const held = (object: number, name: string): Set<number> => {
    const all = objects.get(object) ?? new Map<string, Set<number>>();
    objects.set(object, all.set(name, all.get(name) ?? new Set()));
    return all.get(name)!;
  };
  const inside = (base: Place, name: string | undefined): Values => {
    const found = new Set<number>();
    for (const object of at(base))
      for (const [key, held] of objects.get(object) ?? [])
        if (isMeant(name, key)) held.forEach((each) => found.add(each));
    return found;
  };
  const on = (caller: number, target: number): void =>
    put(edges.get(caller) ?? (edges.set(caller, new Set()), edges.get(caller)!), new Set([target]));

  /** A getter or setter runs. */
  const got = (caller: number, accessor: number, base: Place, value: Place): void => {
    on(caller, accessor);
    into(functions.get(accessor)!.self, at(base));
    into(value, at(functions.get(accessor)!.result));
  };

  // what is a native shows only when all that the program's own functions say is known
  let isSettled = false;
  while (isNew || !isSettled) {
    isSettled ||= !isNew;
    isNew = false;
    for (const [from, to] of flows) into(to, at(from));
    for (const { caller, base, name, value } of writes)
      for (const object of at(base)) {
        const there = held(object, name ?? ELEMENTS);
        if (caller !== undefined) for (const each of there) if (getters.has(each)) got(caller, each, base, {});
        put(there, at(value));
      }
    for (const { caller, base, name, value } of reads) {
      const found = inside(base, name);
      into(value, found);
      for (const each of found) if (caller !== undefined && getters.has(each)) got(caller, each, base, value);
    }
    for (const { caller, callee, base, method, args, result } of calls) {
      const called = [...at(callee)].filter((value) => functions.has(value));
      for (const target of called) {
        const known = functions.get(target)!;
        on(caller, target);
        known.params.forEach((param, i) => args[i] && into(param, at(args[i])));
        if (base) into(known.self, at(base));
        into(result, at(known.result));
      }
      if (called.length > 0) continue;
      // a native
      const isLater = LATER.test(method);
      const elements = base ? inside(base, ELEMENTS) : NONE;
      if (base && PUT.test(method))
        for (const object of at(base)) for (const each of args) put(held(object, ELEMENTS), at(each));
      if (TAKE.test(method)) into(result, elements);
      if (base && LIST.test(method)) into(result, at(base));
      if (method === "assign" && args[0]) {
        into(result, at(args[0]));
        for (const from of args.slice(1))
          for (const source of at(from))
            for (const [name, each] of objects.get(source) ?? [])
              for (const object of at(args[0])) put(held(object, name), each);
      }
      for (const each of args)
        for (const target of at(each)) {
          const known = functions.get(target);
          if (!known || !isSettled) continue;
          if (isLater) roots.add(target);
          else on(caller, target);
          known.params.forEach((param) => into(param, elements));
        }
    }
  }
  return { calls: edges, roots };
}
