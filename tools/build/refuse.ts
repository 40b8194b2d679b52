/**
 * Refuses, before anything is lowered, what has no counterpart on Espruino and what the later passes would turn into
 * something else.
 */
import type { NodePath, types } from "@babel/core";
import babel from "@babel/core";
import type { Finding, Locate } from "./findings.ts";
import { regexProblem } from "./regex.ts";

/** Words that Espruino's lexer keeps for itself: no variable and no member of a class may be called so. */
export const RESERVED = new Set(
  (
    "if else do while for break continue function return var let const this throw try catch finally true false null " +
    "undefined new in instanceof switch case default delete typeof void debugger class extends super static of"
  ).split(" "),
);

const BUILT_IN_CLASSES =
  /^(Object|Function|Array|String|Number|Boolean|Promise|Date|RegExp|\w*Error|\w+Array|ArrayBuffer|DataView)$/;

export type Report = (node: types.Node, rule: string, message: string, instead: string) => void;

const t = babel.types;

export function reporter(findings: Finding[], locate: Locate): Report {
  return (node, rule, message, instead) => {
    const found = node.loc ? locate(node.loc.start.line, node.loc.start.column) : undefined;
    findings.push({ rule, message, instead, position: found?.position, source: found?.source });
  };
}

export function refuseUnsupported(ast: types.File, report: Report): void {
  babel.traverse(ast, {
    Function: (path) => refuseFunction(path, report),
    Class: (path) => refuseClass(path, report),
    ForOfStatement({ node }) {
      if (node.await) report(node, "for-await", "`for await` cannot be lowered", "await inside a plain for loop");
    },
    AwaitExpression(path) {
      if (!path.getFunctionParent())
        report(
          path.node,
          "top-level-await",
          "`await` outside a function",
          "put it into an async function and call that",
        );
    },
    LabeledStatement: ({ node }) =>
      report(node, "label", "Espruino has no labels", "put the loops into a function and leave it with return"),
    BigIntLiteral: ({ node }) =>
      report(node, "bigint", "Espruino has no BigInt", "split the number, or use a double (exact up to 2^53)"),
    TaggedTemplateExpression: ({ node }) =>
      report(node, "tagged-template", "Espruino has no tagged templates", "call the function with plain arguments"),
    WithStatement: ({ node }) => report(node, "with", "Espruino has no `with`", "name the object"),
    MetaProperty: ({ node }) =>
      report(node, "meta-property", `Espruino has no ${node.meta.name}.${node.property.name}`, "pass the value in"),
    Import: ({ node }) => report(node, "dynamic-import", "`import()` is not bundled", 'import it, or require("…")'),
    Decorator: ({ node }) => report(node, "decorator", "decorators are not lowered", "call the function yourself"),
    StringLiteral: ({ node }) => refuseWide(node, node.value, report),
    TemplateElement: ({ node }) => refuseWide(node, node.value.cooked ?? "", report),
    RegExpLiteral({ node }) {
      const problem = regexProblem(node.pattern, node.flags);
      if (problem) report(node, "regex", problem.message, problem.instead);
    },
    NewExpression({ node }) {
      if (node.arguments.some((argument) => argument.type === "SpreadElement"))
        report(node, "new-spread", "`new X(...list)` cannot be lowered", "pass the arguments one by one");
    },
    ObjectMember(path) {
      if (path.isObjectMethod() && path.node.computed && path.node.kind !== "method")
        report(path.node, "computed-accessor", "computed getters and setters cannot be lowered", "use a method");
    },
    Super: (path) => refuseSuper(path, report),
    VariableDeclaration({ node }) {
      if (node.kind === "using" || node.kind === "await using")
        report(node, "using", "`using` is not lowered", "release it in `finally`");
    },
    ForXStatement(path) {
      if (!t.isVariableDeclaration(path.node.left) && !t.isIdentifier(path.node.left))
        report(path.node, "loop-target", "Espruino's for-in and for-of need a variable", "assign inside the body");
    },
  });
}

function refuseFunction({ node }: NodePath<types.Function>, report: Report): void {
  if (node.generator)
    report(node, "generator", "Espruino has no generators", "return an array, or take a callback for each item");
}

function refuseClass(path: NodePath<types.Class>, report: Report): void {
  const base = path.node.superClass;
  if (base) {
    const binding = base.type === "Identifier" ? path.scope.getBinding(base.name) : undefined;
    if (base.type !== "Identifier")
      report(base, "extends", "Espruino extends only a class given by its name", "name the base class first");
    else if (!binding && BUILT_IN_CLASSES.test(base.name))
      report(base, "extends-builtin", `Espruino cannot extend ${base.name}`, `keep a ${base.name} in a property`);
    else if (binding?.path.isFunctionDeclaration())
      report(base, "extends-function", `Espruino would not call ${base.name}()`, "make the base a class");
    else if (binding && !binding.constant)
      report(base, "extends", "the base class is assigned more than once", "use one variable per class");
  }
  for (const member of path.node.body.body) {
    if (member.type === "StaticBlock")
      report(member, "static-block", "Espruino has no static blocks", "write the statements after the class");
    else if (member.type === "ClassAccessorProperty")
      report(member, "accessor", "`accessor` fields are not lowered", "write a getter and a setter");
    else if ("computed" in member && member.computed)
      report(
        member,
        "computed-member",
        "Espruino has no computed class members",
        "assign to the instance, or use an object",
      );
    else if (member.type === "ClassMethod" && member.kind !== "constructor") {
      if (member.key.type !== "Identifier")
        report(member, "member-name", "Espruino's class methods need a plain name", "rename it, or use an object");
      else if (RESERVED.has(member.key.name))
        report(member, "reserved-member", `Espruino reserves the word ${member.key.name}`, "rename the method");
    }
  }
}

function refuseSuper(path: NodePath<types.Super>, report: Report): void {
  const { parentPath: parent } = path;
  const { node } = path;
  if (parent.isCallExpression()) {
    if (parent.node.arguments.some((argument) => argument.type === "SpreadElement"))
      report(node, "super-spread", "`super(...list)` cannot be lowered", "pass the arguments one by one");
    if (path.getFunctionParent()?.isArrowFunctionExpression())
      report(node, "super-arrow", "`super()` inside an arrow function", "call it in the constructor itself");
    return;
  }
  const called = parent.parentPath?.isCallExpression() && parent.key === "callee";
  if (!called || !parent.isMemberExpression() || parent.node.computed)
    report(node, "super-property", "only calls of `super.method()` can be lowered", "use a method, or `this`");
  else if (
    !path.findParent((up) => up.isClass()) ||
    path.findParent((up) => up.isClass() || up.isObjectMethod())?.isObjectMethod()
  )
    report(node, "super-object", "Espruino has no `super` in object literals", "name the other object");
}

function refuseWide(node: types.Node, text: string, report: Report): void {
  const wide = [...text].find((character) => character.charCodeAt(0) > 0xff);
  if (wide === undefined) return;
  const bytes = [...Buffer.from(wide, "utf8")].map((byte) => `\\x${byte.toString(16)}`).join("");
  report(
    node,
    "wide-character",
    `"${wide}" does not fit in one byte: Espruino keeps its low byte`,
    `UTF-8 bytes: "${bytes}"`,
  );
}
