/**
 * Functions move to where they are needed: one that is only called from within another becomes a part of that, so that
 * it takes RAM while the other runs and not from boot to sleep.
 */
import type { NodePath, types } from "@babel/core";
import babel from "@babel/core";
import { declaredFunction, isForNative, isOnlyCalled, isPlain, keepsClosures } from "./transient.ts";

const t = babel.types;

type Fn = NodePath<types.Function>;
type Binding = NonNullable<ReturnType<NodePath["scope"]["getBinding"]>>;

/** To read a longer one at every call would cost more time than its RAM is worth. In characters before minifying. */
const LONGEST = 1200;

/** Of functions in functions in functions. */
const ROUNDS = 8;

export function sinkFunctions(ast: types.File): void {
  for (let round = 0; round < ROUNDS; round++) {
    const moved = new Set<types.Node>();
    // paths and bindings of the round before are stale
    babel.traverse.cache.clear();
    babel.traverse(ast, {
      Scope({ scope }) {
        for (const binding of Object.values(scope.bindings)) sink(binding, moved);
      },
    });
    if (moved.size === 0) return;
  }
}

function sink(binding: Binding, moved: Set<types.Node>): void {
  const { path, referencePaths, constant } = binding;
  const made = constant && referencePaths.length > 0 && declaredFunction(path);
  if (!made || (made.node.end ?? Infinity) - (made.node.start ?? 0) > LONGEST) return;
  if (path.isVariableDeclarator() && !t.isBlock(path.parentPath.parent)) return;
  const isStale = (at: NodePath): boolean => at.findParent((up) => moved.has(up.node)) !== null;
  if (isStale(path) || referencePaths.some(isStale)) return;
  if (!referencePaths.every(isOnlyCalled) || !isPlain(made) || keepsClosures(made)) return;
  const into = hostOf(binding, made);
  if (!into) return;
  const declaration = path.isFunctionDeclaration()
    ? path.node
    : t.variableDeclaration("let", [path.node as types.VariableDeclarator]);
  path.remove();
  if (into.node.body.type !== "BlockStatement") into.node.body = t.blockStatement([t.returnStatement(into.node.body)]);
  into.node.body.body.unshift(declaration);
  moved.add(declaration).add(into.node);
}

/** The outermost function below the declaration that holds all references, leaves nothing behind, and does not run in a loop. */
function hostOf({ path, referencePaths, scope }: Binding, made: Fn): Fn | undefined {
  const [first, ...others] = referencePaths.map((reference) => {
    const around: Fn[] = [];
    for (let at = reference.getFunctionParent(); at && at.scope !== scope; at = at.getFunctionParent())
      around.unshift(at);
    return around;
  });
  const hosts = first!.filter((host) => others.every((around) => around.includes(host)));
  if (hosts.includes(made)) return undefined;
  return hosts.find(
    (host) =>
      host.findParent((up) => up === path.scope.path || up.scope === scope) !== null &&
      !host.node.async &&
      !host.node.generator &&
      !keepsClosures(host) &&
      !isOften(host) &&
      meansTheSame(made, host),
  );
}

function isOften(host: Fn): boolean {
  if (isForNative(host)) return true;
  const { parent, node } = host;
  const id = t.isVariableDeclarator(parent) ? parent.id : t.isFunctionDeclaration(node) ? node.id : undefined;
  const binding = t.isIdentifier(id) && host.parentPath?.scope.getBinding(id.name);
  if (!binding) return false;
  return binding.referencePaths.some(
    (call) => isForNative(call) || call.findParent((up) => up.isLoop() || up.isFunction())?.isLoop() === true,
  );
}

/** Whether every free name of the function means the same inside of its host. */
function meansTheSame(made: Fn, host: Fn): boolean {
  let same = true;
  made.traverse({
    Identifier(inner) {
      const { parent, key } = inner;
      const isName =
        (key === "property" && t.isMemberExpression(parent)) || (key === "key" && !t.isSpreadElement(parent));
      if (isName && !(parent as types.MemberExpression).computed) return;
      const { name } = inner.node;
      const meant = inner.scope.getBinding(name);
      if (meant && isWithin(meant.scope.path, made)) return;
      if (host.scope.getBinding(name) !== meant) same = false;
    },
  });
  return same;
}

const isWithin = (path: NodePath, outer: NodePath): boolean => path === outer || path.isDescendant(outer);
