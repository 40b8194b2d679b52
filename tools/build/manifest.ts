/** What a bundle consists of: which module has how many of its bytes. */
import { createHash } from "node:crypto";
import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import type { SourceMap } from "./findings.ts";

export interface Manifest {
  /** Version of this format. */
  readonly format: 1;
  readonly name: string;
  /** The firmware's first file, relative to its package. */
  readonly entry: string;
  readonly bytes: number;
  readonly budgetBytes: number;
  /** Of the bundle, in hexadecimal digits. */
  readonly sha256: string;
  /** Largest first; their bytes sum to `bytes`. */
  readonly modules: readonly { readonly name: string; readonly bytes: number }[];
}

/** Every byte of `code` belongs to the module of the mapping before it. `code` holds one byte per character. */
export function moduleBytes(code: string, map: SourceMap): Manifest["modules"] {
  const bytes = new Map<string, number>();
  const add = (name: string | undefined, count: number): void => {
    if (name !== undefined && count > 0) bytes.set(name, (bytes.get(name) ?? 0) + count);
  };
  const mappings = decodedMappings(new TraceMap(map as ConstructorParameters<typeof TraceMap>[0]));
  const sourceOf = (index: number | undefined): string | undefined =>
    index === undefined ? undefined : (map.sources[index] ?? undefined);
  let current = sourceOf(mappings.flat().find((segment) => segment.length > 1)?.[1]);
  const lines = code.split("\n");
  lines.forEach((line, index) => {
    let from = 0;
    for (const segment of mappings[index] ?? []) {
      add(current, segment[0] - from);
      from = segment[0];
      current = sourceOf(segment[1]) ?? current;
    }
    add(current, line.length - from + (index < lines.length - 1 ? 1 : 0));
  });
  return [...bytes]
    .map(([name, count]) => ({ name, bytes: count }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("hex");
}
