/**
 * Whose variables are on the interpreter's heap: reads two lists of `E.dumpVariables` and gives each variable that came
 * with the firmware to a module, by the text of its functions, whose scopes hold the rest.
 */
import { fullAncestor } from "acorn-walk";
import { type Node, parse } from "acorn";
import { locateWith, type SourceMap } from "../../build/findings.ts";

interface Variable {
  readonly ref: string;
  readonly size: number;
  /** Of a name: its text; of a string: how it begins. */
  readonly text: string;
  readonly links: readonly string[];
}

const INTERPRETER = "timers, events and frames on the stack";
const CODE = "\\xFFcod";
const SCOPE = "\\xFFsco";
/** So much of a string is listed. */
const SHOWN = 17;

/** JsVars by module, for everything in `heap` that was not in `before`. */
export function jsVarsByModule(before: string, heap: string, bundle: string, map: SourceMap): Map<string, number> {
  const old = new Map(read(before).map((variable) => [variable.ref, variable]));
  const same = ({ ref, size, text }: Variable): boolean => old.get(ref)?.text === text && old.get(ref)?.size === size;
  const variables = new Map(
    read(heap)
      .filter((variable) => !same(variable))
      .map((variable) => [variable.ref, variable]),
  );
  const owners = assign(variables, codeOwners(bundle, map));
  const sums = new Map<string, number>();
  for (const [ref, { size }] of variables) {
    const owner = owners.get(ref) ?? INTERPRETER;
    sums.set(owner, (sums.get(owner) ?? 0) + size);
  }
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}

function read(list: string): Variable[] {
  return list.split(/\r?\n/).flatMap((line) => {
    const [, ref, size, rest] = /^(\d+),(\d+),\d+,(.*)$/.exec(line) ?? [];
    if (ref === undefined) return [];
    const [, text = "", links = ""] = /^((?:String |Number )?"(?:[^"\\]|\\.)*"|[^,]*),(.*)$/.exec(rest!) ?? [];
    return [{ ref, size: Number(size), text, links: links.split(",").filter(Boolean) }];
  });
}

function assign(variables: ReadonlyMap<string, Variable>, ownerOf: CodeOwners): Map<string, string> {
  const owners = new Map<string, string>();
  const claim = (ref: string, owner: string): boolean => {
    if (owners.has(ref) || !variables.has(ref)) return false;
    owners.set(ref, owner);
    return true;
  };
  const scopes = new Map<string, Map<string, number>>();
  for (const { ref, links } of variables.values()) {
    const children = links.map((link) => variables.get(link));
    const code = children.find((child) => child?.text === `"${CODE}"`);
    const body = code && variables.get(code.links[0] ?? "");
    const owner = body && ownerOf(body.text);
    if (owner === undefined) continue;
    claim(ref, owner);
    claim(body!.ref, owner);
    for (const child of children) {
      if (!child) continue;
      claim(child.ref, owner);
      if (child.text !== `"${SCOPE}"` || child.links[0] === undefined) continue;
      const votes = scopes.get(child.links[0]) ?? new Map<string, number>();
      votes.set(owner, (votes.get(owner) ?? 0) + 1);
      scopes.set(child.links[0], votes);
    }
  }
  // a scope belongs to the module that has most of the functions made in it
  for (const [ref, votes] of scopes) claim(ref, [...votes].sort(([, a], [, b]) => b - a)[0]![0]);
  // what a scope's variables or a function's properties hold, unless it has an owner
  const queue = [...owners.keys()];
  for (let ref = queue.shift(); ref !== undefined; ref = queue.shift())
    for (const link of variables.get(ref)?.links ?? []) if (claim(link, owners.get(ref)!)) queue.push(link);
  // a global's name goes with its value
  for (const { ref, links } of variables.values()) {
    const owner = links[0] === undefined ? undefined : owners.get(links[0]);
    if (owner !== undefined && links.length === 1) claim(ref, owner);
  }
  return owners;
}

type CodeOwners = (listed: string) => string | undefined;

/** Finds the module of a function by how its body begins; bodies that begin alike are given out in turn. */
function codeOwners(bundle: string, map: SourceMap): CodeOwners {
  const locate = locateWith(map);
  const modules = new Map<string, string[]>();
  const program = parse(bundle, { ecmaVersion: 2022, locations: true, allowReturnOutsideFunction: true });
  fullAncestor(program, (node: Node) => {
    if (!/Function/.test(node.type)) return;
    const { body } = node as Node & { body: Node };
    const text =
      body.type === "BlockStatement" ? bundle.slice(body.start + 1, body.end - 1) : bundle.slice(body.start, body.end);
    // the interpreter leaves out the word when a function is nothing but one return
    const inner = text.replace(/^return\b ?/, "");
    const start =
      body.type === "BlockStatement"
        ? { line: body.loc!.start.line, column: body.loc!.start.column + 1 }
        : body.loc!.start;
    const module = locate(start.line, start.column)?.position.file ?? "unknown";
    const known = modules.get(beginning(inner)) ?? [];
    modules.set(beginning(inner), [...known, module]);
  });
  const turn = new Map<string, number>();
  return (listed) => {
    const [, text] = /^String "(.*)"$/s.exec(listed) ?? [];
    if (text === undefined) return undefined;
    const key =
      text.endsWith("...") && unescaped(text).length === SHOWN + 3 ? unescaped(text).slice(0, SHOWN) : unescaped(text);
    const candidates = modules.get(key);
    if (!candidates) return undefined;
    const index = turn.get(key) ?? 0;
    turn.set(key, index + 1);
    return candidates[index % candidates.length];
  };
}

/** The interpreter lists 20 characters whole, and of more only the first 17. */
const beginning = (text: string): string => (text.length > SHOWN + 3 ? text.slice(0, SHOWN) : text);
const unescaped = (text: string): string => text.replace(/\\(["\\])/g, "$1");
