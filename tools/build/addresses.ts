/** Whether the sensors that a firmware declares can share their buses: read from its source, before anything runs. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import ts from "typescript";
import { UserError } from "../errors.ts";
import { hex } from "../hex.ts";
import { loadSensors } from "../sensors.ts";

/** Number of I2C sensors found. Throws a UserError for an address that a part cannot have, and for one that two parts have. */
export async function checkAddresses(entry: string): Promise<number> {
  const file = ts.createSourceFile(entry, readFileSync(entry, "utf8"), ts.ScriptTarget.Latest, true);
  const drivers = driversIn(file);
  const parts = await loadSensors();
  const taken = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === "sensors" &&
      ts.isObjectLiteralExpression(node.initializer)
    )
      node.initializer.properties.forEach(take);
    else ts.forEachChild(node, visit);
  };
  const take = (property: ts.ObjectLiteralElementLike): void => {
    if (!ts.isPropertyAssignment(property)) return;
    const name = property.name.getText();
    ts.forEachChild(property, function within(node): void {
      if (!ts.isCallExpression(node)) return ts.forEachChild(node, within);
      const sensor = drivers.get(node.expression.getText());
      const { addresses, title } = (sensor && parts[sensor]) || {};
      // a power gate holds the sensor in its arguments
      if (!addresses) return node.arguments.forEach((argument) => within(argument));
      const at = addressIn(node) ?? addresses[0]!;
      const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
      const where = `${relative("", entry)}:${line + 1}:${character + 1}`;
      if (!addresses.includes(at))
        throw new UserError(`${title} cannot have the address ${hex(at)}`, {
          where,
          fix: `choose one of ${addresses.map(hex).join(", ")}`,
        });
      const place = `${node.arguments[0]?.getText()} ${at}`;
      const other = taken.get(place);
      if (other !== undefined)
        throw new UserError(`${other} and ${name} are both at address ${hex(at)} of ${node.arguments[0]!.getText()}`, {
          where,
          fix:
            addresses.length > 1
              ? `give one of them another address, here { address: ${hex(addresses.find((one) => one !== at)!)} }, or another bus`
              : "put one of them on another bus",
        });
      taken.set(place, name);
    });
  };
  visit(file);
  return taken.size;
}

/** Names that the file imports from hibernode/sensors, and the files that they come from. */
function driversIn(file: ts.SourceFile): Map<string, string> {
  const drivers = new Map<string, string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const sensor = /^hibernode\/sensors\/(.*)$/.exec(statement.moduleSpecifier.text)?.[1];
    const names = statement.importClause?.namedBindings;
    if (sensor && names && ts.isNamedImports(names))
      for (const { name } of names.elements) drivers.set(name.text, sensor);
  }
  return drivers;
}

/** The number of a property `address` among the arguments; undefined = the usual one. */
function addressIn(call: ts.CallExpression): number | undefined {
  const objects = call.arguments.filter(ts.isObjectLiteralExpression);
  const given = objects.flatMap(({ properties }) =>
    properties.flatMap((one) =>
      ts.isPropertyAssignment(one) && one.name.getText() === "address" && ts.isNumericLiteral(one.initializer)
        ? [Number(one.initializer.text)]
        : [],
    ),
  );
  return given[0];
}
