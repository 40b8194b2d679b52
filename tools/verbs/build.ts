/** `hibernode build`: TypeScript to the bundle that is flashed, checked against what Espruino can run. */
import { relative, resolve } from "node:path";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { findFirmware } from "../firmware.ts";
import { table } from "../terminal/table.ts";
import type { Output } from "../terminal/output.ts";
import type { Verb } from "./verb.ts";

interface Options {
  readonly out?: string;
  readonly budget?: string;
}

export const buildVerb: Verb = (run) =>
  new Command("build")
    .description("build a firmware: type-check, bundle, lower to Espruino's dialect, minify, check, measure")
    .argument("<firmware>", "folder with a node.ts, for instance firmware/cold-chain")
    .option("--out <DIR>", "where bundle, source map and manifest go (default: out/NAME)")
    .option("--budget <BYTES>", "largest size of the bundle, in bytes (default: 24576)")
    .action(run(build));

async function build(output: Output, folder: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(folder);
  const outDir = resolve(options.out ?? `out/${firmware.name}`);
  const budget = options.budget === undefined ? {} : { budgetBytes: bytesOf(options.budget) };
  // the compiler takes half a second to load
  const { buildFirmware } = await import("../build/build.ts");
  const built = await buildFirmware({
    entry: firmware.entry,
    outDir,
    onStep: ({ name, detail, ms }) => output.step(name, detail, ms),
    ...budget,
  });
  built.warnings.forEach((warning) => output.warn(warning));
  const { modules, bytes } = built.manifest;
  output.line();
  output.line(
    table(
      ["module", "bytes", "share"],
      modules.map((module) => [module.name, String(module.bytes), `${((module.bytes / bytes) * 100).toFixed(1)} %`]),
      [1, 2],
    ),
  );
  output.line();
  output.fact("written", `${relative("", outDir) || "."}: ${built.manifest.name}.js, its source map, manifest.json`);
  output.result({ ...built.manifest, steps: built.steps, warnings: built.warnings, outDir });
  return true;
}

function bytesOf(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UserError(`"${text}" is no number of bytes`, {
    where: "--budget",
    fix: "write a whole number, for instance 24576",
  });
}
