/**
 * What the interpreter has to do, piece by piece: splits a bundle into stretches that run as a whole, and counts in each
 * the kinds of work it holds. The interpreter reads the text anew each time, so characters are work too, and so is
 * the text of a branch that is not taken.
 */
import { type Node, parse } from "acorn";
import { applyEdits, type Rewritten } from "../espruino/rewrite.ts";
import { type Kind, KINDS, NATIVES } from "./kinds.ts";
import { findLookups } from "./scopes.ts";

export type Work = { [K in Kind]?: number };

type Loose = Node & Record<string, unknown>;

export interface Block {
  readonly work: Work;
}

/** Where to count a block: at the start of statements, which may need braces, or before an expression. */
type Place =
  { readonly statements: { readonly at: number; readonly wrapEnd?: number } } | { readonly expression: Loose };

/** Text to put in. At one place ends come first, the inner before the outer; then what begins, the outer first. */
interface Mark {
  readonly at: number;
  readonly text: string;
  readonly isEnd: boolean;
  readonly order: number;
}

/** Name of the function that metered scripts hand values to: what a native goes through is work by its size. */
export const SIZED = "$size$";

/** The blocks of a script, and the script with `count(index)` run at each and `SIZED(number of the kind, value)`. */
export function splitBlocks(
  code: string,
  count: (index: number, block: Block) => string,
): Rewritten & { readonly blocks: readonly Block[] } {
  const program = parse(code, { ecmaVersion: "latest", allowReturnOutsideFunction: true }) as unknown as Loose;
  const lookups = findLookups(program);
  const blocks: Block[] = [];
  const pending: (() => void)[] = [];
  const marks: Mark[] = [];
  let opened = 0;
  const wrap = (start: number, end: number, open: string, close: string, order: number): void => {
    marks.push({ at: start, text: open, isEnd: false, order });
    if (close) marks.push({ at: end, text: close, isEnd: true, order });
  };
  const open = (place: Place): Work => {
    const work: Work = {};
    const index = blocks.push({ work }) - 1;
    const order = opened++;
    // what a block holds is known when all of it was seen
    pending.push(() => {
      const text = count(index, blocks[index]!);
      if (!text) return;
      if ("expression" in place) return wrap(place.expression.start, place.expression.end, `(${text},`, ")", order);
      const { at, wrapEnd } = place.statements;
      if (wrapEnd === undefined) wrap(at, at, `${text};`, "", order);
      else wrap(at, wrapEnd, `{${text};`, "}", order);
    });
    return work;
  };
  const sized = (node: Loose, kind: Kind): void =>
    wrap(node.start, node.end, ` ${SIZED}(${KINDS.indexOf(kind)},`, ")", opened++);
  const add = (work: Work, kind: Kind, amount = 1): void => void (work[kind] = (work[kind] ?? 0) + amount);
  const length = (node: Node): number => node.end - node.start;

  /** A branch: its text is skipped unless it runs. */
  function branch(node: Loose | null | undefined, outer: Work, isStatement: boolean): void {
    if (!node) return;
    add(outer, "skipped", length(node));
    add(outer, "character", -length(node));
    const work = open(isStatement ? statementPlace(node) : { expression: node });
    add(work, "character", length(node));
    add(work, "skipped", -length(node));
    walk(node, work);
  }
  const statementPlace = (node: Loose): Place => ({
    statements: node.type === "BlockStatement" ? { at: node.start + 1 } : { at: node.start, wrapEnd: node.end },
  });

  function body(made: Loose): void {
    const inner = made.body as Loose;
    const work = open(inner.type === "BlockStatement" ? statementPlace(inner) : { expression: inner });
    add(work, "entry");
    add(work, "character", length(inner));
    add(work, "entered", lookups.depths.get(made.start) ?? 0);
    add(work, "parameter", (made.params as unknown[]).length);
    walk(inner, work);
  }

  function call(node: Loose, work: Work): void {
    const callee = node.callee as Loose;
    const args = node.arguments as Loose[];
    add(work, node.type === "CallExpression" ? "call" : "make");
    add(work, "argument", args.length);
    const name = (callee.type === "MemberExpression" ? (callee.property as Loose).name : callee.name) as string;
    const native = NATIVES.get(name);
    if (!native) return;
    const { kind, size, of } = native;
    add(work, kind);
    if (!size) return;
    if (of === "result") return sized(node, size);
    const measured =
      of === "argument" ? args[0] : callee.type === "MemberExpression" ? (callee.object as Loose) : undefined;
    if (measured && measured.type !== "Super" && measured.type !== "SpreadElement") sized(measured, size);
  }

  function walk(node: Loose, work: Work): void {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        add(work, "function");
        add(work, "captured", lookups.depths.get(node.start) ?? 0);
        add(work, "skipped", length(node.body as Node));
        add(work, "character", -length(node.body as Node));
        add(work, "property", (node.params as unknown[]).length);
        return body(node);
      case "IfStatement":
        add(work, "branch");
        walk(node.test as Loose, work);
        branch(node.consequent as Loose, work, true);
        return branch(node.alternate as Loose | null, work, true);
      case "ConditionalExpression":
        add(work, "branch");
        walk(node.test as Loose, work);
        branch(node.consequent as Loose, work, false);
        return branch(node.alternate as Loose, work, false);
      case "LogicalExpression":
        add(work, "branch");
        walk(node.left as Loose, work);
        return branch(node.right as Loose, work, false);
      case "ForStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForInStatement":
      case "ForOfStatement": {
        add(work, "branch");
        if (lookups.depths.has(node.start)) add(work, "scope");
        if (node.init) walk(node.init as Loose, work);
        if (node.right) walk(node.right as Loose, work);
        const inner = node.body as Loose;
        add(work, "character", -length(inner));
        add(work, "skipped", length(inner));
        const round = open(statementPlace(inner));
        add(round, "round");
        add(round, "character", length(inner));
        for (const part of [node.test, node.update] as (Loose | null)[]) {
          if (!part) continue;
          add(round, "character", length(part));
          walk(part, round);
        }
        return walk(inner, round);
      }
      case "SwitchStatement":
        add(work, "branch");
        walk(node.discriminant as Loose, work);
        for (const each of node.cases as Loose[]) {
          if (each.test) walk(each.test as Loose, work);
          const list = each.consequent as Loose[];
          if (!list.length) continue;
          const size = list.at(-1)!.end - list[0]!.start;
          add(work, "skipped", size);
          add(work, "character", -size);
          const inner = open({ statements: { at: list[0]!.start } });
          add(inner, "character", size);
          add(inner, "skipped", -size);
          for (const statement of list) walk(statement, inner);
        }
        return;
      case "CatchClause":
        return branch(node.body as Loose, work, true);
      case "Identifier": {
        const lookup = lookups.names.get(node.start);
        add(work, "name");
        if (!lookup) return;
        add(work, "passed", lookup.passed);
        return lookup.isBuiltIn ? add(work, "builtin") : undefined;
      }
      case "Literal":
      case "ThisExpression":
        return add(work, "literal");
      case "TemplateLiteral":
        add(work, "template", (node.quasis as unknown[]).length);
        return (node.expressions as Loose[]).forEach((inner) => walk(inner, work));
      case "MemberExpression":
        add(work, node.computed ? "index" : (node.property as Loose).name === "length" ? "length" : "member");
        walk(node.object as Loose, work);
        return node.computed ? walk(node.property as Loose, work) : undefined;
      case "Property":
        add(work, "property");
        return walk(node.value as Loose, work);
      case "CallExpression":
      case "NewExpression":
        call(node, work);
        break;
      case "BlockStatement":
        if (lookups.depths.has(node.start)) add(work, "scope");
        break;
      default: {
        const kind = KIND_OF[node.type];
        if (kind) add(work, kind);
        if (node.type === "ArrayExpression") add(work, "element", (node.elements as unknown[]).length);
      }
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === "key" && !node.computed) continue;
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
        if (item && typeof (item as Node).type === "string") walk(item as Loose, work);
    }
  }

  const top = open({ statements: { at: 0 } });
  add(top, "character", code.length);
  walk(program, top);
  for (const finish of pending) finish();

  marks.sort(
    (a, b) => a.at - b.at || Number(!a.isEnd) - Number(!b.isEnd) || (a.isEnd ? b.order - a.order : a.order - b.order),
  );
  const edits = marks.map(({ at, text }) => ({ at, remove: 0, insert: text }));
  return { ...applyEdits(code, edits), blocks };
}

const KIND_OF: Readonly<Record<string, Kind>> = {
  BinaryExpression: "operator",
  UnaryExpression: "operator",
  UpdateExpression: "assignment",
  AssignmentExpression: "assignment",
  ArrayExpression: "object",
  ObjectExpression: "object",
  ClassExpression: "function",
  ClassDeclaration: "function",
  VariableDeclarator: "declaration",
  ExpressionStatement: "statement",
  ReturnStatement: "statement",
  ThrowStatement: "statement",
  TryStatement: "statement",
};
