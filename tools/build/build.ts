/** `hibernode build` as a function: from a firmware's TypeScript to the text that is flashed. */
import { existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, parse, relative, resolve, sep } from "node:path";
import { UserError } from "../errors.ts";
import { advise } from "./advice.ts";
import { checkAddresses } from "./addresses.ts";
import { bundle } from "./bundle.ts";
import { openCache, type BuildCache } from "./cache.ts";
import type { Code } from "./code.ts";
import { boardOf, checkOnBoard } from "./on-board.ts";
import { checkDialect } from "./dialect.ts";
import { type SourceMap, refusal } from "./findings.ts";
import { finish } from "./finish.ts";
import { lowerSyntax, minify } from "./lower.ts";
import { type Manifest, moduleBytes, sha256 } from "./manifest.ts";
import { privateNames } from "./private-names.ts";
import { checkModemImports } from "./modem-imports.ts";
import { checkTypes } from "./type-check.ts";

/** A thermometer takes two thirds of it. Flash holds far more: what a bundle costs is its lexing at every boot. */
export const DEFAULT_BUDGET_BYTES = 24_576;

export interface BuildOptions {
  /** The firmware's first file. */
  readonly entry: string;
  /** Folder for `NAME.js`, `NAME.js.map` and `manifest.json`; nothing is written without it. */
  readonly outDir?: string;
  readonly budgetBytes?: number;
  /** False where the types are checked already, by `tsc` for instance. Default true. */
  readonly typeCheck?: boolean;
  /** In place of the constants of config.ts beside `entry`, by name. Then types are not checked: they were, before. */
  readonly config?: Readonly<Record<string, string | number>>;
  /** What earlier builds found out; null for none. Default: the user's. */
  readonly cache?: BuildCache | null;
  /** Milliseconds, for the times of the steps. */
  readonly now?: () => number;
  /** Told each step when it is done. */
  readonly onStep?: (step: Step) => void;
}

export interface Step {
  readonly name: string;
  readonly ms: number;
  readonly detail: string;
}

export interface Build {
  /** One byte per character, ASCII only: a script for Espruino's global scope. */
  readonly bundle: string;
  /** From the bundle to the TypeScript. */
  readonly map: SourceMap;
  readonly manifest: Manifest;
  readonly steps: readonly Step[];
  /** What works against the battery, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Type-checks, bundles, lowers, minifies, checks and measures. The same sources give the same bytes on every machine.
 * Throws a UserError that names file and line of everything that is wrong, or the largest modules when the bundle is
 * over its budget (what was built is in `outDir` all the same).
 */
export async function buildFirmware(options: BuildOptions): Promise<Build> {
  const { outDir, budgetBytes = DEFAULT_BUDGET_BYTES, now = () => performance.now(), cache = openCache() } = options;
  const entry = findEntry(options.entry);
  const root = findPackage(dirname(entry));
  const name = nameOf(entry);
  const steps: Step[] = [];
  const step = async <T>(title: string, run: () => T | Promise<T>, detail: (result: T) => string): Promise<T> => {
    const began = now();
    const result = await run();
    const done = { name: title, ms: now() - began, detail: detail(result) };
    steps.push(done);
    options.onStep?.(done);
    return result;
  };
  const size = ({ code }: { code: string }): string => `${code.length} bytes`;

  const { config, typeCheck = !config } = options;
  checkModemImports(entry);
  if (typeCheck)
    await step(
      "type-check",
      () => checkTypes(entry, root, cache),
      ({ files, before }) => `${files} files${before ? ", unchanged since they were checked" : ""}`,
    );
  await step(
    "sensors",
    () => checkAddresses(entry),
    (count) => `${count} on I2C, each at its own address`,
  );
  const bundled = await step("bundle", () => bundle(entry, root, config), size);
  const warnings = await step(
    "advice",
    async () => advise(entry, await boardOf(bundled.files), config),
    (found) => (found.length ? `${found.length} to look at` : "nothing contradicts itself"),
  );
  const names = privateNames(bundled.files);
  const inputs = [bundled.code, JSON.stringify(bundled.map), names.source];
  let final = cache?.find(inputs) as Code | undefined;
  if (final)
    await step("reuse", () => final!, (code) => `${size(code)}, lowered, minified and checked before`); // prettier-ignore
  else {
    const lowered = await step("lower", () => lowerSyntax(bundled.code, "bundle.js", bundled.map), size);
    const minified = await step("minify", () => minify(lowered, names), size);
    final = await step("order", () => finish(minified), size);
    const { code, map } = final;
    await step(
      "dialect",
      () => {
        const findings = checkDialect(code, { sourceMap: map });
        if (findings.length > 0) throw refusal(findings);
      },
      () => "runs on Espruino",
    );
    cache?.keep(inputs, { code, map });
  }
  const { code } = final;
  await step(
    "board",
    () => checkOnBoard(code, bundled.files, entry),
    (text) => text,
  );
  const map = { ...final.map, file: `${name}.js` };
  const manifest: Manifest = {
    format: 1,
    name,
    entry: relative(root, entry).split(sep).join("/"),
    bytes: code.length,
    budgetBytes,
    sha256: sha256(code),
    modules: moduleBytes(code, map),
  };
  const isOver = manifest.bytes > budgetBytes;
  await step(
    "manifest",
    () => outDir !== undefined && write(outDir, code, map, manifest),
    () => `${manifest.bytes} of ${budgetBytes} bytes, sha256 ${manifest.sha256.slice(0, 12)}`,
  );
  if (isOver) throw overBudget(manifest, entry);
  return { bundle: code, map, manifest, steps, warnings };
}

function findEntry(given: string): string {
  const entry = resolve(given);
  if (!existsSync(entry) || !statSync(entry).isFile())
    throw new UserError("the firmware's first file does not exist", {
      where: entry,
      fix: "name a TypeScript file, for instance firmware/cold-chain/node.ts",
    });
  return realpathSync(entry);
}

/** The author's package: names of modules are relative to it, so that they are the same on every machine. */
function findPackage(folder: string): string {
  for (let at = folder; at !== parse(at).root; at = dirname(at)) if (existsSync(join(at, "package.json"))) return at;
  return folder;
}

function nameOf(entry: string): string {
  const name = basename(entry).replace(/\.[^.]*$/, "");
  return name === "node" || name === "index" ? basename(dirname(entry)) : name;
}

function write(outDir: string, code: string, map: SourceMap, manifest: Manifest): void {
  mkdirSync(outDir, { recursive: true });
  writeFileSync(join(outDir, `${manifest.name}.js`), code, "latin1");
  writeFileSync(join(outDir, `${manifest.name}.js.map`), `${JSON.stringify(map)}\n`);
  writeFileSync(join(outDir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

function overBudget({ bytes, budgetBytes, modules }: Manifest, entry: string): UserError {
  const largest = modules.slice(0, 5).map((module) => `${module.name} ${module.bytes}`);
  return new UserError(`the bundle has ${bytes} bytes, ${bytes - budgetBytes} more than its budget of ${budgetBytes}`, {
    where: entry,
    fix: `the largest modules are ${largest.join(", ")}; leave one out, or raise the budget`,
  });
}
