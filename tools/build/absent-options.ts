/**
 * What a firmware does not ask for need not be in its bundle: where a function is called in one place, with its options
 * written out there, each option that is not among them is undefined wherever the function reads it. What then can never
 * run the minifier drops.
 */
import type { NodePath, types, Visitor } from "@babel/core";
import babel from "@babel/core";

const t = babel.types;

type Options = types.ObjectExpression;

export function dropAbsentOptions(): Visitor {
  return {
    FunctionDeclaration(path) {
      const binding = path.parentPath.scope.getBinding(path.node.id?.name ?? "");
      if (!binding?.constant) return;
      path.node.params.forEach((parameter, index) => {
        const own = t.isIdentifier(parameter) ? path.scope.getOwnBinding(parameter.name) : undefined;
        if (!own?.constant) return;
        const given = binding.referencePaths.map(({ parent, key }) =>
          key === "callee" && parent.type === "CallExpression" ? parent.arguments[index] : null,
        );
        if (given.every((value) => value === undefined || (value && isAbsent(value)))) {
          own.referencePaths.forEach((at) => at.replaceWith(t.unaryExpression("void", t.numericLiteral(0))));
          return;
        }
        // the function may hand its own options to itself
        const others = given.filter((value) => !t.isIdentifier(value) || value.name !== own.identifier.name);
        const [options] = others;
        if (others.length !== 1 || !t.isObjectExpression(options)) return;
        const [only, ...more] = own.referencePaths;
        // handed on, and nothing else: there it is written out as well
        if (only?.listKey === "arguments" && more.length === 0 && isPlain(options)) only.replaceWith(options);
        else if (!own.referencePaths.some(isWritten)) own.referencePaths.forEach((at) => resolve(at, options));
      });
    },
    // `session || publish`: the later passes see a call of `publish`
    LogicalExpression: {
      exit(path) {
        const { operator, left, right } = path.node;
        if (operator === "||" && isAbsent(left) && t.isIdentifier(right)) path.replaceWith(right);
      },
    },
    // `use ? use() : {}` and `options || {}`, of which the empty object is left
    VariableDeclarator: {
      exit(path) {
        const { id, init } = path.node;
        if (!t.isIdentifier(id)) return;
        let rest: types.Expression;
        if (t.isConditionalExpression(init) && isAbsent(init.test)) rest = init.alternate;
        else if (t.isLogicalExpression(init, { operator: "||" }) && isAbsent(init.left)) rest = init.right;
        else if (t.isLogicalExpression(init, { operator: "||" }) && t.isObjectExpression(init.left)) rest = init.left;
        else return;
        path.node.init = rest;
        if (t.isObjectExpression(rest) && rest.properties.length === 0) resolveAll(path, id.name, rest);
      },
    },
  };
}

/** What is read of a variable that holds these options and nothing else happens to. */
function resolveAll(declared: NodePath, name: string, options: Options): void {
  const binding = declared.scope.getBinding(name);
  const reads = binding?.constant ? binding.referencePaths : [];
  if (
    reads.every((at) => at.key === "object" && t.isMemberExpression(at.parent, { computed: false }) && !isWritten(at))
  )
    reads.forEach((at) => resolve(at, options));
}

/** Follows `options.a.b` into the object as it is written; what is not there is undefined. */
function resolve(at: NodePath, options: Options): void {
  const { parentPath: parent, key } = at;
  const named = parent?.parentPath;
  // `const given = options || {}`
  if (parent?.isLogicalExpression({ operator: "||" }) && key === "left" && named?.isVariableDeclarator()) {
    if (t.isIdentifier(named.node.id)) resolveAll(named, named.node.id.name, options);
    return;
  }
  if (!parent?.isMemberExpression() || key !== "object" || parent.node.computed) return;
  const { property } = parent.node;
  if (!t.isIdentifier(property)) return;
  if (!options.properties.every((each) => !t.isSpreadElement(each) && !each.computed && t.isIdentifier(each.key)))
    return;
  const found = options.properties.find(
    (each) => !t.isSpreadElement(each) && (each.key as types.Identifier).name === property.name,
  );
  if (!found) parent.replaceWith(t.unaryExpression("void", t.numericLiteral(0)));
  else if (t.isObjectProperty(found) && t.isObjectExpression(found.value)) resolve(parent, found.value);
}

/** `options.a.b = 1`, `options.a++`, `delete options.a`: what was written out at the call is not what it holds later. */
function isWritten(at: NodePath): boolean {
  let member = at;
  while (member.key === "object" && member.parentPath?.isMemberExpression()) member = member.parentPath;
  const { parentPath: parent, key } = member;
  if (member === at || !parent) return false;
  return (
    (parent.isAssignmentExpression() && key === "left") ||
    parent.isUpdateExpression() ||
    parent.isUnaryExpression({ operator: "delete" })
  );
}

/** Nothing in it happens or is named: it may as well stand elsewhere. */
const isPlain = (node: types.Node): boolean =>
  t.isObjectExpression(node)
    ? node.properties.every((each) => t.isObjectProperty(each) && !each.computed && isPlain(each.value))
    : t.isStringLiteral(node) || t.isNumericLiteral(node) || t.isBooleanLiteral(node);

const isAbsent = (node: types.Node): boolean => t.isUnaryExpression(node, { operator: "void" });
