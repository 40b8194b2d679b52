/** Names that a board does not have, and names of its own that may not be assigned. */
import type { Identifier, Node } from "acorn";
import { nearestName } from "../suggest.ts";
import type { Find } from "./dialect.ts";
import { GLOBALS, MISSING_METHODS, STATICS } from "./globals.ts";
import { childrenOf, isFunction, type Loose, type Scopes } from "./scopes.ts";

export function checkNames(program: Node, scopes: Scopes, more: ReadonlySet<string>, find: Find): void {
  for (const [identifier, declared] of scopes.of) if (!declared) checkFree(identifier, scopes, more, find);
  const defined = definedProperties(program);
  const visit = (node: Node): void => {
    if (node.type === "MemberExpression") checkMember(node as Loose, scopes, defined, find);
    if (node.type === "CallExpression") checkCall(node as Loose, scopes, find);
    childrenOf(node).forEach(visit);
  };
  visit(program);
}

function checkFree(identifier: Identifier, { parents }: Scopes, more: ReadonlySet<string>, find: Find): void {
  const { name } = identifier;
  const parent = parents.get(identifier) as Loose | undefined;
  if (name === "arguments") {
    let at: Node | undefined = identifier;
    while (at && !isFunction(at)) at = parents.get(at);
    if (!at || at.type === "ArrowFunctionExpression")
      find(identifier, "arguments", "Espruino's arrows have no `arguments`", "use a rest parameter");
    return;
  }
  if (name === "Uint24Array")
    find(identifier, "not-simulated", "the simulator has no Uint24Array", "use Uint8Array or Uint32Array");
  else if (more.has(name) || (parent?.type === "UnaryExpression" && parent.operator === "typeof")) return;
  else if (!GLOBALS.has(name)) {
    const near = nearestName(name, [...GLOBALS]);
    find(
      identifier,
      "unknown-global",
      `the board has no global called ${name}`,
      near ? `did you mean ${near}?` : "declare it, or test it with typeof",
    );
  } else if (
    (parent?.type === "AssignmentExpression" && parent.left === identifier) ||
    parent?.type === "UpdateExpression"
  )
    find(
      identifier,
      "assign-builtin",
      `Espruino does not let ${name} be assigned like that`,
      `write global.${name} = …`,
    );
}

/** Names of properties that the script itself gives to objects or classes. */
function definedProperties(program: Node): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (key: Node): void => {
    if (key.type === "Identifier") found.add((key as Identifier).name);
    if (key.type === "Literal") found.add(String((key as Loose).value));
  };
  const visit = (node: Node): void => {
    const loose = node as Loose;
    if (/^(Property|MethodDefinition|PropertyDefinition)$/.test(node.type)) add(loose.key as Node);
    if (node.type === "AssignmentExpression" && (loose.left as Node).type === "MemberExpression")
      add((loose.left as Loose).property as Node);
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return found;
}

const PROTOTYPES = /^(Array|String|Number|Function|Promise|Date|RegExp|\w+Array|DataView|ArrayBuffer)$/;

function checkMember(node: Loose, scopes: Scopes, defined: ReadonlySet<string>, find: Find): void {
  const object = node.object as Loose;
  const property = node.property as Loose;
  if (node.computed || property.type !== "Identifier") return;
  const name = property.name as string;
  const parent = scopes.parents.get(node) as Loose | undefined;
  const isTarget = parent?.type === "AssignmentExpression" && parent.left === node;
  const free = (at: Loose): string | undefined =>
    at.type === "Identifier" && !scopes.of.get(at as unknown as Identifier) ? (at.name as string) : undefined;
  const owner = free(object);
  const members = owner === undefined ? undefined : STATICS.get(owner);
  if (members && !members.includes(name) && !isTarget) {
    const near = nearestName(name, members);
    find(
      node,
      "missing-builtin",
      `Espruino has no ${owner}.${name}`,
      near ? `did you mean ${owner}.${near}?` : `${owner} has: ${members.join(", ")}`,
    );
  } else if (object.type === "MemberExpression" && !isTarget) {
    const holder = free(object.object as Loose);
    const isPrototype = (object.property as Loose).name === "prototype";
    if (isPrototype && holder && PROTOTYPES.test(holder))
      find(
        node,
        "builtin-prototype",
        `${holder}.prototype.${name} is undefined on Espruino`,
        `take it from an instance: [].${name}`,
      );
  }
  const instead = MISSING_METHODS.get(name);
  const isCalled = parent?.type === "CallExpression" && parent.callee === node;
  if (instead && isCalled && !members && !defined.has(name))
    find(property, "missing-method", `nothing on Espruino has a method ${name}()`, instead);
}

function checkCall(node: Loose, scopes: Scopes, find: Find): void {
  const callee = node.callee as Loose;
  const given = node.arguments as Loose[];
  const isNothing = (at: Loose | undefined): boolean =>
    !at ||
    (at.type === "Literal" && at.value === null) ||
    (at.type === "Identifier" && at.name === "undefined") ||
    (at.type === "UnaryExpression" && at.operator === "void");
  if (callee.type === "Identifier" && !scopes.of.get(callee as unknown as Identifier)) {
    const name = callee.name as string;
    if (/^clear(Timeout|Interval|Watch)$/.test(name) && given.length === 1 && isNothing(given[0]))
      find(node, "clear-undefined", `${name}(undefined) throws`, `test the id, or call ${name}() to clear all`);
  }
  if (callee.type !== "MemberExpression" || callee.computed) return;
  const { name } = callee.property as unknown as Identifier;
  const object = callee.object as Loose;
  const isJson = object.type === "Identifier" && object.name === "JSON";
  if (isJson && (name === "parse" || name === "stringify") && !isNothing(given[1]))
    find(
      node,
      "json-callback",
      `Espruino's JSON.${name} ignores its second argument`,
      "change the object before or after",
    );
  if (isJson && name === "stringify" && !isNothing(given[2]))
    find(node, "json-space", "Espruino indents JSON in another way", "leave the third argument out");
  const regex = given[0]?.regex as { pattern: string } | undefined;
  if (name === "split" && regex && matchesNothing(regex.pattern))
    find(node, "split-empty", "Espruino does not come back from parting text where nothing is", "use + instead of *");
  if (name === "split" && given.length > 1)
    find(node, "split-limit", "Espruino's split ignores its limit", "use slice on the result");
}

function matchesNothing(pattern: string): boolean {
  try {
    return new RegExp(pattern).test("");
  } catch {
    return false;
  }
}
