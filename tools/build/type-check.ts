/** Checks firmware against exactly what Espruino has, instead of what browsers or Node have. */
import { dirname, join } from "node:path";
import ts from "typescript";
import { UserError } from "../errors.ts";
import { packageFolder } from "../package-folder.ts";
import { codeFrame, type Position, refusal, where } from "./findings.ts";
import { ownModules } from "./own-package.ts";
import { checkSpreads, placeIn } from "./spreads.ts";

const SHOWN = 20;

/** Number of files checked. Throws a UserError with every type error and its line. */
export function checkTypes(entry: string, root: string): number {
  const config = join(packageFolder, "lib", "tsconfig.device.json");
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    dirname(config),
  );
  const paths = Object.fromEntries([...ownModules()].map(([name, target]) => [name, [target]]));
  const program = ts.createProgram([...fileNames, entry], { ...options, paths, noEmit: true });
  const diagnostics = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  for (const file of program.getSourceFiles())
    diagnostics.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
  const errors = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (errors.length > 0) throw typeErrors(errors, root);
  const sources = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
  const findings = sources.flatMap((file) => checkSpreads(file, program.getTypeChecker(), root));
  if (findings.length > 0) throw refusal(findings);
  return sources.length;
}

function typeErrors(errors: readonly ts.Diagnostic[], root: string): UserError {
  const shown = errors.slice(0, SHOWN).map((error) => {
    const message = ts.flattenDiagnosticMessageText(error.messageText, "\n  ");
    const position = positionOf(error, root);
    if (!position || !error.file) return message;
    return `${where(position)}: ${message} [TS${error.code}]\n${codeFrame(error.file.text, position)}`;
  });
  if (errors.length > SHOWN) shown.push(`and ${errors.length - SHOWN} more`);
  const first = errors[0] && positionOf(errors[0], root);
  return new UserError(`the types do not fit what Espruino has\n\n${shown.join("\n\n")}`, {
    where: first && where(first),
    fix: "what Espruino lacks is not declared: the types in lib/types say what there is",
  });
}

function positionOf({ file, start = 0 }: ts.Diagnostic, root: string): Position | undefined {
  return file && placeIn(file, start, root);
}
