/** What the kinds of `hibernode train` share: reading data, numbers from flags, and writing the model. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { UserError } from "../errors.ts";
import type { ModelModule } from "../models/train/module.ts";
import type { Output } from "../terminal/output.ts";

export function readData(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

export function numberOf(text: string, flag: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new UserError(`"${text}" is no number above 0`, { where: flag });
}

export function writeModel(output: Output, out: string, name: string, module: ModelModule, report: object): void {
  const folder = resolve(out);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.ts`), module.text);
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  output.fact("written", `${relative("", folder) || "."}: ${name}.ts for the firmware, ${name}.json`);
}
