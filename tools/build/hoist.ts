/**
 * `var` on Espruino exists from the moment its line runs, not before. Where a name is used earlier than that, or where
 * its line may never run, the declaration moves to the top of the function.
 */
import type { NodePath, types } from "@babel/core";
import babel from "@babel/core";

const t = babel.types;

type Binding = NonNullable<ReturnType<NodePath["scope"]["getBinding"]>>;
type Body = types.Program | types.BlockStatement;

export function hoistVariables(path: NodePath<types.Program | types.Function>): void {
  const body: Body | undefined = path.isProgram()
    ? path.node
    : path.node.type !== "Program" && path.node.body.type === "BlockStatement"
      ? path.node.body
      : undefined;
  if (!body) return;
  const own = Object.values(path.scope.bindings).filter(
    ({ kind, path: at }) => kind === "var" && at.isVariableDeclarator(),
  );
  if (own.length === 0) return;
  const list = (path.isProgram() ? path.get("body") : path.get("body.body")) as NodePath<types.Statement>[];
  const early = usedEarly(list, own);
  const hoisted = own.filter(
    (binding) => early.has(binding) || !list.some((statement) => declares(statement, binding)),
  );
  if (hoisted.length === 0) return;
  const names = new Set(hoisted.map(({ identifier }) => identifier.name));
  path.traverse({
    Function: (inner) => inner.skip(),
    VariableDeclaration: { exit: (declaration) => assign(declaration, names) },
  });
  const at = body.body.findIndex((statement) => statement.type !== "FunctionDeclaration");
  const declarators = [...names].map((name) => t.variableDeclarator(t.identifier(name)));
  const next = body.body[at];
  if (next?.type === "VariableDeclaration" && next.kind === "var") next.declarations.unshift(...declarators);
  else body.body.splice(at < 0 ? body.body.length : at, 0, t.variableDeclaration("var", declarators));
}

/** What a loop declares in its head exists even if the loop never runs. */
function declarationOf(statement: NodePath<types.Statement>): NodePath<types.Node | null | undefined> {
  if (statement.isForStatement()) return statement.get("init");
  return statement.isForXStatement() ? statement.get("left") : statement;
}

/** True where the statement of the body's own list always runs the declaration. */
function declares(statement: NodePath<types.Statement>, { identifier }: Binding): boolean {
  const declaration = declarationOf(statement).node;
  return (
    declaration?.type === "VariableDeclaration" &&
    declaration.kind === "var" &&
    declaration.declarations.some(({ id }) => id === identifier)
  );
}

/** Variables that code which runs before their declaration may mention, directly or through the functions it calls. */
function usedEarly(list: readonly NodePath<types.Statement>[], own: readonly Binding[]): ReadonlySet<Binding> {
  const early = new Set<Binding>();
  const touched = new Set<Binding>();
  const touch = (binding: Binding): void => {
    if (touched.has(binding)) return;
    touched.add(binding);
    for (const value of functionsIn(binding)) mentions(value).forEach(touch);
  };
  const byName = new Map(own.map((binding) => [binding.identifier, binding]));
  const visit = (part: NodePath<types.Node | null | undefined>): void => {
    if (part.node && !part.isFunction()) mentions(part as NodePath).forEach(touch);
  };
  for (const statement of list) {
    if (statement.isFunctionDeclaration()) continue;
    const declaration = declarationOf(statement);
    if (declaration.isVariableDeclaration({ kind: "var" })) {
      for (const declarator of declaration.get("declarations")) {
        visit(declarator.get("init"));
        const binding = byName.get(declarator.node.id as types.Identifier);
        if (binding && touched.has(binding)) early.add(binding);
      }
    }
    if (!statement.isVariableDeclaration({ kind: "var" })) visit(statement);
  }
  return early;
}

/** The functions that a name may stand for. */
function functionsIn(binding: Binding): NodePath[] {
  const { path } = binding;
  if (path.isFunctionDeclaration() || path.isClassDeclaration()) return [path];
  const values: NodePath[] = path.isVariableDeclarator() ? [path.get("init") as NodePath] : [];
  for (const violation of binding.constantViolations)
    if (violation.isAssignmentExpression()) values.push(violation.get("right"));
    else if (violation.isVariableDeclarator()) values.push(violation.get("init") as NodePath);
  return values.filter((value) => value.node);
}

const known = new WeakMap<types.Node, Set<Binding>>();

function mentions(path: NodePath): Set<Binding> {
  const before = known.get(path.node);
  if (before) return before;
  const found = new Set<Binding>();
  known.set(path.node, found);
  const add = (identifier: NodePath<types.Identifier>): void => {
    const binding = identifier.scope.getBinding(identifier.node.name);
    if (binding && binding.identifier !== identifier.node) found.add(binding);
  };
  if (path.isIdentifier()) add(path);
  path.traverse({ Identifier: add });
  return found;
}

/** `var a = 1, b` becomes `a = 1` for the hoisted names. */
function assign(path: NodePath<types.VariableDeclaration>, names: ReadonlySet<string>): void {
  const { node } = path;
  const isHoisted = ({ id }: types.VariableDeclarator): boolean => id.type === "Identifier" && names.has(id.name);
  if (node.kind !== "var" || !node.declarations.some(isHoisted)) return;
  const { parent } = path;
  if (t.isForXStatement(parent) && parent.left === node) {
    parent.left = (node.declarations[0] as types.VariableDeclarator).id as types.Identifier;
    return;
  }
  const isInit = t.isForStatement(parent) && parent.init === node;
  // What is not hoisted would have to stay a declaration between two assignments: one kind serves all of them.
  if (!node.declarations.every(isHoisted)) {
    node.declarations = node.declarations.filter((declarator) => declarator.init || !isHoisted(declarator));
    return;
  }
  const values = node.declarations.flatMap(({ id, init }) =>
    init ? [t.assignmentExpression("=", id as types.Identifier, init)] : [],
  );
  const value = values.length > 1 ? t.sequenceExpression(values) : values[0];
  if (isInit) (parent as types.ForStatement).init = value ?? null;
  else if (value) path.replaceWith(t.inherits(t.expressionStatement(value), node));
  else path.remove();
}
