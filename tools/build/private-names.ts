/**
 * Property names that only Hibernode's own modules use: the minifier may shorten them, which saves bytes, RAM (a name of
 * up to four characters costs none) and time (names are looked up as text). Everything else keeps its name: what the
 * firmware's author writes, what Espruino declares, and whatever occurs as a string, since it may be looked up by it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageFolder } from "../package-folder.ts";

/** @param files all modules of a bundle, absolute paths @returns a pattern that matches whole names */
export function privateNames(files: readonly string[]): RegExp {
  const mine = new Set<string>();
  const kept = new Set<string>(declaredNames());
  for (const file of files) {
    const own = ["lib", "boards"].some((folder) => file.startsWith(join(packageFolder, folder, "/")));
    collect(parse(file), mine, kept, own);
  }
  const names = [...mine].filter((name) => !kept.has(name) && /^[a-zA-Z]\w*$/.test(name)).sort();
  return new RegExp(`^(?:_.*${names.map((name) => `|${name}`).join("")})$`);
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false);
}

function collect(at: ts.Node, mine: Set<string>, kept: Set<string>, own: boolean): void {
  if (ts.isStringLiteralLike(at)) kept.add(at.text);
  else if (ts.isIdentifier(at) || ts.isPrivateIdentifier(at)) (own ? mine : kept).add(at.text);
  ts.forEachChild(at, (child) => collect(child, mine, kept, own));
}

let declared: string[] | undefined;

/** Every global, method, property and option in the declarations of Espruino. */
function declaredNames(): string[] {
  if (!declared) {
    const names = new Set<string>();
    const visit = (at: ts.Node): void => {
      const { name } = at as ts.NamedDeclaration;
      if (name && !ts.isParameter(at) && (ts.isIdentifier(name) || ts.isStringLiteral(name))) names.add(name.text);
      ts.forEachChild(at, visit);
    };
    for (const file of ["language", "binary", "utility", "espruino"]) {
      visit(parse(join(packageFolder, "lib", "types", `${file}.d.ts`)));
    }
    declared = [...names];
  }
  return declared;
}
