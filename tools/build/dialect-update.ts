/** Updates whose target is read too late: `x += f()`, where f changes x; and `i++ / n`, which begins a pattern. */
import type { Identifier, Node } from "acorn";
import type { Find } from "./dialect.ts";
import { childrenOf, isFunction, type Loose, type Scopes } from "./scopes.ts";

export function checkUpdates(program: Node, code: string, scopes: Scopes, find: Find): void {
  const visit = (node: Node): void => {
    const { operator, left, right } = node as Loose;
    if (node.type === "BinaryExpression" && operator === "/" && /(\+\+|--)\s*\/\s*$/.test(code.slice(node.start, (right as Node).start)))
      find(node, "divided-update", "a slash behind ++ or -- begins a regular expression on Espruino", "put the update into parentheses"); // prettier-ignore
    if (node.type === "AssignmentExpression" && operator !== "=" && runs(right as Node) && mayChange(node as Loose, left as Loose, scopes))
      find(node, "late-read", "Espruino reads what is updated after the right side has run", "keep the right side in a variable first"); // prettier-ignore
    childrenOf(node).forEach(visit);
  };
  visit(program);
}

function runs(node: Node): boolean {
  if (isFunction(node)) return false;
  const { callee } = node as Loose & { callee?: Loose };
  const object = callee?.object as Loose | undefined;
  const isPure = object?.type === "Identifier" && /^(Math|String|E|JSON|Object)$/.test(object.name as string);
  if (node.type === "CallExpression" && !isPure) return true;
  return /^(New|Assignment|Update)Expression$/.test(node.type) || childrenOf(node).some(runs);
}

function functionAround(node: Node, { parents }: Scopes): Node | undefined {
  let at = parents.get(node);
  while (at && !isFunction(at)) at = parents.get(at);
  return at;
}

function mayChange(node: Loose, left: Loose, scopes: Scopes): boolean {
  if (left.type === "MemberExpression") return true;
  const declared = scopes.of.get(left as unknown as Identifier);
  if (!declared) return true;
  const here = functionAround(node, scopes);
  return declared.references.some((reference) => {
    const parent = scopes.parents.get(reference) as Loose | undefined;
    const isWritten =
      (parent?.type === "AssignmentExpression" && parent.left === reference) || parent?.type === "UpdateExpression";
    if (!isWritten || parent === node) return false;
    return functionAround(reference, scopes) !== here || within(reference, node.right as Node);
  });
}

const within = (inner: Node, outer: Node): boolean => inner.start >= outer.start && inner.end <= outer.end;
