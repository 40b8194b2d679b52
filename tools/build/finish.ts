/**
 * Last rewriting pass, after the minifier: it puts declarations where Espruino, which hoists nothing, needs them, and
 * undoes the few forms that the minifier likes and Espruino does not parse.
 */
import type { NodePath, types } from "@babel/core";
import babel from "@babel/core";
import { minify_sync } from "terser";
import { functionsFirst, toArrow } from "./arrows.ts";
import { chain, type Code, PLAIN } from "./code.ts";
import type { SourceMap } from "./findings.ts";
import { keepOldValue } from "./compound.ts";
import { hoistVariables } from "./hoist.ts";

const t = babel.types;

export function finish({ code, map }: Code): Code {
  const ast = babel.parseSync(code, { ...PLAIN, sourceType: "script" }) as types.File;
  babel.traverse(ast, {
    Loop: { exit: copyCaptured },
    ForStatement: { exit: moveInit },
    SwitchStatement: { exit: defaultLast },
    Class: { exit: shelterClass },
    ExpressionStatement: { exit: shelterText },
    // before the first pass over them: what is wrapped must not be unwrapped
    Expression: {
      exit: ({ node }) => void (node.type === "BinaryExpression" && node.operator === "/" && shelterDivided(node)),
    },
    "AssignmentExpression|BinaryExpression": { exit: (path) => keepOldValue(path as NodePath<types.BinaryExpression>) },
    ArrayExpression({ node }) {
      // Espruino cannot read past a hole in code that it skips.
      node.elements = node.elements.map((element) => element ?? t.unaryExpression("void", t.numericLiteral(0)));
    },
    UnaryExpression(path) {
      // what the minifier has computed; Espruino's zero has no sign
      const { operator, argument } = path.node;
      if (operator === "-" && argument.type === "NumericLiteral" && !argument.value) path.replaceWith(argument);
    },
    DoWhileStatement({ node }) {
      if (node.body.type === "EmptyStatement") node.body = t.blockStatement([]);
    },
    FunctionExpression: { exit: toArrow },
    "Program|BlockStatement": {
      exit(path) {
        functionsFirst(path as NodePath<types.Program | types.BlockStatement>);
        if (path.isBlockStatement()) openScope(path);
      },
    },
  });
  babel.traverse.cache.clear();
  babel.traverse(ast, { "Program|Function": { exit: (path) => hoistVariables(path as NodePath<types.Program>) } });
  const result = babel.transformFromAstSync(ast, code, {
    ...PLAIN,
    cloneInputAst: false,
    compact: true,
    comments: false,
    sourceMaps: true,
    sourceFileName: "bundle.js",
  });
  return print({ code: result?.code ?? "", map: chain(result?.map as SourceMap, map) });
}

/** `i++/n`: a slash behind `++` begins a pattern on Espruino. */
function shelterDivided(division: types.BinaryExpression): void {
  let holder: types.BinaryExpression = division;
  let end = holder.left;
  while (end.type === "BinaryExpression") {
    holder = end;
    end = holder.right;
  }
  if (end.type !== "UpdateExpression" || end.prefix) return;
  holder[holder === division ? "left" : "right"] = t.sequenceExpression([t.numericLiteral(0), end]);
}

/** The minifier's printer is the tersest: every semicolon counts. */
function print({ code, map }: Code): Code {
  const format = { ascii_only: true, ecma: 5 } as const;
  const result = minify_sync(
    { "bundle.js": code },
    { compress: false, mangle: false, format, sourceMap: { asObject: true } },
  );
  return { code: result.code ?? "", map: chain(result.map as unknown as SourceMap, map) };
}

/** A block's scope exists from its first `let` on: a function made before that would not see the block's variables. */
function openScope(path: NodePath<types.BlockStatement>): void {
  if (t.isFunction(path.parent)) return;
  const isLexical = (statement: types.Statement): boolean =>
    (statement.type === "VariableDeclaration" && statement.kind !== "var") || statement.type === "ClassDeclaration";
  const statements = path.get("body");
  const first = statements.findIndex(({ node }) => isLexical(node));
  const makes = (statement: NodePath): boolean => {
    let found = statement.isFunction();
    statement.traverse({ Function: () => void (found = true) });
    return found;
  };
  if (first <= 0 || !statements.slice(0, first).some(makes)) return;
  const opener = t.variableDeclaration("let", [t.variableDeclarator(path.scope.generateUidIdentifier("b"))]);
  path.node.body.unshift(opener);
}

/** Espruino has one binding for all iterations: closures get a copy that belongs to theirs. */
function copyCaptured(path: NodePath<types.Loop>): void {
  const { node } = path;
  const head = node.type === "ForStatement" ? node.init : t.isForXStatement(node) ? node.left : undefined;
  if (head?.type !== "VariableDeclaration" || head.kind === "var") return;
  const copies: types.VariableDeclarator[] = [];
  for (const name of Object.keys(t.getBindingIdentifiers(head))) {
    const binding = path.scope.getOwnBinding(name);
    const owner = path.getFunctionParent()?.node;
    const inBody = (reference: NodePath): boolean =>
      reference.find((up) => up.key === "body" && up.parent === node) !== null;
    const isCaptured = binding?.referencePaths.some((reference) => reference.getFunctionParent()?.node !== owner);
    if (!binding || !isCaptured) continue;
    if (node.type === "ForStatement" && binding.constantViolations.some(inBody)) continue;
    const outer = path.scope.generateUid(name);
    const copy = t.identifier(name);
    for (const reference of [...binding.referencePaths, ...binding.constantViolations])
      if (!inBody(reference)) renameIn(reference, name, outer);
    for (const declarator of head.declarations)
      if (declarator.id.type === "Identifier" && declarator.id.name === name) declarator.id.name = outer;
    copies.push(t.variableDeclarator(copy, t.identifier(outer)));
  }
  if (copies.length === 0) return;
  const body = t.isBlockStatement(node.body) ? node.body : t.blockStatement([node.body]);
  body.body.unshift(t.variableDeclaration("let", copies));
  node.body = body;
}

function renameIn(path: NodePath, from: string, to: string): void {
  if (path.isIdentifier({ name: from })) path.node.name = to;
  else
    for (const identifier of Object.values(t.getBindingIdentifiers(path.node, false, true)))
      if (!Array.isArray(identifier) && identifier.name === from) identifier.name = to;
}

/** Espruino cannot read past a class in code that it skips, unless that is in braces: those it skips as a whole. */
function shelterClass(path: NodePath<types.Class>): void {
  if (!isReadWhenSkipped(path)) return;
  const { node } = path;
  const value = t.classExpression(null, node.superClass, node.body);
  const shelter = t.functionExpression(null, [], t.blockStatement([t.returnStatement(value)]));
  const call = t.callExpression(shelter, []);
  if (path.isClassExpression()) path.replaceWith(call);
  else path.replaceWith(t.variableDeclaration("let", [t.variableDeclarator(node.id as types.Identifier, call)]));
  path.skip();
}

function isReadWhenSkipped(path: NodePath): boolean {
  for (let at: NodePath = path; at.parentPath; at = at.parentPath) {
    const { parent, key } = at;
    if (t.isBlockStatement(parent) || t.isProgram(parent)) return false;
    if (t.isSwitchCase(parent) || (t.isArrowFunctionExpression(parent) && key === "body")) return true;
    if (t.isLogicalExpression(parent) && key === "right") return true;
    if ((t.isConditional(parent) && key !== "test") || (t.isLoop(parent) && key === "body")) return true;
  }
  return false;
}

/** Espruino reads the token after a skipped block as if it skipped that as well: a text there would be empty. */
function shelterText(path: NodePath<types.ExpressionStatement>): void {
  const before = path.inList && path.getPrevSibling();
  if (!before || !(before.isIfStatement() || before.isTryStatement())) return;
  let first: types.Node = path.node.expression;
  for (;;) {
    const inner: types.Node | undefined =
      first.type === "BinaryExpression" || first.type === "LogicalExpression" ? first.left
      : first.type === "ConditionalExpression" ? first.test
      : first.type === "SequenceExpression" ? first.expressions[0]
      : first.type === "MemberExpression" ? first.object
      : first.type === "CallExpression" ? first.callee
      : first.type === "TaggedTemplateExpression" ? first.tag
      : undefined; // prettier-ignore
    if (!inner) break;
    first = inner;
  }
  if (first.type === "StringLiteral" || first.type === "TemplateLiteral")
    path.node.expression = t.sequenceExpression([t.numericLiteral(0), path.node.expression]);
}

/** Espruino takes every `in` in the head of a for for that of for-in. */
function moveInit(path: NodePath<types.ForStatement>): void {
  const { init } = path.node;
  if (!init || !path.inList) return;
  let hasIn = false;
  const look = (inner: NodePath): void => {
    if (inner.isBinaryExpression({ operator: "in" })) hasIn = true;
  };
  const initPath = path.get("init") as NodePath<types.Node>;
  look(initPath);
  initPath.traverse({ BinaryExpression: look, Function: (inner) => inner.skip() });
  if (!hasIn) return;
  path.node.init = null;
  const first = init.type === "VariableDeclaration" ? init : t.expressionStatement(init);
  if (init.type === "VariableDeclaration" && init.kind !== "var")
    path.replaceWith(t.blockStatement([first, path.node]));
  else path.insertBefore(first);
}

/** Espruino wants `default` at the end; it may move there when nothing falls into or out of it. */
function defaultLast({ node }: NodePath<types.SwitchStatement>): void {
  const index = node.cases.findIndex(({ test }) => !test);
  if (index < 0 || index === node.cases.length - 1) return;
  const ends = (each: types.SwitchCase | undefined): boolean =>
    !each || /^(Break|Return|Throw|Continue)Statement$/.test(each.consequent.at(-1)?.type ?? "");
  if (!ends(node.cases[index - 1]) || !ends(node.cases[index])) return;
  const last = node.cases.at(-1) as types.SwitchCase;
  if (!ends(last)) last.consequent.push(t.breakStatement());
  node.cases.push(...node.cases.splice(index, 1));
}
