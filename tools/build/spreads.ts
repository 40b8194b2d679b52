/**
 * Only types can tell: a spread becomes `concat`, which takes plain arrays apart and nothing else. Strings and typed
 * arrays would arrive in one piece.
 */
import { relative } from "node:path";
import ts from "typescript";
import type { Finding, Position } from "./findings.ts";

export function checkSpreads(file: ts.SourceFile, checker: ts.TypeChecker, root: string): Finding[] {
  const findings: Finding[] = [];
  const check = (node: ts.Node, type: ts.Type): void => {
    if (isArray(type, checker)) return;
    findings.push({
      rule: "spread-iterable",
      message: `only arrays can be spread on Espruino, not ${checker.typeToString(type)}`,
      instead: 'split a string with split(""); copy a typed array with slice()',
      position: placeIn(file, node.getStart(file), root),
      source: file.text,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isSpreadElement(node)) check(node, checker.getTypeAtLocation(node.expression));
    if (ts.isArrayBindingPattern(node)) {
      const rest = node.elements.find((element) => ts.isBindingElement(element) && element.dotDotDotToken);
      if (rest) check(rest, checker.getTypeAtLocation(node));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

function isArray(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.flags & ts.TypeFlags.Any) return true;
  if (type.isUnion()) return type.types.every((part) => isArray(part, checker));
  const base = type.flags & ts.TypeFlags.TypeParameter ? checker.getBaseConstraintOfType(type) : type;
  return base !== undefined && (checker.isArrayType(base) || checker.isTupleType(base));
}

export function placeIn(file: ts.SourceFile, start: number, root: string): Position {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return { file: relative(root, file.fileName), line: line + 1, column: character + 1 };
}
