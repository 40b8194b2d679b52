/** What a build step objects to, where it stands in the author's source, and how it is shown. */
import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { UserError } from "../errors.ts";

/** Source map v3 as an object. */
export interface SourceMap {
  version: 3;
  file?: string;
  sources: (string | null)[];
  sourcesContent?: (string | null)[];
  names: string[];
  mappings: string;
}

/** Line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Finding {
  /** Short stable identifier, for instance "generator". */
  readonly rule: string;
  readonly message: string;
  /** What to write instead. */
  readonly instead: string;
  readonly position: Position | undefined;
  /** The text of `position.file`, for the code frame. */
  readonly source?: string | undefined;
}

/** Turns a place in generated text (line from 1, column from 0) into the place in the source that it came from. */
export type Locate = (line: number, column: number) => { position: Position; source: string | undefined } | undefined;

export function locateWith(map: SourceMap): Locate {
  const trace = new TraceMap(map as ConstructorParameters<typeof TraceMap>[0]);
  return (line, column) => {
    const found = originalPositionFor(trace, { line, column });
    if (found.source === null) return undefined;
    const source = map.sourcesContent?.[map.sources.indexOf(found.source)] ?? undefined;
    return { position: { file: found.source, line: found.line, column: found.column + 1 }, source };
  };
}

/** Where line (from 1) and column (from 0) of a bundle come from. */
export function originalPosition(map: SourceMap, line: number, column: number): Position | undefined {
  return locateWith(map)(line, column)?.position;
}

/** Positions of a text that was not generated. */
export function locateIn(file: string, source: string): Locate {
  return (line, column) => ({ position: { file, line, column: column + 1 }, source });
}

export function where(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** Two lines before the place, its line, and a caret below the column. */
export function codeFrame(source: string, { line, column }: Position): string {
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, line - 2);
  const width = String(line).length;
  const shown = lines
    .slice(first - 1, line)
    .map((text, index) => `${String(first + index).padStart(width)} | ${text}`.trimEnd());
  return [...shown, `${" ".repeat(width)} | ${" ".repeat(column - 1)}^`].join("\n");
}

export function describe({ rule, message, instead, position, source }: Finding): string {
  const head = `${position ? `${where(position)}: ` : ""}${message} [${rule}]`;
  const frame = position && source !== undefined ? [codeFrame(source, position)] : [];
  return [head, ...frame, `  instead: ${instead}`].join("\n");
}

const SHOWN = 20;

/** One error for all findings of a step. */
export function refusal(findings: readonly Finding[]): UserError {
  const shown = findings.slice(0, SHOWN).map(describe);
  if (findings.length > SHOWN) shown.push(`and ${findings.length - SHOWN} more`);
  const [first] = findings;
  return new UserError(`this code cannot run on Espruino\n\n${shown.join("\n\n")}`, {
    where: first?.position && where(first.position),
    fix: first?.instead,
  });
}
