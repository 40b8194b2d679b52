/** What a firmware declares in `node({ ... })`, read from its source: durations and options that are written out there. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { constantsOf, type Constants } from "./config-file.ts";

export interface Value {
  readonly text: string;
  /** file:line:column */
  readonly where: string;
}

export interface Declared {
  /** A duration such as "15m", by path: "sample", "report", "awakeLimit", "modem.psm.tau" … Absent where it is computed. */
  readonly durations: ReadonlyMap<string, Value>;
  /** File in hibernode/modems whose function makes the modem, and what it is given as UART. */
  readonly modem?: Value & { readonly uart: string; readonly call: string };
  /** File in hibernode/uplink whose function is the session, where the firmware chooses another than the usual one. */
  readonly session?: Value;
  /** Numbers that are written out, by path: "uplink.session.keepAliveSeconds" … */
  readonly numbers: ReadonlyMap<string, Value & { readonly value: number }>;
  readonly sensors: number;
  /** Pins that are written out in `onPin(...)`. */
  readonly wakePins: readonly Value[];
  /** Where it says `updates(...)`. */
  readonly updates?: Value;
  /** Where it says `commands(...)`. */
  readonly commands?: Value;
}

/** @param config constants instead of those of config.ts beside the firmware */
export function declaredBy(entry: string, config?: Constants): Declared {
  const file = ts.createSourceFile(entry, readFileSync(entry, "utf8"), ts.ScriptTarget.Latest, true);
  const beside = join(dirname(entry), "config.ts");
  const constants: Constants = {
    ...(existsSync(beside) && constantsOf(readFileSync(beside, "utf8"))),
    ...constantsOf(file.text.replace(/^const /gm, "export const ")),
    ...config,
  };
  const modems = importsFrom(file, /^hibernode\/modems\/(.*)$/);
  const sessions = importsFrom(file, /^hibernode\/uplink\/(.*)$/);
  const durations = new Map<string, Value>();
  const numbers = new Map<string, Value & { value: number }>();
  const wakes = importsFrom(file, /^hibernode\/schedule\/(wake-pin)$/);
  const takers = importsFrom(file, /^hibernode\/update\/(updates)$/);
  const inlets = importsFrom(file, /^hibernode\/uplink\/(commands)$/);
  const wakePins: Value[] = [];
  let updates: Value | undefined;
  let commands: Value | undefined;
  let modem: Declared["modem"];
  let session: Value | undefined;
  let sensors = 0;

  const at = (node: ts.Node): string => {
    const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
    return `${relative("", entry)}:${line + 1}:${character + 1}`;
  };
  const textOf = (node: ts.Expression | undefined): string | undefined => {
    if (!node) return undefined;
    if (ts.isStringLiteral(node)) return node.text;
    const known = ts.isIdentifier(node) ? constants[node.text] : undefined;
    return typeof known === "string" ? known : undefined;
  };
  const keep = (path: string, node: ts.Expression): void => {
    // every("15m", ...) or the duration itself
    const value = ts.isCallExpression(node) ? node.arguments[0] : node;
    if (value && ts.isNumericLiteral(value))
      numbers.set(path, { text: value.text, value: +value.text, where: at(value) });
    const text = textOf(value);
    if (text !== undefined) durations.set(path, { text, where: at(value!) });
  };
  const properties = (object: ts.Node, path: string): void => {
    if (!ts.isObjectLiteralExpression(object)) return;
    for (const property of object.properties) {
      if (!ts.isPropertyAssignment(property)) continue;
      const name = path + property.name.getText();
      const value = property.initializer;
      if (name === "modem" && ts.isCallExpression(value)) {
        const part = modems.get(value.expression.getText());
        if (part) {
          const [uart, cycle] = value.arguments;
          const call = value.expression.getText();
          modem = { text: part, where: at(value), uart: uart?.getText() ?? "", call };
          if (cycle && call.endsWith("WithEdrx")) keep("modem.edrx", cycle);
        }
        value.arguments.forEach((argument) => properties(argument, "modem."));
      } else if (name === "uplink.session") {
        const call = ts.isCallExpression(value) ? value : undefined;
        const part = sessions.get((call?.expression ?? value).getText());
        if (part) session = { text: part, where: at(value) };
        call?.arguments.forEach((argument) => properties(argument, "uplink.session."));
      } else if (ts.isObjectLiteralExpression(value)) {
        if (name === "sensors") sensors = value.properties.length;
        properties(value, `${name}.`);
      } else keep(name, value);
    }
  };
  const findExtensions = (node: ts.Node): void => {
    const name = ts.isCallExpression(node) ? node.expression.getText() : "";
    if (ts.isCallExpression(node) && name === "onPin" && wakes.has(name)) {
      const text = textOf(node.arguments[0]);
      if (text !== undefined) wakePins.push({ text, where: at(node.arguments[0]!) });
    }
    if (takers.has(name)) updates = { text: name, where: at(node) };
    if (inlets.has(name)) commands = { text: name, where: at(node) };
    ts.forEachChild(node, findExtensions);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "node" && node.arguments[0])
      properties(node.arguments[0], "");
    else ts.forEachChild(node, visit);
  };
  visit(file);
  findExtensions(file);
  return {
    ...{ durations, numbers, sensors, wakePins },
    ...(modem && { modem }),
    ...(session && { session }),
    ...(updates && { updates }),
    ...(commands && { commands }),
  };
}

/** Names that a file imports, and what the pattern's group finds in the module's name. */
export function importsFrom(file: ts.SourceFile, pattern: RegExp): Map<string, string> {
  const found = new Map<string, string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const part = pattern.exec(statement.moduleSpecifier.text)?.[1];
    const names = statement.importClause?.namedBindings;
    if (part && names && ts.isNamedImports(names)) for (const { name } of names.elements) found.set(name.text, part);
  }
  return found;
}
