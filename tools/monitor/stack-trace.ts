/** Espruino's stack traces in the lines of the TypeScript sources, through the bundle's source map. */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { SourceMap } from "../build/findings.ts";

/** Turns every `(.bootcde:LINE:COLUMN)` in a line of the console into the source's file and line. */
export type MapLine = (line: string) => string;

// code that runs from Storage is named after its file; columns count from 1
const FRAME = /\(?\.bootcde:(\d+):(\d+)\)?/g;

export function stackMapper(map: SourceMap | undefined): MapLine {
  if (!map) return (line) => line;
  const trace = new TraceMap(map as ConstructorParameters<typeof TraceMap>[0]);
  return (line) =>
    line.replace(FRAME, (frame, row: string, column: string) => {
      const found = originalPositionFor(trace, { line: Number(row), column: Number(column) - 1 });
      return found.source === null ? frame : `(${found.source}:${found.line}:${found.column + 1})`;
    });
}
