/**
 * Which functions leave nothing behind when they return. On Espruino a function is an object in RAM whose code stays in
 * flash: one that is made by the call that needs it, and goes with it, costs nothing in between.
 */
import type { NodePath, types } from "@babel/core";

type Fn = NodePath<types.Function>;

/** Natives that have called what they are given when they return. */
const AT_ONCE = new Set(["forEach", "map", "some", "every", "filter", "reduce", "find", "sort", "replace"]);

/** Whether a function that is made in this one may live longer than its call, and with it all that the call holds. */
export function keepsClosures(path: Fn): boolean {
  let keeps = false;
  path.traverse({
    Class(inner) {
      keeps = true;
      inner.stop();
    },
    Function(inner) {
      keeps ||= !isPlain(inner) || !isOnlyCalled(inner);
      if (keeps) inner.stop();
    },
  });
  return keeps;
}

/** Whether the value made or named at this place is called while the function runs that it is in, and goes nowhere else. */
export function isOnlyCalled(path: NodePath): boolean {
  if (path.isFunctionDeclaration()) return areCalls(path.parentPath, path.node.id!.name);
  const { parentPath: parent, key } = path;
  if (!parent) return false;
  if (parent.isLogicalExpression() || (parent.isConditionalExpression() && key !== "test")) return isOnlyCalled(parent);
  if (parent.isVariableDeclarator() && key === "init")
    return parent.node.id.type === "Identifier" && areCalls(parent, parent.node.id.name);
  return parent.isCallExpression() && (key === "callee" || isForNative(path) || isForCaller(path));
}

/** Whether the function is the argument of another one of the program, which only calls it. */
function isForCaller({ parentPath, listKey, key }: NodePath): boolean {
  const callee = listKey === "arguments" && (parentPath?.get("callee") as NodePath);
  if (!callee || !callee.isIdentifier()) return false;
  const binding = callee.scope.getBinding(callee.node.name);
  const called = binding?.constant && declaredFunction(binding.path);
  const parameter = called && called.node.params[key as number];
  return (
    !!parameter && parameter.type === "Identifier" && !isWithin(parentPath!, called) && areCalls(called, parameter.name)
  );
}

const isWithin = (path: NodePath, outer: NodePath): boolean => path === outer || path.isDescendant(outer);

/** Whether the function is the argument of a native that calls it, perhaps often, and then lets it go. */
export function isForNative({ parent, listKey }: NodePath): boolean {
  if (parent.type !== "CallExpression" || listKey !== "arguments") return false;
  const { callee } = parent;
  return (
    callee.type === "MemberExpression" && callee.property.type === "Identifier" && AT_ONCE.has(callee.property.name)
  );
}

function areCalls(at: NodePath | null, name: string): boolean {
  const binding = at?.scope.getBinding(name);
  return !!binding?.constant && binding.referencePaths.every(isOnlyCalled);
}

/** A function without a receiver, arguments by number, or stops on its way. */
export function isPlain(path: Fn): boolean {
  const { node } = path;
  if (node.async || node.generator || path.isObjectMethod() || path.isClassMethod()) return false;
  let isPlain = true;
  path.traverse({
    ThisExpression: () => void (isPlain = false),
    Identifier: (inner) => void (isPlain &&= inner.node.name !== "arguments"),
  });
  return isPlain;
}

/** The function that a declaration gives a name. */
export function declaredFunction(path: NodePath): Fn | undefined {
  if (path.isFunctionDeclaration()) return path;
  if (!path.isVariableDeclarator()) return undefined;
  const init = path.get("init") as NodePath;
  return init.isArrowFunctionExpression() || init.isFunctionExpression() ? init : undefined;
}
