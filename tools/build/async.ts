/**
 * `async` and `await` become a state machine per function and one small runtime. Of the ways that were measured on the
 * chip-shaped interpreter this one costs least: see test/build/README.md.
 */
import type { NodePath, types, Visitor } from "@babel/core";
import babel from "@babel/core";
import { Machine } from "./async-machine.ts";
import { type Boxes, statements } from "./async-statements.ts";
import { PLAIN, RUNTIME } from "./code.ts";
import type { Report } from "./refuse.ts";

const t = babel.types;

/**
 * Runs a body to its first await at once, then on from promise to promise. An error goes to the state that the body
 * named as its handler, or else to the promise.
 */
const RUNTIME_SOURCE = `function NAME(body) {
  var done, fail, s = { n: 0, h: 0 };
  var promise = new Promise(function (resolve, reject) { done = resolve; fail = reject; });
  function run(k, v) {
    for (;;) {
      s.n = 0;
      try { v = body(k, v, s); break; }
      catch (e) { if (!s.h) return fail(e); k = s.h; s.h = 0; v = e; }
    }
    if (s.n) Promise.resolve(v).then(resume, throwIn); else done(v);
  }
  function resume(v) { run(s.n, v); }
  function throwIn(e) { var k = s.h; s.h = 0; if (k) run(k, e); else fail(e); }
  run(1);
  return promise;
}`;

export function lowerAsync(report: Report): Visitor {
  return {
    Program(program) {
      const found: NodePath<types.Function>[] = [];
      program.traverse({
        Function: {
          exit(path) {
            if (path.node.async) found.push(path);
          },
        },
      });
      if (found.length === 0) return;
      const name = program.scope.generateUid("async");
      for (const path of found) lowerFunction(path, name, report);
      const runtime = babel.parseSync(RUNTIME_SOURCE.replace("NAME", name), {
        ...PLAIN,
        sourceType: "script",
        parserOpts: { sourceFilename: RUNTIME },
      }) as types.File;
      program.node.body.unshift(...runtime.program.body);
    },
  };
}

/** Everything between the root and an await, so that one look tells whether a node waits. */
function waiting(root: types.Node): Set<types.Node> {
  const found = new Set<types.Node>();
  const walk = (node: types.Node): boolean => {
    if (node !== root && t.isFunction(node)) return false;
    let waits = node.type === "AwaitExpression";
    for (const child of children(node)) if (walk(child)) waits = true;
    if (waits) found.add(node);
    return waits;
  };
  walk(root);
  return found;
}

function children(node: types.Node): types.Node[] {
  const fields = node as unknown as Record<string, unknown>;
  return (t.VISITOR_KEYS[node.type] ?? []).flatMap((key) => {
    const value = fields[key];
    return (Array.isArray(value) ? value : [value]).filter((child): child is types.Node => Boolean(child));
  });
}

function lowerFunction(path: NodePath<types.Function>, runtime: string, report: Report): void {
  const { node } = path;
  if (t.isExpression(node.body)) node.body = t.blockStatement([t.returnStatement(node.body)]);
  const body = node.body as types.BlockStatement;
  path.scope.crawl();
  const waits = waiting(body);
  const machine = new Machine(path.scope, waits, report);
  for (const [name, binding] of Object.entries(path.scope.getAllBindings() as typeof path.scope.bindings))
    if (binding.constant) machine.constants.add(name);
  saveArguments(path, machine);
  const boxes = hoist(path, machine, waits);
  const own = body.body.filter((statement) => statement.type === "FunctionDeclaration");
  statements(
    machine,
    boxes,
    body.body.filter((statement) => statement.type !== "FunctionDeclaration"),
  );
  const states = machine.body();
  const declared = machine.variables.map((name) =>
    t.variableDeclarator(t.identifier(name), name === machine.savedArguments ? t.identifier("arguments") : null),
  );
  node.body = t.blockStatement([
    ...own,
    ...(declared.length > 0 ? [t.variableDeclaration("var", declared)] : []),
    t.returnStatement(t.callExpression(t.identifier(runtime), [states])),
  ]);
  node.async = false;
}

/** The body becomes an arrow, which has no `arguments` of its own. */
function saveArguments(path: NodePath<types.Function>, machine: Machine): void {
  if (path.isArrowFunctionExpression()) return;
  path.traverse({
    Function(inner) {
      if (!inner.isArrowFunctionExpression()) inner.skip();
    },
    Identifier(identifier) {
      if (identifier.node.name !== "arguments" || !identifier.isReferencedIdentifier()) return;
      machine.savedArguments ??= machine.variable("args");
      identifier.node.name = machine.savedArguments;
    },
  });
}

type Loop = types.Loop;

/** Moves the variables of all waiting blocks out to the function, and those that closures keep per iteration into boxes. */
function hoist(path: NodePath<types.Function>, machine: Machine, waits: ReadonlySet<types.Node>): Boxes {
  const inLoops = new Set<string>();
  const heads = new Map<types.Node, { box: string; names: string[] }>();
  const bodies = new Map<types.Node, { box: string; names: string[] }>();
  const scopes = new Set([path.scope]);
  path.traverse({
    Function: (inner) => inner.skip(),
    Scope(inner) {
      scopes.add(inner.scope);
    },
  });
  for (const scope of scopes) {
    for (const binding of Object.values(scope.bindings)) {
      if (binding.kind === "param" && !scope.path.isCatchClause()) continue;
      const isTop = scope === path.scope;
      // Blocks that never wait keep their variables; `var` belongs to the whole function.
      if (!isTop && binding.kind !== "var" && !isTakenApart(scope.path, waits)) continue;
      if (isTop && binding.path.isFunctionDeclaration()) continue;
      const name = path.scope.generateUid(binding.identifier.name);
      if (binding.constant) machine.constants.add(name);
      scope.rename(binding.identifier.name, name);
      const loop = binding.kind === "var" ? undefined : waitingLoop(binding.path, path, waits);
      if (loop) inLoops.add(name);
      const references = [...binding.referencePaths, ...binding.constantViolations];
      const isCaptured = references.some((reference) => functionAround(reference) !== path.node);
      if (!loop || !isCaptured) {
        machine.variables.push(name);
        continue;
      }
      const isHead = loop.type === "ForStatement" && scope.path.node === loop;
      const kind = isHead ? heads : bodies;
      const group = kind.get(loop) ?? { box: machine.variable("box"), names: [] };
      group.names.push(name);
      kind.set(loop, group);
    }
  }
  box([...heads.values(), ...bodies.values()], path, machine);
  return {
    head: (loop) => heads.get(loop),
    body: (loop) => bodies.get(loop)?.box,
    repeats: (id) => id.type === "MemberExpression" || (id.type === "Identifier" && inLoops.has(id.name)),
  };
}

/** True for a block whose statements become states. */
function isTakenApart({ node, parent }: NodePath, waits: ReadonlySet<types.Node>): boolean {
  if (node.type === "ForOfStatement") return waits.has(node.body);
  return waits.has(node) || (parent.type === "TryStatement" && waits.has(parent));
}

function functionAround(path: NodePath): types.Node | undefined {
  return path.findParent((up) => up.isFunction() || up.isClassBody())?.node;
}

function waitingLoop(
  from: NodePath,
  owner: NodePath<types.Function>,
  waits: ReadonlySet<types.Node>,
): Loop | undefined {
  const found = from.findParent((up) => up === owner || (up.isLoop() && isTakenApart(up, waits)));
  return found && found !== owner ? (found.node as Loop) : undefined;
}

/** `x` becomes `box.x`, and every closure that mentions it gets the box of its iteration as a parameter. */
function box(
  groups: readonly { box: string; names: readonly string[] }[],
  path: NodePath<types.Function>,
  machine: Machine,
): void {
  if (groups.length === 0) return;
  const boxOf = new Map(groups.flatMap(({ box, names }) => names.map((name) => [name, box] as const)));
  const mentioned = (node: types.Node): Set<string> => {
    const found = new Set<string>();
    const walk = (inner: types.Node): void => {
      if (inner.type === "Identifier" && boxOf.has(inner.name)) found.add(boxOf.get(inner.name) as string);
      children(inner).forEach(walk);
    };
    walk(node);
    return found;
  };
  const closures: { closure: NodePath; boxes: string[] }[] = [];
  path.traverse({
    "Function|Class"(closure: NodePath) {
      const boxes = [...mentioned(closure.node)];
      if (boxes.length > 0) closures.push({ closure, boxes });
      closure.skip();
    },
  });
  path.traverse({
    Identifier(identifier) {
      const name = identifier.node.name;
      const of = boxOf.get(name);
      if (!of || identifier.parentPath.isFunctionDeclaration({ id: identifier.node })) return;
      if (identifier.parentPath.isClassDeclaration({ id: identifier.node })) return;
      if (identifier.key === "key" && !(identifier.parent as types.ObjectProperty).computed) return;
      if (identifier.parentPath.isObjectProperty({ shorthand: true })) identifier.parentPath.node.shorthand = false;
      identifier.replaceWith(t.memberExpression(t.identifier(of), t.identifier(name)));
      identifier.skip();
    },
  });
  for (const { closure, boxes } of closures) wrap(closure, boxes, boxOf, machine);
}

function wrap(closure: NodePath, boxes: readonly string[], boxOf: ReadonlyMap<string, string>, machine: Machine): void {
  const names = (): types.Identifier[] => boxes.map((name) => t.identifier(name));
  const wrapped = (value: types.Expression): types.Expression =>
    t.callExpression(t.arrowFunctionExpression(names(), value), names());
  const { node } = closure;
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
    // A declaration becomes an assignment in front of its block's statements, or in its place.
    const name = (node.id as types.Identifier).name;
    const of = boxOf.get(name);
    const target = of ? t.memberExpression(t.identifier(of), t.identifier(name)) : t.identifier(name);
    const value =
      node.type === "FunctionDeclaration"
        ? t.functionExpression(null, node.params as types.FunctionExpression["params"], node.body, false, node.async)
        : t.classExpression(null, node.superClass, node.body);
    const assignment = t.expressionStatement(t.assignmentExpression("=", target, wrapped(value)));
    const list = closure.container as types.Statement[];
    if (node.type === "ClassDeclaration") closure.replaceWith(assignment);
    else {
      closure.remove();
      list.unshift(assignment);
    }
  } else if (node.type === "ObjectMethod") {
    if (node.kind !== "method")
      machine.report(node, "await-accessor", "an accessor in a loop that awaits", "use a method");
    const value = t.functionExpression(
      null,
      node.params as types.FunctionExpression["params"],
      node.body,
      false,
      node.async,
    );
    closure.replaceWith(t.objectProperty(node.key as types.Expression, wrapped(value), node.computed));
  } else closure.replaceWith(wrapped(node as types.Expression));
  closure.skip();
}
