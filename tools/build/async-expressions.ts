/**
 * Expressions of an async function. Everything around an await is taken apart so that the await stands alone, and what
 * was evaluated before it is kept in a variable.
 */
import type { types } from "@babel/core";
import babel from "@babel/core";
import type { Machine } from "./async-machine.ts";

const t = babel.types;

/** Emits what has to happen first and returns what is left; nothing else may be emitted before that is used. */
export function expression(machine: Machine, node: types.Expression): types.Expression {
  if (!machine.waits(node)) return node;
  switch (node.type) {
    case "AwaitExpression":
      return machine.wait(expression(machine, node.argument));
    case "SequenceExpression":
      for (const part of node.expressions.slice(0, -1)) machine.emit(t.expressionStatement(expression(machine, part)));
      return expression(machine, node.expressions.at(-1) as types.Expression);
    case "BinaryExpression":
      [node.left, node.right] = inOrder(machine, [node.left as types.Expression, node.right]) as [
        types.Expression,
        types.Expression,
      ];
      return node;
    case "UnaryExpression":
    case "UpdateExpression":
      node.argument = expression(machine, node.argument);
      return node;
    case "MemberExpression":
      return member(machine, node);
    case "AssignmentExpression":
      return assignment(machine, node);
    case "LogicalExpression":
    case "ConditionalExpression":
      return choice(machine, node);
    case "CallExpression":
    case "NewExpression":
      return call(machine, node);
    case "ArrayExpression":
      node.elements = inOrder(machine, node.elements as types.Expression[]);
      return node;
    case "TemplateLiteral":
      node.expressions = inOrder(machine, node.expressions as types.Expression[]);
      return node;
    case "ObjectExpression": {
      const values = inOrder(
        machine,
        node.properties.map((property) =>
          property.type === "ObjectProperty" ? (property.value as types.Expression) : null,
        ),
      );
      node.properties.forEach((property, index) => {
        if (property.type !== "ObjectProperty") return;
        property.value = values[index] as types.Expression;
        property.shorthand = false;
      });
      return node;
    }
    default:
      machine.report(node, "await-place", "`await` cannot stand here", "await into a variable first");
      return node;
  }
}

/** Runs `node` for its effects. */
export function effect(machine: Machine, node: types.Expression): void {
  const left = expression(machine, node);
  if (left.type !== "Identifier") machine.emit(t.expressionStatement(left));
}

function keep(machine: Machine, value: types.Expression): types.Expression {
  const name = machine.variable("t");
  machine.constants.add(name);
  machine.assign(name, value);
  return t.identifier(name);
}

function isFixed(machine: Machine, node: types.Expression): boolean {
  if (node.type === "Identifier") return machine.isConstant(node.name);
  return (t.isLiteral(node) && node.type !== "TemplateLiteral") || t.isFunction(node) || node.type === "ThisExpression";
}

/** Evaluates from left to right: what precedes an await is kept. Null stands for a part without a value. */
function inOrder<T extends types.Expression | null>(machine: Machine, parts: readonly T[]): T[] {
  let last = -1;
  parts.forEach((part, index) => {
    if (machine.waits(part)) last = index;
  });
  return parts.map((part, index) => {
    if (!part) return part;
    const value = expression(machine, part);
    return (index < last && !isFixed(machine, value) ? keep(machine, value) : value) as T;
  });
}

function member(machine: Machine, node: types.MemberExpression): types.MemberExpression {
  if (!node.computed) {
    node.object = expression(machine, node.object as types.Expression);
    return node;
  }
  const [object, property] = inOrder(machine, [node.object as types.Expression, node.property as types.Expression]);
  [node.object, node.property] = [object as types.Expression, property as types.Expression];
  return node;
}

/** A place to write to whose parts are evaluated already. */
function place(machine: Machine, node: types.MemberExpression): types.MemberExpression {
  const object = expression(machine, node.object as types.Expression);
  node.object = isFixed(machine, object) ? object : keep(machine, object);
  if (node.computed) {
    const property = expression(machine, node.property as types.Expression);
    node.property = isFixed(machine, property) ? property : keep(machine, property);
  }
  return node;
}

function assignment(machine: Machine, node: types.AssignmentExpression): types.Expression {
  const left = node.left;
  if (left.type !== "Identifier" && left.type !== "MemberExpression") {
    machine.report(node, "await-place", "`await` inside a destructuring assignment", "await into a variable first");
    return node;
  }
  const target = left.type === "MemberExpression" ? place(machine, left) : left;
  node.left = target;
  if (node.operator !== "=") {
    const before = keep(machine, t.cloneNode(target));
    const operator = node.operator.slice(0, -1) as types.BinaryExpression["operator"];
    node.right = t.binaryExpression(operator, before, expression(machine, node.right));
    node.operator = "=";
  } else node.right = expression(machine, node.right);
  return node;
}

function choice(machine: Machine, node: types.LogicalExpression | types.ConditionalExpression): types.Expression {
  const result = machine.variable("t");
  machine.constants.add(result);
  const other = machine.label();
  const end = machine.label();
  if (node.type === "ConditionalExpression") {
    const test = expression(machine, node.test);
    machine.emit(t.ifStatement(t.unaryExpression("!", test), t.blockStatement(machine.jump(other))));
    machine.assign(result, expression(machine, node.consequent));
    machine.emit(...machine.jump(end));
    machine.mark(other);
    machine.assign(result, expression(machine, node.alternate));
  } else {
    machine.assign(result, expression(machine, node.left));
    const left = t.identifier(result);
    const isDecided =
      node.operator === "||"
        ? left
        : node.operator === "&&"
          ? t.unaryExpression("!", left)
          : t.binaryExpression("!=", left, t.nullLiteral());
    machine.emit(t.ifStatement(isDecided, t.blockStatement(machine.jump(end))));
    machine.assign(result, expression(machine, node.right));
  }
  machine.mark(end);
  return t.identifier(result);
}

function call(
  machine: Machine,
  node: types.CallExpression | types.NewExpression,
): types.CallExpression | types.NewExpression {
  const { callee } = node;
  const argumentsWait = node.arguments.some((argument) => machine.waits(argument));
  if (callee.type === "MemberExpression")
    node.callee = argumentsWait ? place(machine, callee) : member(machine, callee);
  else if (machine.waits(callee)) {
    const called = expression(machine, callee as types.Expression);
    node.callee = argumentsWait ? keep(machine, called) : called;
  }
  node.arguments = inOrder(machine, node.arguments as types.Expression[]);
  return node;
}
