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
  readonly ram?: string;
}

export const buildVerb: Verb = (run) =>
  new Command("build")
    .description("build a firmware: type-check, bundle, lower to Espruino's dialect, minify, check, measure")
    .argument("<firmware>", "folder with a node.ts, for instance firmware/cold-chain")
    .option("--out <DIR>", "where bundle, source map and manifest go (default: out/NAME)")
    .option("--budget <BYTES>", "largest size of the bundle, in bytes (default: 24576)")
    .option("--ram <JSVARS>", "fail when it is estimated to take more at its peak")
    .action(run(build));

async function build(output: Output, folder: string, options: Options): Promise<boolean> {
  const firmware = findFirmware(folder);
  const outDir = resolve(options.out ?? `out/${firmware.name}`);
  const budget = options.budget === undefined ? {} : { budgetBytes: wholeNumber(options.budget, "--budget", "bytes") };
  const ram = options.ram === undefined ? Infinity : wholeNumber(options.ram, "--ram", "JsVars");
  // the compiler takes half a second to load
  const [{ buildFirmware }, { estimateRam }, { callDepth }] = await Promise.all([
    import("../build/build.ts"),
    import("../build/ram-estimate.ts"),
    import("../build/call-depth.ts"),
  ]);
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
  const jsVars = estimateRam(built.bundle);
  output.fact(
    "JsVars",
    `about ${jsVars.loaded} after load, ${jsVars.peak} at the peak (estimated; \`hibernode ram\` measures)`,
  );
  const { levels, recursive } = callDepth(built.bundle);
  const again = recursive.length ? `, ${recursive.length} functions that can come to call themselves counted once` : "";
  output.fact("calls", `at most ${levels} levels deep by the text${again}`);
  output.fact("written", `${relative("", outDir) || "."}: ${built.manifest.name}.js, its source map, manifest.json`);
  output.result({
    ...built.manifest,
    jsVars,
    callLevels: levels,
    steps: built.steps,
    warnings: built.warnings,
    outDir,
  });
  if (jsVars.peak > ram)
    throw new UserError(
      `the firmware is estimated to take ${jsVars.peak} JsVars, ${jsVars.peak - ram} more than allowed`,
      {
        where: firmware.entry,
        fix: "use fewer sensors or extensions: RAM goes with the number of functions; or allow more",
      },
    );
  return true;
}

function wholeNumber(text: string, where: string, of: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UserError(`"${text}" is no number of ${of}`, {
    where,
    fix: `write a whole number, for instance ${of === "bytes" ? 24576 : 2000}`,
  });
}
