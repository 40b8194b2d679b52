/** Checks firmware against exactly what Espruino has, instead of what browsers or Node have. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { UserError } from "../errors.ts";
import { packageFolder } from "../package-folder.ts";
import { digest, type BuildCache } from "./cache.ts";
import { codeFrame, type Position, refusal, where } from "./findings.ts";
import { ownModules } from "./own-package.ts";
import { checkSpreads, placeIn } from "./spreads.ts";

const SHOWN = 20;

export interface Checked {
  readonly files: number;
  /** Every one of them is as it was when it was checked. */
  readonly before: boolean;
}

/** Throws a UserError with every type error and its line. */
export function checkTypes(entry: string, root: string, cache: BuildCache | null): Checked {
  const inputs = ["types", entry, root];
  const known = cache?.find(inputs) as { readonly files: number; readonly texts: Texts } | undefined;
  if (known && Object.entries(known.texts).every(([file, text]) => textOf(file) === text))
    return { files: known.files, before: true };
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
  const texts: Texts = {};
  for (const { fileName } of program.getSourceFiles()) texts[fileName] = textOf(fileName)!;
  cache?.keep(inputs, { files: sources.length, texts });
  return { files: sources.length, before: false };
}

/** Digests, by file. */
type Texts = Record<string, string>;

const textOf = (file: string): string | undefined =>
  existsSync(file) ? digest([readFileSync(file, "utf8")]) : undefined;

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
