/** TLS or MQTT inside a modem that has none: said by name, before the type check finds that there is no such module. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import ts from "typescript";
import { UserError } from "../errors.ts";
import { moduleNames } from "../module-names.ts";

const ABILITIES: Readonly<Record<string, { readonly name: string; readonly else: string }>> = {
  tls: { name: "TLS", else: "sealed messages (`seal`), which need none" },
  mqtt: { name: "MQTT client of its own", else: "no `session` at all: the device then speaks MQTT itself" },
};

/** Throws a UserError for `hibernode/modems/…-tls` and `…-mqtt` of a family without it. */
export function checkModemImports(entry: string): void {
  const file = ts.createSourceFile(entry, readFileSync(entry, "utf8"), ts.ScriptTarget.Latest, true);
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const [, family, ability] = /^hibernode\/modems\/(.+)-(tls|mqtt)$/.exec(statement.moduleSpecifier.text) ?? [];
    if (!family || !ability) continue;
    const have = modems().filter((name) => name.endsWith(`-${ability}`) && name !== `own-${ability}`);
    if (have.includes(`${family}-${ability}`)) continue;
    const { line, character } = file.getLineAndCharacterOfPosition(statement.moduleSpecifier.getStart());
    throw new UserError(`there is no ${ABILITIES[ability]!.name} for ${family}`, {
      where: `${relative("", entry)}:${line + 1}:${character + 1}`,
      fix: `${have.map((name) => `"hibernode/modems/${name}"`).join(", ")}; or ${ABILITIES[ability]!.else}`,
    });
  }
}

const modems = (): string[] =>
  moduleNames(new URL("../../lib/modems/", import.meta.url)).map((name) => name.replace(/\.[jt]s$/, ""));
