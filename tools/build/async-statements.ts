/** Statements of an async function: those with an await inside become states, all others stay as they are. */
import type { types } from "@babel/core";
import babel from "@babel/core";
import { effect, expression } from "./async-expressions.ts";
import { type Finally, type Label, type Machine, set } from "./async-machine.ts";

const t = babel.types;

/** Which variables of a loop live in a record of their own per iteration, because closures keep them. */
export interface Boxes {
  /** Record for the variables in the head of a `for (let …;;)`, with their names. */
  head(loop: types.Node): { readonly box: string; readonly names: readonly string[] } | undefined;
  /** Record for everything declared in the loop's body. */
  body(loop: types.Node): string | undefined;
  /** True where a declaration without value has to be reset in every iteration. */
  repeats(declaration: types.Node): boolean;
}

export function statements(machine: Machine, boxes: Boxes, list: readonly types.Statement[]): void {
  for (const node of list) if (node.type === "FunctionDeclaration") declareFunction(machine, node);
  for (const node of list) statement(machine, boxes, node);
}

function declareFunction(machine: Machine, node: types.FunctionDeclaration): void {
  const value = t.functionExpression(
    null,
    node.params as types.FunctionExpression["params"],
    node.body,
    false,
    node.async,
  );
  machine.emit(set(node.id as types.Identifier, t.inherits(value, node)));
}

function statement(machine: Machine, boxes: Boxes, node: types.Statement): void {
  if (node.type === "FunctionDeclaration") return;
  if (node.type === "VariableDeclaration") return declare(machine, boxes, node);
  if (node.type === "ClassDeclaration") {
    const value = t.classExpression(null, node.superClass, node.body);
    return machine.emit(set(node.id as types.Identifier, t.inherits(value, node)));
  }
  if (node.type === "ForOfStatement" && !machine.waits(node.body)) node.right = expression(machine, node.right);
  else if (machine.waits(node)) return takeApart(machine, boxes, node);
  machine.emit(...intact(machine, node));
}

function takeApart(machine: Machine, boxes: Boxes, node: types.Statement): void {
  const forms: Partial<Record<types.Statement["type"], () => void>> = {
    ExpressionStatement: () => effect(machine, (node as types.ExpressionStatement).expression),
    BlockStatement: () => statements(machine, boxes, (node as types.BlockStatement).body),
    ReturnStatement: () => giveBack(machine, node as types.ReturnStatement),
    ThrowStatement: () => machine.emit(t.throwStatement(expression(machine, (node as types.ThrowStatement).argument))),
    IfStatement: () => branch(machine, boxes, node as types.IfStatement),
    WhileStatement: () => loop(machine, boxes, node as types.WhileStatement),
    DoWhileStatement: () => loop(machine, boxes, node as types.DoWhileStatement),
    ForStatement: () => loop(machine, boxes, node as types.ForStatement),
    ForOfStatement: () => each(machine, boxes, node as types.ForOfStatement),
    SwitchStatement: () => choose(machine, boxes, node as types.SwitchStatement),
    TryStatement: () => guard(machine, boxes, node as types.TryStatement),
  };
  const form = forms[node.type];
  if (form) form();
  else if (node.type === "ForInStatement")
    machine.report(node, "await-for-in", "`await` inside for-in", "loop over Object.keys(…) with for-of");
  else machine.report(node, "await-place", "`await` cannot stand here", "await into a variable first");
}

function declare(machine: Machine, boxes: Boxes, node: types.VariableDeclaration): void {
  for (const { id, init } of node.declarations) {
    if (init) machine.emit(t.inherits(set(id as types.Identifier, expression(machine, init)), node));
    else if (boxes.repeats(id))
      machine.emit(set(id as types.Identifier, t.unaryExpression("void", t.numericLiteral(0))));
  }
}

function giveBack(machine: Machine, node: types.ReturnStatement): void {
  const { argument } = node;
  // Nothing here can catch what the awaited value throws: the promise may as well be handed on.
  if (argument?.type === "AwaitExpression" && !machine.handler && machine.finallies.length === 0)
    return machine.emit(t.returnStatement(expression(machine, argument.argument)));
  machine.emit(...machine.finish(argument && expression(machine, argument)));
}

function unless(machine: Machine, test: types.Expression, label: Label): void {
  if (t.isBooleanLiteral(test, { value: true })) return;
  const value = expression(machine, test);
  machine.emit(t.ifStatement(t.unaryExpression("!", value), t.blockStatement(machine.jump(label))));
}

function branch(machine: Machine, boxes: Boxes, node: types.IfStatement): void {
  if (!machine.waits(node.consequent) && !machine.waits(node.alternate)) {
    node.test = expression(machine, node.test);
    return machine.emit(...intact(machine, node));
  }
  const other = machine.label();
  const end = machine.label();
  unless(machine, node.test, node.alternate ? other : end);
  statement(machine, boxes, node.consequent);
  if (node.alternate) {
    machine.emit(...machine.jump(end));
    machine.mark(other);
    statement(machine, boxes, node.alternate);
  }
  machine.mark(end);
}

function inside(machine: Machine, leave: Label, again: Label | undefined, run: () => void): void {
  machine.targets.push({ leave, again, handler: machine.handler, finallies: machine.finallies.length });
  run();
  machine.targets.pop();
}

function freshBox(machine: Machine, box: string | undefined): void {
  if (box) machine.assign(box, t.objectExpression([]));
}

function loop(
  machine: Machine,
  boxes: Boxes,
  node: types.WhileStatement | types.DoWhileStatement | types.ForStatement,
): void {
  const [begin, again, leave] = [machine.label(), machine.label(), machine.label()];
  const head = boxes.head(node);
  const isFor = node.type === "ForStatement";
  freshBox(machine, head?.box);
  if (isFor && node.init)
    if (node.init.type === "VariableDeclaration") declare(machine, boxes, node.init);
    else effect(machine, node.init);
  machine.mark(begin);
  if (!isFor && node.type === "WhileStatement") machine.mark(again);
  if (node.type !== "DoWhileStatement" && node.test) unless(machine, node.test, leave);
  freshBox(machine, boxes.body(node));
  inside(machine, leave, again, () => statement(machine, boxes, node.body));
  if (node.type !== "WhileStatement") machine.mark(again);
  if (head) {
    const copy = head.names.map((name) =>
      t.objectProperty(t.identifier(name), t.memberExpression(t.identifier(head.box), t.identifier(name))),
    );
    machine.assign(head.box, t.objectExpression(copy));
  }
  if (isFor && node.update) effect(machine, node.update);
  if (node.type === "DoWhileStatement") unless(machine, node.test, leave);
  machine.emit(...machine.jump(begin));
  machine.mark(leave);
}

/** Arrays, strings and typed arrays: everything that can be iterated on Espruino has a length. */
function each(machine: Machine, boxes: Boxes, node: types.ForOfStatement): void {
  const [list, index] = [machine.variable("list"), machine.variable("i")];
  const [begin, again, leave] = [machine.label(), machine.label(), machine.label()];
  machine.assign(list, expression(machine, node.right));
  machine.assign(index, t.numericLiteral(0));
  machine.mark(begin);
  const length = t.memberExpression(t.identifier(list), t.identifier("length"));
  unless(machine, t.binaryExpression("<", t.identifier(index), length), leave);
  freshBox(machine, boxes.body(node));
  const [declared] = node.left.type === "VariableDeclaration" ? node.left.declarations : [];
  const item = t.memberExpression(t.identifier(list), t.identifier(index), true);
  machine.emit(set((declared ? declared.id : node.left) as types.Identifier, item));
  inside(machine, leave, again, () => statement(machine, boxes, node.body));
  machine.mark(again);
  machine.emit(t.expressionStatement(t.updateExpression("++", t.identifier(index))));
  machine.emit(...machine.jump(begin));
  machine.mark(leave);
}

function choose(machine: Machine, boxes: Boxes, node: types.SwitchStatement): void {
  const value = machine.variable("t");
  machine.assign(value, expression(machine, node.discriminant));
  const leave = machine.label();
  const labels = node.cases.map(() => machine.label());
  let otherwise = leave;
  node.cases.forEach(({ test }, index) => {
    const label = labels[index] as Label;
    if (!test) otherwise = label;
    else {
      const isThis = t.binaryExpression("===", t.identifier(value), expression(machine, test));
      machine.emit(t.ifStatement(isThis, t.blockStatement(machine.jump(label))));
    }
  });
  machine.emit(...machine.jump(otherwise));
  inside(machine, leave, undefined, () =>
    node.cases.forEach(({ consequent }, index) => {
      machine.mark(labels[index] as Label);
      statements(machine, boxes, consequent);
    }),
  );
  machine.mark(leave);
}

function guard(machine: Machine, boxes: Boxes, node: types.TryStatement): void {
  if (!node.finalizer) return guardCatch(machine, boxes, node);
  const [thrown, begin, again, after] = [machine.label(), machine.label(), machine.label(), machine.label()];
  const frame: Finally = { begin, next: machine.variable("next"), value: machine.variable("kept"), exits: [] };
  const outer = machine.handler;
  machine.finallies.push(frame);
  if (node.handler) {
    machine.handler = thrown;
    guardCatch(machine, boxes, node);
  } else {
    machine.handleAt(thrown);
    statements(machine, boxes, node.block.body);
  }
  machine.assign(frame.next, machine.number(after));
  machine.emit(...machine.jump(begin));
  machine.mark(thrown);
  machine.assign(frame.value, t.identifier(machine.v));
  machine.assign(frame.next, machine.number(again));
  machine.finallies.pop();
  machine.mark(begin);
  machine.handleAt(outer);
  statements(machine, boxes, node.finalizer.body);
  machine.assign(machine.k, t.identifier(frame.next));
  machine.emit(t.continueStatement());
  machine.mark(again);
  machine.emit(t.throwStatement(t.identifier(frame.value)));
  for (const { label, emit } of frame.exits) {
    machine.mark(label);
    emit();
  }
  machine.mark(after);
}

function guardCatch(machine: Machine, boxes: Boxes, { block, handler }: types.TryStatement): void {
  if (!handler) return;
  const [caught, after] = [machine.label(), machine.label()];
  const outer = machine.handler;
  machine.handleAt(caught);
  statements(machine, boxes, block.body);
  machine.handleAt(outer);
  machine.emit(...machine.jump(after));
  machine.mark(caught);
  if (outer) machine.handleAt(outer);
  if (handler.param) machine.emit(set(handler.param as types.Identifier, t.identifier(machine.v)));
  statements(machine, boxes, handler.body.body);
  machine.mark(after);
}

/** A statement without await: only what leaves it, and `var`, has to fit in. */
function intact(machine: Machine, node: types.Statement, inLoop = false, inSwitch = false): types.Statement[] {
  const one = (inner: types.Statement, loops = inLoop, switches = inSwitch): types.Statement => {
    const result = intact(machine, inner, loops, switches);
    return result.length === 1 ? (result[0] as types.Statement) : t.blockStatement(result);
  };
  switch (node.type) {
    case "ReturnStatement":
      return machine.finallies.length > 0 ? machine.finish(node.argument) : [node];
    case "BreakStatement": {
      const target = machine.targets.at(-1);
      return inLoop || inSwitch || !target ? [node] : machine.leave(target.leave, target.handler, target.finallies);
    }
    case "ContinueStatement": {
      const target = machine.targets.findLast(({ again }) => again);
      return inLoop || !target?.again ? [node] : machine.leave(target.again, target.handler, target.finallies);
    }
    case "VariableDeclaration":
      return node.kind === "var" ? assignments(node).map((value) => t.expressionStatement(value)) : [node];
    case "BlockStatement":
      node.body = node.body.flatMap((inner) => intact(machine, inner, inLoop, inSwitch));
      return [node];
    case "IfStatement":
      node.consequent = one(node.consequent);
      if (node.alternate) node.alternate = one(node.alternate);
      return [node];
    case "ForStatement":
      if (node.init?.type === "VariableDeclaration" && node.init.kind === "var")
        node.init = assignments(node.init).length > 0 ? t.sequenceExpression(assignments(node.init)) : null;
      node.body = one(node.body, true);
      return [node];
    case "ForInStatement":
    case "ForOfStatement":
      if (node.left.type === "VariableDeclaration" && node.left.kind === "var")
        node.left = (node.left.declarations[0] as types.VariableDeclarator).id as types.Identifier;
      node.body = one(node.body, true);
      return [node];
    case "WhileStatement":
    case "DoWhileStatement":
      node.body = one(node.body, true);
      return [node];
    case "SwitchStatement":
      for (const each of node.cases)
        each.consequent = each.consequent.flatMap((inner) => intact(machine, inner, inLoop, true));
      return [node];
    case "TryStatement":
      for (const block of [node.block, node.handler?.body, node.finalizer])
        if (block) intact(machine, block, inLoop, inSwitch);
      return [node];
    default:
      return [node];
  }
}

function assignments(node: types.VariableDeclaration): types.Expression[] {
  return node.declarations.flatMap(({ id, init }) =>
    init ? [t.assignmentExpression("=", id as types.Identifier, init)] : [],
  );
}
