/** A model in the form that a firmware uses: its files in Storage, and the lines of TypeScript that open it. */
import type { Blob } from "./blob.ts";
import { type Kind, kinds, type Plan } from "./steps.ts";

export interface DeviceModel {
  /** In Storage, by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Lines of TypeScript. */
  readonly imports: string;
  /** An expression for the `Model`, or the fault. */
  readonly open: string;
  readonly inputs: number;
  /** The input is real numbers in place of int8 values. */
  readonly isReal: boolean;
}

const files: Readonly<Record<string, readonly Kind[]>> = {
  "two-roundings": ["denseTwice", "convolutionTwice", "depthwiseTwice", "softmaxTwice"],
};

/** @param name of the file in Storage, at most 28 characters */
export function networkModel(plan: Plan, blob: Blob, name: string): DeviceModel {
  const used = [...new Set(plan.steps.map(({ kind }) => kind))].sort((a, b) => kinds[a] - kinds[b]);
  const twice = used.filter((kind) => files["two-roundings"]!.includes(kind));
  const once = used.filter((kind) => !twice.includes(kind));
  const from = (list: readonly Kind[], file: string): string[] =>
    list.length ? [`import { ${list.join(", ")} } from "hibernode/classify/${file}";`] : [];
  return {
    files: { [name]: blob.bytes },
    imports: [
      'import { openNetwork } from "hibernode/classify/network";',
      ...from(once, "operators"),
      ...from(twice, "two-roundings"),
    ].join("\n"),
    open: `openNetwork("${name}", { ${used.map((kind) => `${kinds[kind]}: ${kind}`).join(", ")} })`,
    inputs: plan.inputs,
    isReal: plan.entrance.kind !== 0,
  };
}
