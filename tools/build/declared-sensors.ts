/** The sensors that a firmware declares, read from its source: what is known of each before anything runs. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import ts from "typescript";
import type { PartFacts } from "../../lib/sensors/part-facts.ts";
import { loadSensors } from "../sensors.ts";
import { importsFrom } from "./declared.ts";

export interface DeclaredSensor {
  /** Its name in the firmware. */
  readonly name: string;
  readonly facts: PartFacts;
  /** File, line and column of the call that makes it, and the call. */
  readonly where: string;
  readonly call: string;
  /** First argument, as written: the bus or pins. */
  readonly at: string;
  /** Where the options say so. */
  readonly address: number | undefined;
  /** Where `suppliedWith` says so. */
  readonly suppliedVolts: number | undefined;
}

export async function declaredSensors(entry: string): Promise<DeclaredSensor[]> {
  const file = ts.createSourceFile(entry, readFileSync(entry, "utf8"), ts.ScriptTarget.Latest, true);
  const imports = importsFrom(file, /^hibernode\/sensors\/(.*)$/);
  const parts = await loadSensors();
  const found: DeclaredSensor[] = [];

  function take(property: ts.ObjectLiteralElementLike): void {
    if (!ts.isPropertyAssignment(property)) return;
    const name = property.name.getText();
    const within = (node: ts.Node, suppliedVolts?: number): void => {
      if (!ts.isCallExpression(node)) return ts.forEachChild(node, (child) => within(child, suppliedVolts));
      const called = imports.get(node.expression.getText());
      const facts = called && parts[called];
      if (!facts) {
        // a power gate, or what says how it is supplied, holds the sensor in its arguments
        const volts = called === "supplied-with" ? numberIn(node.arguments[0]) : undefined;
        return node.arguments.forEach((argument) => within(argument, volts ?? suppliedVolts));
      }
      const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push({
        name,
        facts,
        where: `${relative("", entry)}:${line + 1}:${character + 1}`,
        call: node.getText(),
        at: node.arguments[0]?.getText() ?? "",
        address: addressIn(node),
        suppliedVolts,
      });
    };
    within(property.initializer);
  }

  (function visit(node: ts.Node): void {
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === "sensors" &&
      ts.isObjectLiteralExpression(node.initializer)
    )
      node.initializer.properties.forEach(take);
    else ts.forEachChild(node, visit);
  })(file);
  return found;
}

const numberIn = (node: ts.Node | undefined): number | undefined =>
  node && ts.isNumericLiteral(node) ? Number(node.text) : undefined;

/** The number of a property `address` among the arguments; undefined = the usual one. */
function addressIn(call: ts.CallExpression): number | undefined {
  for (const argument of call.arguments.filter(ts.isObjectLiteralExpression))
    for (const one of argument.properties)
      if (ts.isPropertyAssignment(one) && one.name.getText() === "address") return numberIn(one.initializer);
  return undefined;
}
