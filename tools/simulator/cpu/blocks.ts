/**
 * What the interpreter has to do, piece by piece: splits a bundle into stretches that run as a whole, and counts in each
 * the kinds of work it holds. The interpreter reads the text anew each time, so characters are work too, and so is
 * the text of a branch that is not taken.
 */
import { type Node, parse } from "acorn";
import { applyEdits, type Rewritten } from "../espruino/rewrite.ts";

export const KINDS = [
  "character", "skipped", "name", "literal", "operator", "assignment", "member", "index", "call", "argument", "make",
  "function", "parameter", "object", "property", "element", "statement", "declaration", "round", "branch", "entry", "template",
  "byte", "list", "string", "bytes", "json", "number", "print",
] as const; // prettier-ignore
export type Kind = (typeof KINDS)[number];
export type Work = Partial<Record<Kind, number>>;

/** Natives by what they cost beyond a call. */
const NATIVES: Readonly<Record<string, Kind>> = Object.fromEntries(
  (
    [
      ["list", "push pop shift unshift slice splice concat map filter forEach some every reduce sort reverse indexOf find findIndex includes fill keys"],
      ["string", "substr substring charAt split join trim replace toUpperCase toLowerCase startsWith endsWith repeat padStart padEnd test exec match"],
      ["bytes", "Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array subarray set sum convolve CRC32 toUint8Array toString read write"],
      ["json", "stringify parse"],
      ["number", "toFixed parseInt parseFloat charCodeAt fromCharCode floor round min max abs pow ceil isNaN"],
      ["print", "print log"],
    ] as const
  ).flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind])),
); // prettier-ignore

type Loose = Node & Record<string, unknown>;

export interface Block {
  readonly work: Work;
}

/** Where to count a block: `before` an expression, or at the start of statements. */
interface Mark {
  readonly at: number;
  readonly text: string;
  readonly end?: boolean;
}

/** The blocks of a script, and the script with `count(index)` run at each. */
export function splitBlocks(
  code: string,
  count: (index: number, block: Block) => string,
): Rewritten & { readonly blocks: readonly Block[] } {
  const program = parse(code, { ecmaVersion: "latest", allowReturnOutsideFunction: true }) as unknown as Loose;
  const pending: { index: number; statements?: { at: number; wrapEnd?: number }; expression?: Loose }[] = [];
  const blocks: Block[] = [];
  const open = (place: Omit<(typeof pending)[number], "index">): Work => {
    const work: Work = {};
    blocks.push({ work });
    pending.push({ index: blocks.length - 1, ...place });
    return work;
  };
  const add = (work: Work, kind: Kind, amount = 1): void => void (work[kind] = (work[kind] ?? 0) + amount);
  const length = (node: Node): number => node.end - node.start;

  /** A branch: its text is skipped unless it runs. */
  function branch(node: Loose | null | undefined, outer: Work, isStatement: boolean): void {
    if (!node) return;
    add(outer, "skipped", length(node));
    add(outer, "character", -length(node));
    const place = isStatement ? statementPlace(node) : { expression: node };
    const work = open(place);
    add(work, "character", length(node));
    add(work, "skipped", -length(node));
    walk(node, work);
  }
  const statementPlace = (node: Loose) => ({
    statements: node.type === "BlockStatement" ? { at: node.start + 1 } : { at: node.start, wrapEnd: node.end },
  });

  function body(made: Loose): void {
    const inner = made.body as Loose;
    const work = open(inner.type === "BlockStatement" ? statementPlace(inner) : { expression: inner });
    add(work, "entry");
    add(work, "character", length(inner));
    add(work, "parameter", (made.params as unknown[]).length);
    walk(inner, work);
  }

  function walk(node: Loose, work: Work): void {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        add(work, "function");
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
      case "Identifier":
        return add(work, "name");
      case "Literal":
      case "ThisExpression":
        return add(work, "literal");
      case "TemplateLiteral":
        add(work, "template", (node.quasis as unknown[]).length);
        return (node.expressions as Loose[]).forEach((inner) => walk(inner, work));
      case "MemberExpression":
        add(work, node.computed ? "index" : "member");
        walk(node.object as Loose, work);
        return node.computed ? walk(node.property as Loose, work) : undefined;
      case "Property":
        add(work, "property");
        return walk(node.value as Loose, work);
      case "CallExpression":
      case "NewExpression": {
        const callee = node.callee as Loose;
        const name = (callee.type === "MemberExpression" ? (callee.property as Loose).name : callee.name) as
          string | undefined;
        add(work, node.type === "CallExpression" ? "call" : "make");
        const native = name === undefined ? undefined : NATIVES[name];
        if (native) add(work, native);
        add(work, "argument", (node.arguments as unknown[]).length);
        break;
      }
      default: {
        const kind = KIND_OF[node.type];
        if (kind) add(work, kind);
        if (node.type === "ArrayExpression") add(work, "element", (node.elements as unknown[]).length);
      }
    }
    for (const value of Object.values(node))
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
        if (item && typeof (item as Node).type === "string") walk(item as Loose, work);
  }

  const top = open({ statements: { at: 0 } });
  add(top, "character", code.length);
  walk(program, top);

  const marks: (Mark & { order: number })[] = [];
  for (const { index, statements, expression } of pending) {
    const text = count(index, blocks[index]!);
    if (!text) continue;
    if (expression) {
      marks.push({ at: expression.start, text: `(${text},`, order: index });
      marks.push({ at: expression.end, text: ")", end: true, order: index });
    } else if (statements?.wrapEnd !== undefined) {
      marks.push({ at: statements.at, text: `{${text};`, order: index });
      marks.push({ at: statements.wrapEnd, text: "}", end: true, order: index });
    } else marks.push({ at: statements!.at, text: `${text};`, order: index });
  }
  // the inner ends first; the outer, which was opened first, begins first
  marks.sort(
    (a, b) => a.at - b.at || Number(!a.end) - Number(!b.end) || (a.end ? b.order - a.order : a.order - b.order),
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
