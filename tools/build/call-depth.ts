/** How deep calls can nest at most, from a bundle's text: never too low, but where it cannot tell two calls apart too high. */
import { callGraph, PROGRAM } from "./call-graph.ts";

export interface CallDepth {
  /** The most functions of the bundle that can be under way at once, those of a recursion counted once each. */
  readonly levels: number;
  /** A chain of so many, outermost first: where each function begins in the bundle. */
  readonly chain: readonly number[];
  /** Functions that can come to call themselves: how often, the text does not say. */
  readonly recursive: readonly number[];
}

export function callDepth(bundle: string): CallDepth {
  const { calls, roots } = callGraph(bundle);
  const groups = components(calls, [PROGRAM, ...roots]);
  const groupOf = new Map(groups.flatMap((members, index) => members.map((member) => [member, index] as const)));
  const longest: (readonly number[])[] = [];
  // a group comes after all that it calls
  groups.forEach((members, index) => {
    let below: readonly number[] = [];
    for (const member of members)
      for (const target of calls.get(member) ?? []) {
        const other = groupOf.get(target)!;
        if (other !== index && longest[other]!.length > below.length) below = longest[other]!;
      }
    longest.push([...members.filter((member) => member !== PROGRAM), ...below]);
  });
  const chain = longest.reduce((deepest, each) => (each.length > deepest.length ? each : deepest), []);
  const recursive = groups.filter((members) => members.length > 1 || calls.get(members[0]!)?.has(members[0]!)).flat();
  return { levels: chain.length, chain, recursive };
}

/** Tarjan's strongly connected components, those that are called first. */
function components(calls: ReadonlyMap<number, ReadonlySet<number>>, from: readonly number[]): number[][] {
  const found: number[][] = [];
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const open = new Set<number>();
  const visit = (node: number): void => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    stack.push(node);
    open.add(node);
    for (const next of calls.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.has(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== order.get(node)) return;
    const members = stack.splice(stack.indexOf(node));
    members.forEach((member) => open.delete(member));
    found.push(members);
  };
  for (const node of from) if (!order.has(node)) visit(node);
  return found;
}
