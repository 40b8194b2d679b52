/** A generated text with its source map, and how maps of several stages become one. */
import remapping from "@jridgewell/remapping";
import type { SourceMap } from "./findings.ts";

export interface Code {
  readonly code: string;
  readonly map: SourceMap;
}

/** Module name under which the bytes of the async runtime are counted: no file of the author holds them. */
export const RUNTIME = "async runtime";

/** Plain Babel, untouched by whatever configuration lies in the author's folder. */
export const PLAIN = { configFile: false, babelrc: false, browserslistConfigFile: false } as const;

type Input = Parameters<typeof remapping>[0];

/** The map of a text that was generated from the text that `previous` belongs to. */
export function chain(map: SourceMap, previous: SourceMap): SourceMap {
  const load = (source: string, { depth }: { depth: number }): Input | null =>
    depth === 1 && source !== RUNTIME ? (previous as Input) : null;
  return JSON.parse(JSON.stringify(remapping(map as Input, load as Parameters<typeof remapping>[1]))) as SourceMap;
}
