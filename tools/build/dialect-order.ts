/** Espruino hoists nothing: a name exists from the moment its declaration runs. */
import type { Identifier, Node } from "acorn";
import type { Find } from "./dialect.ts";
import { childrenOf, type Declared, isFunction, type Loose, type Scopes } from "./scopes.ts";

export function checkOrder(program: Node, scopes: Scopes, find: Find): void {
  const visit = (node: Node): void => {
    const list = statementsOf(node);
    if (list) checkList(list, scopes, find);
    if (node.type === "BlockStatement" && !isFunction(scopes.parents.get(node) ?? node)) checkBlock(list!, find);
    childrenOf(node).forEach(visit);
  };
  visit(program);
  for (const scope of scopes.all)
    for (const declared of scope.names.values()) if (declared.kind === "var") checkBranch(declared, scopes, find);
}

/** A block's scope begins with its first `let`: what is made before does not see the block's variables. */
function checkBlock(list: readonly Node[], find: Find): void {
  const isLexical = (node: Node): boolean =>
    (node.type === "VariableDeclaration" && (node as Loose).kind !== "var") || node.type === "ClassDeclaration";
  const made = (node: Node): boolean => isFunction(node) || childrenOf(node).some(made);
  const first = list.findIndex(isLexical);
  const early = list.slice(0, Math.max(first, 0)).find(made);
  if (early)
    find(
      early,
      "late-scope",
      "on Espruino this function does not see the block's variables",
      "begin the block with a let",
    );
}

function statementsOf(node: Node): readonly Node[] | undefined {
  const { body, consequent } = node as Loose;
  if (node.type === "Program" || node.type === "BlockStatement") return body as Node[];
  return node.type === "SwitchCase" ? (consequent as Node[]) : undefined;
}

/** Follows a list of statements in their order and notes what each may use before it is declared. */
function checkList(list: readonly Node[], scopes: Scopes, find: Find): void {
  const touched = new Set<Declared>();
  const touch = (node: Node): void => {
    for (const declared of mentions(node, scopes)) {
      if (touched.has(declared)) continue;
      touched.add(declared);
      valuesOf(declared, scopes).forEach(touch);
    }
  };
  const declare = (at: Node, id: Identifier): void => {
    for (const declared of touched)
      if (declared.name === id.name && declared.declarations.includes(at) && isFirst(declared, at))
        find(
          at,
          "hoisting",
          `${id.name} may be used before this line runs: Espruino hoists nothing`,
          "declare it further up",
        );
  };
  for (const statement of list) {
    const loose = statement as Loose;
    if (statement.type === "FunctionDeclaration") declare(statement, loose.id as Identifier);
    else {
      const declaration = headOf(loose) as Loose | null;
      if (declaration?.type === "VariableDeclaration" && declaration.kind === "var")
        for (const declarator of declaration.declarations as Loose[]) {
          const init = declarator.init as Node | null;
          if (init && !isFunction(init)) touch(init);
          declare(declarator, declarator.id as Identifier);
        }
      if (statement.type !== "VariableDeclaration") touch(statement);
      else for (const { init } of loose.declarations as { init?: Node }[]) if (init && !isFunction(init)) touch(init);
    }
  }
}

function headOf(statement: Loose): unknown {
  if (statement.type === "ForStatement") return statement.init;
  return /^For(In|Of)Statement$/.test(statement.type) ? statement.left : statement;
}

const isFirst = (declared: Declared, at: Node): boolean => declared.declarations[0] === at;

function mentions(node: Node, scopes: Scopes): Set<Declared> {
  const found = new Set<Declared>();
  const walk = (inner: Node): void => {
    const declared = inner.type === "Identifier" ? scopes.of.get(inner as Identifier) : undefined;
    if (declared) found.add(declared);
    childrenOf(inner).forEach(walk);
  };
  walk(node);
  return found;
}

/** The functions and classes that a name may stand for. */
function valuesOf(declared: Declared, { parents }: Scopes): Node[] {
  const values = declared.declarations.flatMap((at): Node[] =>
    at.type === "VariableDeclarator" ? [(at as Loose).init as Node] : declared.kind === "parameter" ? [] : [at],
  );
  for (const reference of declared.references) {
    const parent = parents.get(reference) as Loose | undefined;
    if (parent?.type === "AssignmentExpression" && parent.left === reference) values.push(parent.right as Node);
  }
  return values.filter((value) => value && (isFunction(value) || /^Class|Object|Call/.test(value.type)));
}

/** A `var` in a branch or loop that did not run does not exist. */
function checkBranch(declared: Declared, { parents }: Scopes, find: Find): void {
  const first = declared.declarations[0] as Node;
  let at: Node = first;
  let region: Node | undefined;
  while (at !== declared.scope.node) {
    const parent = parents.get(at) as Loose | undefined;
    if (!parent || isFunction(parent)) break;
    const runsAlways =
      /^(Program|VariableDeclaration|VariableDeclarator)$/.test(parent.type) ||
      (parent.type === "BlockStatement" &&
        (parents.get(parent) === undefined || isFunction(parents.get(parent) as Node))) ||
      (/^For(In|Of)?Statement$/.test(parent.type) && headOf(parent) === at);
    const isRegion = /^(BlockStatement|SwitchCase|For(In|Of)Statement)$/.test(parent.type);
    if (!runsAlways) region ??= isRegion ? parent : at;
    at = parent;
  }
  if (!region) return;
  const { start, end } = region;
  if (declared.references.some((reference) => reference.start < start || reference.end > end))
    find(
      first,
      "var-in-branch",
      `\`var ${declared.name}\` does not exist where its branch did not run`,
      "declare it before the branch",
    );
}
