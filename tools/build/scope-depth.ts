/**
 * Keeps the minifier from moving a function whose closures live on into its only caller. On Espruino a closure in one
 * scope points to it; a closure in two or more has a list of them, three JsVars and more for each closure that lives.
 */
import type { NodePath, Visitor } from "@babel/core";
import { declaredFunction, keepsClosures } from "./transient.ts";

/** The comment that the minifier understands. */
export const NO_INLINE = "@__NOINLINE__";

export function keepScopesShallow(): Visitor {
  return {
    CallExpression(path) {
      const { callee } = path.node;
      // called from the top level, its closures have one scope wherever it stands
      if (callee.type !== "Identifier" || isAtTop(path)) return;
      const binding = path.scope.getBinding(callee.name);
      if (!binding?.scope.path.isProgram() || !binding.constant) return;
      const made = declaredFunction(binding.path);
      if (made && keepsClosures(made)) path.addComment("leading", NO_INLINE);
    },
  };
}

/** Whether nothing is around the call, or only functions that do nothing but make it and are called at the top themselves. */
function isAtTop(path: NodePath): boolean {
  const around = path.getFunctionParent();
  if (!around) return true;
  if (!around.isFunctionDeclaration() || around.node.body.body.length !== 1) return false;
  const binding = path.parentPath?.isReturnStatement() && around.parentPath.scope.getBinding(around.node.id!.name);
  return !!binding && binding.referencePaths.every((at) => at.key === "callee" && isAtTop(at.parentPath!));
}
