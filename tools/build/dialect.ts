/**
 * The last gate: reads the final text as Espruino would and refuses what the interpreter refuses, or accepts and gets
 * wrong. It shares no code with the passes that should have removed all of that.
 */
import { type Node, type Options, parse } from "acorn";
import { checkNames } from "./dialect-names.ts";
import { checkOrder } from "./dialect-order.ts";
import { checkSleep } from "./dialect-sleep.ts";
import { checkSyntax } from "./dialect-syntax.ts";
import { checkUpdates } from "./dialect-update.ts";
import { type Finding, type Locate, locateIn, locateWith, type SourceMap } from "./findings.ts";
import { analyse } from "./scopes.ts";

export interface DialectOptions {
  /** Leads back to the author's source; positions are in `code` without it. */
  readonly sourceMap?: SourceMap;
  /** Names beyond the board's own that exist when the script runs. */
  readonly globals?: readonly string[];
}

/** Notes one finding at a node. */
export type Find = (node: Node, rule: string, message: string, instead: string) => void;

/** Everything in a script that Espruino would refuse or get wrong, in the order of the text. */
export function checkDialect(code: string, { sourceMap, globals = [] }: DialectOptions = {}): Finding[] {
  const locate = sourceMap ? locateWith(sourceMap) : locateIn("bundle.js", code);
  const findings: Finding[] = [];
  const note = (line: number, column: number, rule: string, message: string, instead: string): void => {
    const found = locate(line, column) ?? nearby(locate, line, column);
    findings.push({ rule, message, instead, position: found?.position, source: found?.source });
  };
  let program: Node;
  try {
    program = parse(code, {
      ecmaVersion: "latest",
      sourceType: "script",
      locations: true,
      allowAwaitOutsideFunction: true,
    } satisfies Options);
  } catch (error) {
    const { loc, message } = error as SyntaxError & { loc: { line: number; column: number } };
    note(loc.line, loc.column, "syntax", message.replace(/ \(\d+:\d+\)$/, ""), "correct the syntax");
    return findings;
  }
  const find: Find = (node, rule, message, instead) => {
    const start = node.loc?.start;
    if (start) note(start.line, start.column, rule, message, instead);
  };
  const scopes = analyse(program);
  checkCharacters(code, note);
  checkSyntax(program, code, scopes, find);
  checkOrder(program, scopes, find);
  checkSleep(program, find);
  checkNames(program, scopes, new Set(globals), find);
  checkUpdates(program, code, scopes, find);
  return findings.sort(
    (a, b) =>
      (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
}

/** A node that a pass inserted has no place of its own: the text before it has. */
function nearby(locate: Locate, line: number, column: number): ReturnType<Locate> {
  for (let at = column; at >= 0; at -= 8) {
    const found = locate(line, at);
    if (found) return found;
  }
  return undefined;
}

function checkCharacters(
  code: string,
  note: (line: number, column: number, rule: string, message: string, instead: string) => void,
): void {
  code.split("\n").forEach((text, index) => {
    const column = text.search(/[^\t\r\x20-\x7e]/);
    if (column >= 0)
      note(index + 1, column, "non-ascii", "only ASCII survives the way to the device", "write \\xNN escapes");
  });
}
