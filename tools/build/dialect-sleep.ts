/** Sleep calls that cannot do what they seem to: each sleeps at once, and only its own source ends that sleep. */
import type { CallExpression, Expression, Node, Program } from "acorn";
import { full } from "acorn-walk";
import type { Find } from "./dialect.ts";

/** Finds a timer and a pin armed one after the other in one block. */
export function checkSleep(program: Node, find: Find): void {
  full(program as Program, (node) => {
    const calls = inOrder(node);
    const timer = calls.find((call) => nativeOf(call) === "deepSleep");
    const pin = calls.find((call) => /^deepSleepExt[01]$/.test(nativeOf(call) ?? ""));
    if (!timer || !pin) return;
    find(
      timer.start > pin.start ? timer : pin,
      "two-wake-sources",
      "a timer and a pin cannot both end one deep sleep on today's Espruino: the first call sleeps at once",
      "let a clock part (hibernode/sensors/ds3231, pcf8563) pull the wake pin low at that time, instead of the timer",
    );
  });
}

/** The calls that a block or a sequence makes one after the other. */
function inOrder(node: Node): CallExpression[] {
  const { type, body, expressions } = node as unknown as { type: string; body: Node[]; expressions: Expression[] };
  if (type === "SequenceExpression") return expressions.flatMap(callsIn);
  if (type !== "BlockStatement" && type !== "Program") return [];
  return body.flatMap((statement) =>
    statement.type === "ExpressionStatement" ? callsIn((statement as unknown as { expression: Node }).expression) : [],
  );
}

const callsIn = (node: Node): CallExpression[] =>
  node.type === "SequenceExpression" ? inOrder(node) : node.type === "CallExpression" ? [node as CallExpression] : [];

/** The name of a function of `ESP32`. */
function nativeOf({ callee }: CallExpression): string | undefined {
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  const { object, property } = callee;
  return object.type === "Identifier" && object.name === "ESP32" && property.type === "Identifier"
    ? property.name
    : undefined;
}
