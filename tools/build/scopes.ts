/** Which declaration every identifier of a script belongs to. */
import type { Identifier, Node } from "acorn";

export interface Declared {
  readonly name: string;
  readonly kind: "var" | "let" | "const" | "function" | "class" | "parameter" | "catch";
  /** Every place that declares the name. */
  readonly declarations: Node[];
  readonly scope: Scope;
  readonly references: Identifier[];
}

export interface Scope {
  readonly node: Node;
  readonly parent: Scope | undefined;
  readonly names: Map<string, Declared>;
}

export interface Scopes {
  /** The declaration that a referenced identifier means; undefined for a free one. */
  readonly of: ReadonlyMap<Identifier, Declared | undefined>;
  readonly all: readonly Scope[];
  readonly parents: ReadonlyMap<Node, Node>;
}

/** Any property of a syntax tree's node. */
export type Loose = Node & Record<string, unknown>;

export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node as Loose))
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
      if (item && typeof (item as Node).type === "string" && typeof (item as Node).start === "number")
        found.push(item as Node);
  return found;
}

export const isFunction = (node: Node): boolean =>
  node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";

const opensBlock = (node: Node): boolean =>
  /^(BlockStatement|For(In|Of)?Statement|SwitchStatement|CatchClause|ClassExpression|ClassDeclaration)$/.test(
    node.type,
  );

export function analyse(program: Node): Scopes {
  const of = new Map<Identifier, Declared | undefined>();
  const all: Scope[] = [];
  const parents = new Map<Node, Node>();
  const open = (node: Node, parent: Scope | undefined): Scope => {
    const scope = { node, parent, names: new Map<string, Declared>() };
    all.push(scope);
    return scope;
  };
  const declare = (scope: Scope, kind: Declared["kind"], pattern: Node, at: Node): void => {
    if (pattern.type === "Identifier") {
      const { name } = pattern as Identifier;
      const known = scope.names.get(name);
      if (known) known.declarations.push(at);
      else scope.names.set(name, { name, kind, declarations: [at], scope, references: [] });
    } else for (const child of childrenOf(pattern)) declare(scope, kind, child, at);
  };
  const functionScope = (scope: Scope): Scope =>
    !scope.parent || isFunction(scope.node) ? scope : functionScope(scope.parent);

  const uses: { identifier: Identifier; scope: Scope }[] = [];
  const visit = (node: Node, outer: Scope, parent: Node | undefined): void => {
    if (parent) parents.set(node, parent);
    const loose = node as Loose;
    let scope = outer;
    if (node.type === "VariableDeclaration")
      for (const declarator of loose.declarations as Loose[]) {
        const kind = loose.kind as "var" | "let" | "const";
        declare(kind === "var" ? functionScope(outer) : outer, kind, declarator.id as Node, declarator);
      }
    if (node.type === "FunctionDeclaration" && loose.id) declare(outer, "function", loose.id as Node, node);
    if (node.type === "ClassDeclaration" && loose.id) declare(outer, "class", loose.id as Node, node);
    if (isFunction(node)) {
      scope = open(node, outer);
      if (node.type === "FunctionExpression" && loose.id) declare(scope, "function", loose.id as Node, node);
      for (const parameter of loose.params as Node[]) declare(scope, "parameter", parameter, node);
    } else if (opensBlock(node) && !(parent && isFunction(parent))) {
      scope = open(node, outer);
      if (node.type === "CatchClause" && loose.param) declare(scope, "catch", loose.param as Node, node);
      if (node.type === "ClassExpression" && loose.id) declare(scope, "class", loose.id as Node, node);
    }
    if (node.type === "Identifier" && parent && isReference(loose, parent as Loose))
      uses.push({ identifier: node as Identifier, scope });
    for (const child of childrenOf(node)) visit(child, scope, node);
  };
  visit(program, open(program, undefined), undefined);

  for (const { identifier, scope } of uses) {
    let at: Scope | undefined = scope;
    while (at && !at.names.has(identifier.name)) at = at.parent;
    const declared = at?.names.get(identifier.name);
    of.set(identifier, declared);
    declared?.references.push(identifier);
  }
  return { of, all, parents };
}

function isReference(node: Loose, parent: Loose): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed === true;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.value === node || parent.computed === true;
    case "VariableDeclarator":
      return parent.init === node;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
    case "CatchClause":
      return false;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return parent.body === node;
    case "ClassDeclaration":
    case "ClassExpression":
      return parent.superClass === node;
    default:
      return true;
  }
}
