/**
 * Espruino reads the target of `x += f()` after it has called f, and `x + f()` sees what f appends to the text in x.
 * Where that could matter, the old value is kept in a variable first.
 */
import type { NodePath, types } from "@babel/core";
import babel from "@babel/core";

const t = babel.types;

type Update = NodePath<types.AssignmentExpression | types.BinaryExpression>;

/** For the pass after the minifier, which would undo it. */
export function keepOldValue(path: Update): void {
  const { node } = path;
  const isUpdate = node.type === "AssignmentExpression";
  if (isUpdate ? !/^([-+*/%&|^]|<<|>>>?)=$/.test(node.operator) : node.operator !== "+") return;
  const left = node.left as types.Expression;
  if (!calls(path.get("right") as NodePath) || !changesElsewhere(path, left, isUpdate) || !isStable(left)) return;
  const owner = (path.getFunctionParent() ?? path.scope.getProgramParent().path) as NodePath;
  const old = owner.scope.generateUidIdentifier("o");
  owner.scope.push({ id: old, kind: "var" });
  const operator = (isUpdate ? node.operator.slice(0, -1) : node.operator) as types.BinaryExpression["operator"];
  const result = t.binaryExpression(operator, t.cloneNode(old), node.right);
  const copy = t.cloneNode(left);
  const keep = t.assignmentExpression("=", t.cloneNode(old), left);
  path.replaceWith(
    t.sequenceExpression([keep, isUpdate ? t.assignmentExpression("=", copy as types.LVal, result) : result]),
  );
  path.skip();
}

/** Something runs before the right side has its value. */
function calls(right: NodePath): boolean {
  const isCall = (at: NodePath): boolean =>
    at.isCallExpression()
      ? !isPure(at.node)
      : at.isNewExpression() || at.isAssignmentExpression() || at.isUpdateExpression();
  if (isCall(right)) return true;
  let found = false;
  right.traverse({
    Function: (inner) => inner.skip(),
    Expression(inner) {
      if (!isCall(inner)) return;
      found = true;
      inner.stop();
    },
  });
  return found;
}

/** Natives that change nothing of ours. */
function isPure({ callee }: types.CallExpression): boolean {
  return (
    callee.type === "MemberExpression" &&
    callee.object.type === "Identifier" &&
    /^(Math|String|E|JSON|Object)$/.test(callee.object.name)
  );
}

/** A variable that another function assigns (for `+`: appends to), or a property that any other function does. */
function changesElsewhere(path: Update, left: types.Expression, isUpdate: boolean): boolean {
  const here = path.getFunctionParent()?.node;
  const counts = (violation: NodePath): boolean =>
    isUpdate || (violation.isAssignmentExpression() && violation.node.operator === "+=");
  if (left.type === "Identifier") {
    const binding = path.scope.getBinding(left.name);
    if (!binding) return isUpdate;
    return binding.constantViolations.some(
      (at) => counts(at) && (at.getFunctionParent()?.node !== here || at.findParent((up) => up === path) !== null),
    );
  }
  if (left.type !== "MemberExpression") return false;
  if (isUpdate) return true;
  const name = propertyOf(left);
  let found = false;
  path.scope.getProgramParent().path.traverse({
    AssignmentExpression(at) {
      const { operator, left: target } = at.node;
      if (operator !== "+=" || target.type !== "MemberExpression" || propertyOf(target) !== name) return;
      if (at.getFunctionParent()?.node !== here) found = true;
    },
  });
  return found;
}

const propertyOf = ({ computed, property }: types.MemberExpression): string | undefined =>
  !computed && property.type === "Identifier" ? property.name : undefined;

/** Evaluating it twice changes nothing. */
function isStable(node: types.Node): boolean {
  if (node.type === "Identifier" || node.type === "ThisExpression" || t.isLiteral(node)) return true;
  return node.type === "MemberExpression" && isStable(node.object) && (!node.computed || isStable(node.property));
}
