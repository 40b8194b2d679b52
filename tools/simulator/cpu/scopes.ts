/**
 * What it takes to find a name. Espruino keeps the names of a scope in a list, in the order in which they were made, and
 * looks through the lists from the inner scope to the outer: the longer the bundle's outermost list, the dearer each name.
 */
import type { Node } from "acorn";

type Loose = Node & Record<string, unknown>;

/** Names in the root scope before a bundle begins (its own handlers, the console, modules). */
const ROOT_NAMES = 8;

interface Scope {
  readonly names: string[];
  readonly isFunction: boolean;
}

export interface Lookup {
  /** Names that are compared before the right one. */
  readonly passed: number;
  /** No scope has it: a built-in. */
  readonly isBuiltIn: boolean;
}

export interface Lookups {
  /** For every identifier that is read or written, by its place in the text. */
  readonly names: ReadonlyMap<number, Lookup>;
  /** Scopes around a function, without the root; places of blocks that open a scope have 0. */
  readonly depths: ReadonlyMap<number, number>;
}

export function findLookups(program: Node): Lookups {
  const found = new Map<number, Lookup>();
  const depths = new Map<number, number>();
  const scopes: Scope[] = [{ names: [], isFunction: true }];

  const declare = (name: string, isLexical: boolean): void => {
    const scope = isLexical ? scopes.at(-1)! : scopes.findLast(({ isFunction }) => isFunction)!;
    if (!scope.names.includes(name)) scope.names.push(name);
  };
  const look = ({ start, name }: Loose): void => {
    let passed = 0;
    for (let at = scopes.length - 1; at >= 0; at--) {
      const place = scopes[at]!.names.indexOf(name as string);
      const root = at === 0 ? ROOT_NAMES : 0;
      if (place >= 0) return void found.set(start, { passed: passed + root + place, isBuiltIn: false });
      passed += root + scopes[at]!.names.length;
    }
    found.set(start, { passed, isBuiltIn: true });
  };
  const inScope = (isFunction: boolean, work: () => void): void => {
    scopes.push({ names: [], isFunction });
    work();
    scopes.pop();
  };

  function collect(node: Loose, isOwnBlock: boolean): void {
    if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration")
      return isOwnBlock ? declare((node.id as Loose).name as string, true) : undefined;
    if (/Function|Class/.test(node.type)) return;
    if (node.type === "VariableDeclaration" && (node.kind === "var" || isOwnBlock))
      for (const { id } of node.declarations as { id: Loose }[])
        if (id.type === "Identifier") declare(id.name as string, node.kind !== "var");
    const isInner = /^(Block|For|Switch)/.test(node.type);
    for (const child of childrenOf(node)) collect(child, isOwnBlock && !isInner && node.type !== "ExpressionStatement");
  }

  function walk(node: Loose): void {
    if (/Function/.test(node.type)) {
      depths.set(node.start, scopes.filter(({ names, isFunction }) => isFunction || names.length).length - 1);
      return inScope(true, () => {
        if (node.id && node.type === "FunctionExpression") declare((node.id as Loose).name as string, true);
        for (const parameter of node.params as Loose[])
          if (parameter.type === "Identifier") declare(parameter.name as string, true);
        const body = node.body as Loose;
        if (body.type !== "BlockStatement") return walk(body);
        for (const statement of body.body as Loose[]) collect(statement, true);
        for (const statement of body.body as Loose[]) walk(statement);
      });
    }
    if (node.type === "BlockStatement" || /^For/.test(node.type)) {
      return inScope(false, () => {
        for (const child of childrenOf(node)) collect(child, true);
        if (scopes.at(-1)!.names.length) depths.set(node.start, 0);
        for (const child of childrenOf(node)) walk(child);
      });
    }
    if (node.type === "Identifier") return look(node);
    for (const [key, child] of partsOf(node)) {
      const isName = !node.computed && (key === "property" || key === "key");
      if (!isName && !(key === "label")) walk(child);
    }
  }

  for (const statement of (program as Loose).body as Loose[]) collect(statement, true);
  for (const statement of (program as Loose).body as Loose[]) walk(statement);
  return { names: found, depths };
}

function* partsOf(node: Loose): Generator<[string, Loose]> {
  for (const [key, value] of Object.entries(node))
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
      if (item && typeof (item as Node).type === "string") yield [key, item as Loose];
}

const childrenOf = (node: Loose): Loose[] => [...partsOf(node)].map(([, child]) => child);
