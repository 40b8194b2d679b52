/** Readings of the modem's signal need three places of a firmware: where one is missing, they would be `unready` for ever. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import ts from "typescript";
import { UserError } from "../errors.ts";
import { importsFrom, type Declared } from "./declared.ts";

/** Modems that understand what each asks, by the beginning of their file's name (lib/modems/signal.ts). */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  sim7020Signal: ["sim7020"],
  sim7080Signal: ["sim7080", "sim7000"],
  bc660kSignal: ["bc660k", "bc66"],
  bg96Signal: ["bg96", "bg95"],
  bc95Signal: ["bc95"],
};

interface Uses {
  sensor: boolean;
  modem: boolean;
  kept: boolean;
  /** Handed to something that this check does not follow. */
  elsewhere: boolean;
}

/** Throws a UserError for a signal that is not a reading, not the modem's, not kept, or another family's. */
export function checkSignal(entry: string, modem: Declared["modem"]): void {
  const text = readFileSync(entry, "utf8");
  const file = ts.createSourceFile(entry, text, ts.ScriptTarget.Latest, true);
  const makers = importsFrom(file, /^hibernode\/modems\/(signal)$/);
  if (!makers.size) return;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && makers.has(node.expression.getText())) checkMade(node);
    ts.forEachChild(node, visit);
  };

  function checkMade(call: ts.CallExpression): void {
    const maker = call.expression.getText();
    const { line, character } = file.getLineAndCharacterOfPosition(call.getStart());
    const where = `${relative("", entry)}:${line + 1}:${character + 1}`;
    const declaration = call.parent;
    if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name))
      throw new UserError(`${maker}() is made in place: the modem, the readings and the node must share one`, {
        where,
        fix: `const radio = ${maker}(); then sensors: { …, radio }, the modem's signal: radio, and use: radio.use`,
      });
    const name = declaration.name.text;
    const uses = usesOf(file, declaration.name);
    const missing = [
      ...(uses.sensor ? [] : [`sensors: { …, ${name} }`]),
      ...(uses.modem ? [] : [`modem: ${modem?.call ?? "…"}(uart, { …, signal: ${name} })`]),
      ...(uses.kept ? [] : [`use: ${name}.use`]),
    ];
    if (missing.length && !uses.elsewhere)
      throw new UserError(
        uses.sensor
          ? `the modem's signal is a reading, but ${uses.modem ? "nothing keeps what the modem said over deep sleep" : "no modem is asked for it"}: it would be unready for ever`
          : "the modem's signal is no reading of this node: it would be asked for and never reported",
        { where, fix: `add ${missing.join(" and ")}` },
      );
    const known = FAMILIES[maker];
    if (known && modem && !known.some((family) => modem.text.startsWith(family))) {
      const own = Object.keys(FAMILIES).find((other) => FAMILIES[other]!.some((one) => modem.text.startsWith(one)));
      throw new UserError(
        `${maker} asks in words that ${modem.call}'s modem does not know: it would be unready for ever`,
        {
          where,
          fix: own ? `take ${own}()` : `leave it out: ${modem.call} tells no signal`,
        },
      );
    }
  }
  visit(file);
}

function usesOf(file: ts.SourceFile, declared: ts.Identifier): Uses {
  const uses: Uses = { sensor: false, modem: false, kept: false, elsewhere: false };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== declared && node.text === declared.text) {
      const parent = node.parent;
      const isName = ts.isPropertyAssignment(parent) && parent.name === node;
      if (ts.isPropertyAccessExpression(parent) && parent.expression === node) uses.kept ||= parent.name.text === "use";
      else if (ts.isShorthandPropertyAssignment(parent) || (ts.isPropertyAssignment(parent) && !isName)) {
        const owner = parent.parent.parent;
        const isSensor = ts.isPropertyAssignment(owner) && owner.name.getText() === "sensors";
        if (!isSensor && parent.name.getText() === "signal") uses.modem = true;
        else uses.sensor = true;
      } else if (ts.isCallExpression(parent)) uses.elsewhere = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return uses;
}
