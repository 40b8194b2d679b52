/**
 * The states of one lowered async function: statements in order, labels between them, and the `switch` that they become.
 * The body is called as `body(k, v, s)`: the state to go on at, the value (or error) that was waited for, and a record
 * in which it leaves `n`, the state after an await (0: done), and `h`, the state that handles errors (0: none).
 */
import type { NodePath, types } from "@babel/core";
import babel from "@babel/core";
import type { Report } from "./refuse.ts";

const t = babel.types;

/** A place to go to. Its number is known once all states are. */
export interface Label {
  readonly references: types.NumericLiteral[];
  state: number;
}

/** A `finally` around the current place: where it begins, and how the place that entered it goes on afterwards. */
export interface Finally {
  readonly begin: Label;
  /** Holds the state to go on at. */
  readonly next: string;
  /** Holds the value to return or the error to throw again. */
  readonly value: string;
  readonly exits: { readonly label: Label; readonly emit: () => void }[];
}

/** A loop or switch around the current place. */
export interface Target {
  readonly leave: Label;
  readonly again: Label | undefined;
  readonly handler: Label | undefined;
  readonly finallies: number;
}

export class Machine {
  readonly k: string;
  readonly v: string;
  readonly s: string;
  /** Variables of the function around the body: they live as long as the call. */
  readonly variables: string[] = [];
  /** Variables that keep their first value: what was read from them needs no copy. */
  readonly constants = new Set<string>();
  readonly targets: Target[] = [];
  readonly finallies: Finally[] = [];
  handler: Label | undefined;
  /** Variable that holds the arguments of the function, when it uses them. */
  savedArguments: string | undefined;
  readonly awaits: ReadonlySet<types.Node>;
  readonly report: Report;
  private readonly scope: NodePath<types.Function>["scope"];
  private readonly items: (types.Statement | Label)[] = [];
  private reachable = true;
  private jumps = false;

  constructor(scope: NodePath<types.Function>["scope"], awaits: ReadonlySet<types.Node>, report: Report) {
    this.scope = scope;
    this.awaits = awaits;
    this.report = report;
    [this.k, this.v, this.s] = [scope.generateUid("k"), scope.generateUid("v"), scope.generateUid("s")];
  }

  waits(node: types.Node | null | undefined): boolean {
    return node ? this.awaits.has(node) : false;
  }

  variable(name: string): string {
    const unique = this.scope.generateUid(name);
    this.variables.push(unique);
    return unique;
  }

  isConstant(name: string): boolean {
    const isOwn = name === this.v || this.variables.includes(name);
    return this.constants.has(name) || (!isOwn && !this.scope.getBinding(name));
  }

  label(): Label {
    return { references: [], state: 0 };
  }

  mark(label: Label): void {
    this.items.push(label);
    this.reachable = true;
  }

  emit(...statements: types.Statement[]): void {
    for (const statement of statements) {
      if (!this.reachable) return;
      this.items.push(statement);
      if (t.isReturnStatement(statement) || t.isThrowStatement(statement) || t.isContinueStatement(statement))
        this.reachable = false;
    }
  }

  assign(name: string, value: types.Expression): void {
    this.emit(set(t.identifier(name), value));
  }

  /** Number of the label's state, as a node. */
  number(label: Label | undefined): types.NumericLiteral {
    const literal = t.numericLiteral(0);
    label?.references.push(literal);
    return literal;
  }

  /** Errors from here on go to `handler`. */
  handleAt(handler: Label | undefined): void {
    this.handler = handler;
    this.emit(set(this.field("h"), this.number(handler)));
  }

  jump(label: Label): types.Statement[] {
    this.jumps = true;
    return [set(t.identifier(this.k), this.number(label)), t.continueStatement()];
  }

  /** Leaves for `label`, first through every `finally` that is opened since there were `finallies` of them. */
  leave(label: Label, handler: Label | undefined, finallies: number): types.Statement[] {
    const inner = this.finallies.length > finallies ? this.finallies.at(-1) : undefined;
    if (!inner) {
      const reset = this.handler === handler ? [] : [set(this.field("h"), this.number(handler))];
      return [...reset, ...this.jump(label)];
    }
    return this.exit(inner, () => this.emit(...this.leave(label, handler, finallies)));
  }

  /** Ends the function with `value`, first through every `finally`. */
  finish(value: types.Expression | null | undefined): types.Statement[] {
    const inner = this.finallies.at(-1);
    if (!inner) return [t.returnStatement(value ?? null)];
    const keep = set(t.identifier(inner.value), value ?? t.unaryExpression("void", t.numericLiteral(0)));
    return [keep, ...this.exit(inner, () => this.emit(...this.finish(t.identifier(inner.value))))];
  }

  private exit(inner: Finally, emit: () => void): types.Statement[] {
    const label = this.label();
    inner.exits.push({ label, emit });
    return [set(t.identifier(inner.next), this.number(label)), ...this.jump(inner.begin)];
  }

  /** Waits for `value`; what it becomes is in `v` afterwards. */
  wait(value: types.Expression): types.Expression {
    const resumed = this.label();
    const next = t.assignmentExpression("=", this.field("n"), this.number(resumed));
    this.emit(t.returnStatement(t.sequenceExpression([next, value])));
    this.mark(resumed);
    return t.identifier(this.v);
  }

  private field(name: "n" | "h"): types.MemberExpression {
    return t.memberExpression(t.identifier(this.s), t.identifier(name));
  }

  /** The function that runs the states. */
  body(): types.ArrowFunctionExpression {
    const cases = [t.switchCase(t.numericLiteral(1), [])];
    const pending: Label[] = [];
    for (const item of this.items) {
      if (!("references" in item)) {
        if (pending.length > 0) {
          // Labels on the same place are one state; the first state can be a target too.
          const last = cases.at(-1) as types.SwitchCase;
          const isNew = cases.length > 1 || last.consequent.length > 0;
          if (isNew) cases.push(t.switchCase(t.numericLiteral(cases.length + 1), []));
          for (const label of pending.splice(0)) number(label, cases.length);
        }
        (cases.at(-1) as types.SwitchCase).consequent.push(item);
      } else if (item.references.length > 0) pending.push(item);
    }
    if (this.reachable && (this.jumps || pending.length > 0)) {
      if (pending.length > 0) cases.push(t.switchCase(t.numericLiteral(cases.length + 1), []));
      for (const label of pending) number(label, cases.length);
      (cases.at(-1) as types.SwitchCase).consequent.push(t.returnStatement());
    }
    const parameters = [this.k, this.v, this.s].map((name) => t.identifier(name));
    if (cases.length === 1 && !this.jumps)
      return t.arrowFunctionExpression(parameters, t.blockStatement((cases[0] as types.SwitchCase).consequent));
    const states = t.switchStatement(t.identifier(this.k), cases);
    const whole = this.jumps ? t.forStatement(null, null, null, t.blockStatement([states])) : states;
    return t.arrowFunctionExpression(parameters, t.blockStatement([whole]));
  }
}

function number(label: Label, state: number): void {
  for (const literal of label.references) literal.value = state;
}

export function set(target: types.LVal, value: types.Expression): types.ExpressionStatement {
  return t.expressionStatement(t.assignmentExpression("=", target as types.Identifier, value));
}
