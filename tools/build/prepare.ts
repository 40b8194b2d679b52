/**
 * First rewriting pass: what the standard Babel plugins leave in a form that Espruino gets wrong (private names, class
 * expressions that name themselves, `super.method()`, `arguments` in arrows, computed keys).
 */
import type { NodePath, types } from "@babel/core";
import babel from "@babel/core";
import type { Report } from "./refuse.ts";
import { rewriteRegex } from "./regex.ts";

const t = babel.types;

/** Stands for `require` while the bundler works: it would resolve the modules that only the device has. */
export const REQUIRE = "__deviceRequire";

export function prepare(ast: types.File, report: Report): void {
  babel.traverse(ast, {
    Program: { exit: dropExports },
    VariableDeclaration(path) {
      declareClass(path);
      useLet(path);
    },
    ClassExpression: { exit: (path) => dropName(path, report) },
    Class: {
      enter(path) {
        renamePrivate(path, report);
        addConstructor(path, report);
      },
    },
    CallExpression: lowerSuperCall,
    ObjectExpression: { exit: (path) => lowerComputedKeys(path, report) },
    Identifier(path) {
      if (path.node.name === REQUIRE && path.isReferencedIdentifier()) path.node.name = "require";
      if (path.node.name === "arguments" && path.isReferencedIdentifier()) lowerArguments(path, report);
    },
    RegExpLiteral({ node }) {
      node.pattern = rewriteRegex(node.pattern);
      delete node.extra;
    },
  });
}

/** A bundle is a script: nothing imports from it. */
function dropExports(program: NodePath<types.Program>): void {
  for (const path of program.get("body")) {
    if (path.isExportNamedDeclaration()) {
      if (path.node.declaration) path.replaceWith(path.node.declaration);
      else path.remove();
    } else if (path.isExportDefaultDeclaration()) {
      const { declaration } = path.node;
      if (t.isExpression(declaration)) path.replaceWith(t.expressionStatement(declaration));
      else if ((t.isFunctionDeclaration(declaration) || t.isClassDeclaration(declaration)) && declaration.id)
        path.replaceWith(declaration);
      else path.remove();
    }
  }
}

/** `var A = class {…}` becomes `class A {…}`, so that its static fields need no temporary variable. */
function declareClass(path: NodePath<types.VariableDeclaration>): void {
  const [declarator, ...others] = path.node.declarations;
  if (!declarator || others.length > 0 || (!path.parentPath.isProgram() && !path.parentPath.isBlockStatement())) return;
  const { id, init } = declarator;
  if (id.type !== "Identifier" || init?.type !== "ClassExpression" || !path.scope.getBinding(id.name)?.constant) return;
  const value = path.get("declarations.0.init") as unknown as NodePath<types.ClassExpression>;
  if (!renameSelf(value, id.name)) return;
  path.scope.removeBinding(id.name);
  path.replaceWith(t.inherits(t.classDeclaration(t.cloneNode(id), init.superClass, init.body), path.node));
}

/** `let` is as good as `const` once types are checked, and neighbours can share one declaration. */
function useLet({ node, scope }: NodePath<types.VariableDeclaration>): void {
  if (node.kind !== "const") return;
  const names = Object.keys(t.getBindingIdentifiers(node));
  if (names.every((name) => scope.getBinding(name)?.constant)) node.kind = "let";
}

/** Espruino does not bind the inner name of a class expression. False when a reference cannot be replaced. */
function renameSelf(path: NodePath<types.ClassExpression>, name: string): boolean {
  const { id } = path.node;
  if (!id) return true;
  const own = path.scope.getOwnBinding(id.name);
  const outer = path.scope.parent.getBinding(name);
  for (const reference of own?.referencePaths ?? []) {
    if (reference.scope.getBinding(name) !== outer) return false;
    reference.replaceWith(t.identifier(name));
  }
  path.node.id = null;
  return true;
}

function dropName(path: NodePath<types.ClassExpression>, report: Report): void {
  const { id } = path.node;
  if (!id) return;
  const { parent } = path;
  const used = (path.scope.getOwnBinding(id.name)?.referencePaths.length ?? 0) > 0;
  const outer = t.isVariableDeclarator(parent) && t.isIdentifier(parent.id) ? parent.id.name : undefined;
  if (!used) path.node.id = null;
  else if (!outer || !path.scope.parent.getBinding(outer)?.constant || !renameSelf(path, outer))
    report(id, "class-name", `Espruino does not know ${id.name} inside this class expression`, "declare the class");
}

/** `#x` becomes a property of a name that no other class has and that the minifier shortens. */
function renamePrivate(path: NodePath<types.Class>, report: Report): void {
  const own = new Map<string, string>();
  for (const member of path.node.body.body)
    if (member.type === "ClassPrivateProperty" || member.type === "ClassPrivateMethod") own.set(member.key.id.name, "");
  if (own.size === 0) return;
  for (const name of own.keys()) own.set(name, `_${path.scope.generateUid(name).replace(/^_+/, "")}$`);
  path.traverse({
    Class(inner) {
      // An inner class that declares the same name means its own.
      for (const member of inner.node.body.body)
        if (
          (member.type === "ClassPrivateProperty" || member.type === "ClassPrivateMethod") &&
          own.has(member.key.id.name)
        )
          report(
            member,
            "private-name",
            `#${member.key.id.name} is declared in an outer class too`,
            "use another name",
          );
    },
    BinaryExpression({ node }) {
      if (node.left.type === "PrivateName")
        report(node, "private-in", "`#x in object` cannot be lowered", "compare the constructor, or keep a flag");
    },
    PrivateName(name) {
      const renamed = own.get(name.node.id.name);
      if (renamed && name.parentPath.isMemberExpression())
        name.replaceWith(t.inherits(t.identifier(renamed), name.node));
    },
  });
  path.node.body.body = path.node.body.body.map((member) => {
    if (member.type !== "ClassPrivateProperty" && member.type !== "ClassPrivateMethod") return member;
    const key = t.inherits(t.identifier(own.get(member.key.id.name) as string), member.key);
    if (member.type === "ClassPrivateProperty")
      return t.inherits(t.classProperty(key, member.value, null, null, false, member.static), member);
    const { kind, params, body, generator, async: isAsync } = member;
    const method = t.classMethod(
      kind as "method",
      key,
      params as types.ClassMethod["params"],
      body,
      false,
      member.static,
    );
    return t.inherits(Object.assign(method, { generator: generator ?? false, async: isAsync ?? false }), member);
  });
}

const constructorOf = (node: types.Class): types.ClassMethod | undefined =>
  node.body.body.find((member) => member.type === "ClassMethod" && member.kind === "constructor") as
    types.ClassMethod | undefined;

/** A derived class with fields needs a constructor to initialise them in: one that hands on as many arguments as its base takes. */
function addConstructor(path: NodePath<types.Class>, report: Report): void {
  const { node } = path;
  const hasFields = node.body.body.some((member) => member.type === "ClassProperty" && !member.static);
  if (!node.superClass || !hasFields || constructorOf(node)) return;
  const count = argumentCount(path);
  if (count === undefined) {
    report(node, "derived-constructor", "how many arguments the base class takes is not known", "write a constructor");
    return;
  }
  const names = Array.from({ length: count }, (_, index) => t.identifier(`a${index}`));
  const call = t.expressionStatement(t.callExpression(t.super(), names));
  node.body.body.unshift(
    t.classMethod(
      "constructor",
      t.identifier("constructor"),
      names.map((name) => t.cloneNode(name)),
      t.blockStatement([call]),
    ),
  );
}

function argumentCount(path: NodePath<types.Class>): number | undefined {
  const { superClass } = path.node;
  if (!superClass) return 0;
  const found = superClass.type === "Identifier" ? path.scope.getBinding(superClass.name)?.path : undefined;
  const init = found?.isVariableDeclarator() ? found.get("init") : found;
  if (!init || Array.isArray(init) || !init.isClass()) return undefined;
  const own = constructorOf(init.node);
  if (!own) return argumentCount(init);
  return own.params.some((parameter) => parameter.type === "RestElement") ? undefined : own.params.length;
}

/**
 * Espruino looks `super.method` up from `this`: in an instance of a subclass the method would call itself for ever.
 * Naming the base class is right in every depth, in arrows too.
 */
function lowerSuperCall(path: NodePath<types.CallExpression>): void {
  const { callee } = path.node;
  if (callee.type !== "MemberExpression" || callee.object.type !== "Super") return;
  const owner = path.findParent((up) => up.isClass()) as NodePath<types.Class> | null;
  const member = path.findParent((up) => up.isClassMethod() || up.isClassProperty());
  const base = owner?.node.superClass;
  if (base?.type !== "Identifier" || !member) return;
  const isStatic = (member.node as types.ClassMethod | types.ClassProperty).static;
  const holder = isStatic ? t.cloneNode(base) : t.memberExpression(t.cloneNode(base), t.identifier("prototype"));
  path.node.callee = t.memberExpression(
    t.inherits(t.memberExpression(holder, callee.property as types.Identifier), callee),
    t.identifier("call"),
  );
  path.node.arguments.unshift(t.thisExpression());
}

/** Arrows have no `arguments` of the function around them on Espruino. */
function lowerArguments(path: NodePath<types.Identifier>, report: Report): void {
  if (path.scope.hasBinding("arguments", true)) return;
  const nearest = path.getFunctionParent();
  if (!nearest?.isArrowFunctionExpression()) return;
  const owner = path.findParent((up) => up.isFunction() && !up.isArrowFunctionExpression());
  if (!owner?.isFunction()) {
    report(path.node, "arguments", "`arguments` outside a function", "use a rest parameter");
    return;
  }
  const saved = (owner.getData("arguments") as string | undefined) ?? owner.scope.generateUid("args");
  if (!owner.getData("arguments")) {
    owner.setData("arguments", saved);
    owner.scope.push({ id: t.identifier(saved), init: t.identifier("arguments") });
  }
  path.node.name = saved;
}

/** `{ a: 1, [key]: 2 }` becomes `(o = { a: 1 }, o[key] = 2, o)`. */
function lowerComputedKeys(path: NodePath<types.ObjectExpression>, report: Report): void {
  const members = path.node.properties;
  for (const member of members)
    if (
      member.type !== "SpreadElement" &&
      member.computed &&
      t.isLiteral(member.key) &&
      !t.isTemplateLiteral(member.key)
    )
      member.computed = false;
  const first = members.findIndex((member) => member.type !== "SpreadElement" && member.computed);
  if (first < 0) return;
  const object = path.scope.generateUidIdentifier("o");
  path.scope.push({ id: t.cloneNode(object) });
  const head = t.assignmentExpression("=", t.cloneNode(object), t.objectExpression(members.slice(0, first)));
  const rest = members.slice(first).map((member): types.Expression => {
    if (member.type === "SpreadElement")
      return t.callExpression(t.memberExpression(t.identifier("Object"), t.identifier("assign")), [
        t.cloneNode(object),
        member.argument,
      ]);
    if (member.type === "ObjectMethod" && member.kind !== "method")
      report(member, "computed-accessor", "getters and setters cannot follow a computed key", "write them first");
    const value =
      member.type === "ObjectMethod"
        ? t.functionExpression(
            null,
            member.params as types.FunctionExpression["params"],
            member.body,
            false,
            member.async,
          )
        : (member.value as types.Expression);
    const isComputed = member.computed || member.key.type !== "Identifier";
    const target = t.memberExpression(t.cloneNode(object), member.key as types.Expression, isComputed);
    return t.assignmentExpression("=", target, value);
  });
  path.replaceWith(t.sequenceExpression([head, ...rest, t.cloneNode(object)]));
}
