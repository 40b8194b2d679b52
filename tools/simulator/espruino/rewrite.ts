/**
 * Before V8 compiles a script: what no built-in can be replaced for becomes a call. Text that is made by `+` and
 * templates (numbers read differently), unary `+` of text, the names of functions, the wording of caught errors, zeros
 * with a sign, computed names that are missing, the order of names.
 */
import { type AssignmentExpression, type Node, parse } from "acorn";
import { simple } from "acorn-walk";
import { parseDecimal } from "./numbers.ts";

/** Names of what is called; see helpers in quirks.ts. */
export const HELPERS = {
  add: "$add$",
  text: "$text$",
  number: "$number$",
  name: "$name$",
  type: "$type$",
  count: "$count$",
  caught: "$caught$",
  times: "$times$",
  modulo: "$modulo$",
  item: "$item$",
  key: "$key$",
  set: "$set$",
  order: "$order$",
} as const;

export interface Rewritten {
  readonly code: string;
  /** Column in the given text, both from 0; lines stay. */
  readonly columnOf: (line: number, column: number) => number;
}

export interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}
type Loose = Node & Record<string, unknown>;

/** A script that does not parse is left to the compiler, which says why. */
export function rewrite(code: string): Rewritten {
  const edits: Edit[] = [];
  const edit = (at: number, remove: number, insert: string): void => void edits.push({ at, remove, insert });
  let program: Node;
  try {
    program = parse(code, { ecmaVersion: "latest", allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true });
  } catch {
    return { code, columnOf: (_line, column) => column };
  }
  const wrap = (node: Node, helper: string): void => {
    edit(node.start, 0, ` ${helper}(`);
    edit(node.end, 0, ")");
  };
  const skipped = new Set<Node>();
  const spare = (target: unknown): void => void skipped.add(target as Node);
  /** A name that is computed may be one that reads as a whole number. */
  const keepOrder = (target: Loose, assignment?: AssignmentExpression): void => {
    if (target.type !== "MemberExpression" || !target.computed) return;
    const [object, name] = [target.object as Loose, target.property as Loose];
    if (isWord(name) || /^\$\w+\$$/.test(String(object.name))) return;
    if (isStable(object)) {
      edit(name.start, 0, ` ${HELPERS.key}(${code.slice(object.start, object.end)},`);
      edit(name.end, 0, ")");
    } else if (assignment?.operator === "=") {
      edit(assignment.start, 0, ` ${HELPERS.set}(`);
      edit(operatorAt(code, object.end, name.start, "["), 1, ",");
      edit(target.end - 1, 1, "");
      edit(operatorAt(code, target.end, assignment.right.start, "="), 1, ",");
      edit(assignment.end, 0, ")");
    }
  };
  simple(program, {
    UpdateExpression: (node) => spare(node.argument),
    AssignmentExpression: (node) => spare(node.left),
    UnaryExpression: (node) => void (node.operator === "delete" && spare(node.argument)),
    CallExpression: (node) => spare(node.callee),
    ForInStatement: (node) => spare(node.left),
    ForOfStatement: (node) => spare(node.left),
  });
  simple(program, {
    BinaryExpression(node) {
      const zero = ZEROS[node.operator];
      if (zero && !isFraction(node.left) && !isFraction(node.right)) {
        wrap(node, zero);
        edit(operatorAt(code, node.left.end, node.right.start, node.operator), 1, ",");
      }
      if (node.operator !== "+" || (isNumeric(node.left) && isNumeric(node.right))) return;
      wrap(node, HELPERS.add);
      edit(operatorAt(code, node.left.end, node.right.start, "+"), 1, ",");
    },
    AssignmentExpression(node) {
      keepOrder(node.left as unknown as Loose, node);
      const isWhole = node.right.type === "Literal" && Number.isInteger(node.right.value);
      const zero = ZEROS[node.operator.slice(0, -1)];
      if (zero && isStable(node.left as unknown as Loose) && !isFraction(node.right)) {
        const at = operatorAt(code, node.left.end, node.right.start, node.operator);
        edit(at, 2, `=${zero}(${code.slice(node.left.start, node.left.end)},`);
        edit(node.end, 0, ")");
      }
      if (node.operator !== "+=" || isWhole || !isStable(node.left as unknown as Loose)) return;
      const at = operatorAt(code, node.left.end, node.right.start, "+=");
      edit(at, 2, `=${HELPERS.add}(${code.slice(node.left.start, node.left.end)},`);
      edit(node.end, 0, ")");
    },
    UnaryExpression(node) {
      const { argument } = node;
      // a name that is not declared may be asked for its type, but not handed over
      if (node.operator === "typeof" && argument.type === "Identifier") {
        edit(node.start, 0, ` (typeof ${argument.name}==="object"?${HELPERS.type}(${argument.name}):`);
        edit(node.end, 0, ")");
      } else if (node.operator === "typeof") {
        edit(node.start, "typeof".length, ` ${HELPERS.type}(`);
        edit(node.end, 0, ")");
      }
      if (node.operator === "-" && argument.type !== "Literal") {
        edit(node.start, 1, " (0-");
        edit(node.end, 0, ")");
      }
      if (node.operator !== "+" || isNumeric(argument)) return;
      edit(node.start, 1, ` ${HELPERS.number}(`);
      edit(node.end, 0, ")");
    },
    UpdateExpression: (node) => keepOrder(node.argument as unknown as Loose),
    ForInStatement: (node) => wrap(node.right, HELPERS.order),
    Literal(node) {
      if (typeof node.value !== "number" || !/^[\d.]+(e[+-]?\d+)?$/i.test(node.raw!) || Number.isInteger(node.value))
        return;
      const read = parseDecimal(node.raw!);
      if (read !== undefined && read !== node.value) edit(node.start, node.raw!.length, ` ${read}`);
    },
    Function(node) {
      // a declared parameter counts although it was not given
      const { params, body } = node;
      if (!params.length || node.type === "ArrowFunctionExpression") return;
      simple(body, {
        MemberExpression({ object, property, computed, start, end }) {
          const isLength = !computed && (property as { name?: string }).name === "length";
          if (!isLength || object.type !== "Identifier" || object.name !== "arguments") return;
          edit(start, 0, ` ${HELPERS.count}(${params.length},`);
          edit(end, 0, ")");
        },
      });
    },
    MemberExpression(node) {
      if (node.computed && !skipped.has(node) && node.object.type !== "Super" && !isIndex(node.property)) {
        const isPlain = isStable(node.object as unknown as Loose) && isStable(node.property as unknown as Loose);
        const all = [node.object, node.property].map(({ start, end }) => code.slice(start, end)).join();
        if (isPlain) {
          edit(node.start, 0, "(");
          edit(node.end, 0, `??${HELPERS.item}(${all}))`);
        } else {
          wrap(node, HELPERS.item);
          edit(operatorAt(code, node.object.end, node.property.start, "["), 1, ",");
          edit(node.end - 1, 1, "");
        }
      }
      if (node.computed || skipped.has(node) || (node.property as { name?: string }).name !== "name") return;
      if (node.object.type === "Super") return;
      edit(node.start, 0, ` ${HELPERS.name}(`);
      const dot = operatorAt(code, node.object.end, node.end, ".");
      edit(dot, node.end - dot, ")");
    },
    CatchClause(node) {
      if (node.param?.type === "Identifier")
        edit(node.body.start + 1, 0, `${node.param.name}=${HELPERS.caught}(${node.param.name});`);
    },
    TemplateLiteral(node) {
      if (!node.expressions.length || isTagged(code, node.start)) return;
      edit(node.start, 0, ` ${HELPERS.text}(`);
      node.expressions.forEach((_, index) => {
        edit(node.quasis[index]!.end, 2, "`,(");
        edit(node.quasis[index + 1]!.start - 1, 1, "),`");
      });
      edit(node.end, 0, ")");
    },
  });
  return apply(code, edits);
}

/** Where whole numbers give a zero without a sign, and V8 may give one with it. */
const ZEROS: Readonly<Record<string, string>> = { "*": HELPERS.times, "%": HELPERS.modulo };

const isFraction = (node: Node): boolean =>
  node.type === "Literal" && typeof (node as Loose).value === "number" && !Number.isInteger((node as Loose).value);

const isIndex = (node: Node): boolean =>
  node.type === "Literal" && typeof (node as Loose).value === "number" && Number.isInteger((node as Loose).value);

const isWord = ({ type, value }: Loose): boolean =>
  type === "Literal" && typeof value === "string" && !/^\d/.test(value);

/** The result is a number whatever the operands are. */
function isNumeric(node: Node): boolean {
  const { type, operator, value, left, right } = node as Loose;
  if (type === "Literal") return typeof value === "number";
  if (type === "UpdateExpression") return true;
  if (type === "UnaryExpression") return /^[-+~]$/.test(operator as string);
  if (type === "BinaryExpression")
    return operator === "+"
      ? isNumeric(left as Node) && isNumeric(right as Node)
      : /^([-*/%&|^]|<<|>>>?)$/.test(operator as string);
  return false;
}

/** Evaluating it twice changes nothing. */
function isStable(node: Loose): boolean {
  if (node.type === "Identifier" || node.type === "ThisExpression" || node.type === "Literal") return true;
  if (node.type !== "MemberExpression") return false;
  return isStable(node.object as Loose) && (!node.computed || isStable(node.property as Loose));
}

/** Where the operator stands between its operands: there may be parentheses and comments too. */
function operatorAt(code: string, from: number, to: number, operator: string): number {
  for (let at = from; at < to; at++) {
    if (code.startsWith("/*", at)) at = code.indexOf("*/", at) + 1;
    else if (code.startsWith("//", at)) at = code.indexOf("\n", at);
    else if (code.startsWith(operator, at)) return at;
  }
  throw new Error(`no ${operator} between ${from} and ${to}`);
}

const isTagged = (code: string, start: number): boolean =>
  /[\w$)\]]$/.test(code.slice(0, start)) &&
  !/\b(return|typeof|case|in|of|throw|void|else|do|delete|new)$/.test(code.slice(0, start));

function apply(code: string, edits: Edit[]): Rewritten {
  // at the same place: what ends there, the inner first, then what begins there, the outer first
  const order = edits
    .map((edit, index) => ({ ...edit, index, begins: !/^(\)|\?\?)/.test(edit.insert) }))
    .sort(
      (a, b) =>
        a.at - b.at || Number(a.begins) - Number(b.begins) || (a.begins ? b.index - a.index : a.index - b.index),
    );
  return applyEdits(code, order);
}

/** @param order sorted by place; edits never add lines */
export function applyEdits(code: string, order: readonly Edit[]): Rewritten {
  const shifts: { line: number; column: number; by: number }[] = [];
  let out = "";
  let from = 0;
  let line = 1;
  let lineStart = 0;
  for (const { at, remove, insert } of order) {
    const between = code.slice(from, at);
    for (let next = between.indexOf("\n"); next >= 0; next = between.indexOf("\n", next + 1)) {
      line++;
      lineStart = from + next + 1;
    }
    out += between + insert;
    from = at + remove;
    shifts.push({ line, column: at - lineStart, by: insert.length - remove });
  }
  return {
    code: out + code.slice(from),
    columnOf(wanted, column) {
      let moved = 0;
      for (const { line: on, column: at, by } of shifts) if (on === wanted && at + moved < column) moved += by;
      return Math.max(0, column - moved);
    },
  };
}
