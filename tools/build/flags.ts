/**
 * A variable that is only ever true or false, and only asked which, holds 1 or 0: on Espruino a small whole number lies
 * in its name's own JsVar, a truth takes one more.
 */
import type { NodePath, Visitor } from "@babel/core";
import babel from "@babel/core";

const t = babel.types;

export function numberFlags(): Visitor {
  return {
    Scope({ scope }) {
      for (const { path, kind, constantViolations, referencePaths } of Object.values(scope.bindings)) {
        if (!path.isVariableDeclarator() || !/^(var|let|const)$/.test(kind) || !referencePaths.every(isAsked)) continue;
        const values = [path.get("init") as NodePath];
        for (const change of constantViolations)
          values.push(
            change.isAssignmentExpression({ operator: "=" }) && isUnused(change) ? change.get("right") : change,
          );
        const truths = values.map(truthOf);
        if (truths.includes(undefined)) continue;
        values.forEach((value, i) => value.replaceWith(t.numericLiteral(truths[i]!)));
      }
    },
  };
}

/** Of `true`, `!0` and the like. */
function truthOf({ node }: NodePath): 0 | 1 | undefined {
  if (t.isBooleanLiteral(node)) return node.value ? 1 : 0;
  if (t.isUnaryExpression(node, { operator: "!" }) && t.isNumericLiteral(node.argument))
    return node.argument.value ? 0 : 1;
  return undefined;
}

/** Whether only the truth of the value at this place matters. */
function isAsked(path: NodePath): boolean {
  const { parentPath: parent, key } = path;
  if (!parent) return false;
  if (parent.isUnaryExpression({ operator: "!" })) return true;
  if (parent.isLogicalExpression()) return isAsked(parent) || (key === "left" && isUnused(parent));
  return key === "test" && (parent.isIfStatement() || parent.isConditionalExpression() || parent.isLoop());
}

/** Whether nobody takes the value at this place. */
function isUnused(path: NodePath): boolean {
  const { parentPath: parent, key } = path;
  if (!parent) return false;
  if (parent.isExpressionStatement()) return true;
  if (parent.isSequenceExpression()) return key !== parent.node.expressions.length - 1 || isUnused(parent);
  if (parent.isLogicalExpression()) return key === "right" && isUnused(parent);
  return parent.isConditionalExpression() && key !== "test" && isUnused(parent);
}
