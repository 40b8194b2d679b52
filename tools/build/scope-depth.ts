/**
 * Keeps the minifier from moving a function that makes closures into its only caller. On Espruino a closure in one
 * scope points to it; a closure in two or more has a list of them, three JsVars and more for each closure that lives.
 */
import type { NodePath, types, Visitor } from "@babel/core";

/** The comment that the minifier understands. */
export const NO_INLINE = "@__NOINLINE__";

export function keepScopesShallow(): Visitor {
  return {
    CallExpression(path) {
      const { callee } = path.node;
      if (callee.type !== "Identifier") return;
      const binding = path.scope.getBinding(callee.name);
      if (!binding?.scope.path.isProgram() || !binding.constant) return;
      const made = functionOf(binding.path);
      if (!made || !makesClosures(made)) return;
      path.addComment("leading", NO_INLINE);
    },
  };
}

function functionOf(path: NodePath): NodePath<types.Function> | undefined {
  if (path.isFunction()) return path;
  const init = path.isVariableDeclarator() ? (path.get("init") as NodePath) : undefined;
  return init?.isFunction() ? init : undefined;
}

function makesClosures(path: NodePath<types.Function>): boolean {
  let found = false;
  path.get("body").traverse({
    Function(inner) {
      found = true;
      inner.stop();
    },
  });
  const body = path.get("body");
  return found || (Array.isArray(body) ? false : body.isFunction());
}
