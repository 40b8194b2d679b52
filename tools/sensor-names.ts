/** The names that a firmware gives its sensors, in order: uplinks carry only their indices. */
import { readFileSync } from "node:fs";
import ts from "typescript";

/** Keys of `sensors` in the call `node({ sensors: { ... } })`; empty when the file does not write them out there. */
export function sensorNames(entry: string): string[] {
  const source = ts.createSourceFile(entry, readFileSync(entry, "utf8"), ts.ScriptTarget.Latest, true);
  let names: string[] = [];
  const visit = (at: ts.Node): void => {
    if (ts.isCallExpression(at) && ts.isIdentifier(at.expression) && at.expression.text === "node") {
      const [config] = at.arguments;
      if (config && ts.isObjectLiteralExpression(config)) names = keysOf(valueOf(config, "sensors"));
    }
    ts.forEachChild(at, visit);
  };
  visit(source);
  return names;
}

function valueOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = object.properties.find((property) => property.name && nameOf(property.name) === name);
  return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

function keysOf(value: ts.Expression | undefined): string[] {
  if (!value || !ts.isObjectLiteralExpression(value)) return [];
  return value.properties.flatMap((property) => (property.name ? [nameOf(property.name) ?? ""] : []));
}

function nameOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}
