/** A firmware's folder: node.ts (what runs on the device) and scenario.ts (what surrounds it in the simulator). */
import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { UserError } from "./errors.ts";
import type { Scenario } from "./simulator/scenario.ts";

export interface Firmware {
  readonly name: string;
  readonly folder: string;
  /** Path of node.ts. */
  readonly entry: string;
}

/** Accepts the folder or its node.ts. */
export function findFirmware(path: string): Firmware {
  const given = resolve(path);
  if (!existsSync(given)) {
    throw new UserError("no such firmware", { where: path, fix: "name a folder that holds a node.ts; hibernode new NAME makes one" });
  }
  const folder = statSync(given).isDirectory() ? given : resolve(given, "..");
  const entry = statSync(given).isDirectory() ? join(given, "node.ts") : given;
  if (!existsSync(entry)) {
    throw new UserError("the folder holds no node.ts", { where: path, fix: "hibernode new NAME makes a firmware to start from" });
  }
  return { name: basename(folder), folder, entry };
}

/** Loads `scenario.ts` of a firmware: TypeScript, so it is bundled to a temporary module first. */
export async function loadScenario(firmware: Firmware): Promise<Scenario> {
  const file = join(firmware.folder, "scenario.ts");
  if (!existsSync(file)) {
    throw new UserError("no scenario.ts beside node.ts", {
      where: firmware.folder,
      fix: "it says how the board is wired and what the world does: copy the one of firmware/cold-chain",
    });
  }
  const temporary = await mkdtemp(join(tmpdir(), "hibernode-"));
  try {
    const target = join(temporary, "scenario.mjs");
    await writeFile(target, await bundleForHost(file));
    const { default: scenario } = (await import(pathToFileURL(target).href)) as { default?: Scenario };
    if (!scenario || typeof scenario !== "object" || !("parts" in scenario)) {
      throw new UserError("the scenario exports no default", { where: file, fix: "export default scenario({ ... })" });
    }
    return scenario;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

async function bundleForHost(file: string): Promise<string> {
  try {
    const result = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      logLevel: "silent",
      // paths in the scenario are relative to the scenario, not to the temporary module
      define: { "import.meta.url": JSON.stringify(pathToFileURL(file).href) },
      plugins: [absoluteImports(file)],
    });
    return result.outputFiles[0]!.text;
  } catch (error) {
    const [first] = (error as { errors?: { text: string; location: { line: number; column: number } | null }[] }).errors ?? [];
    if (!first) throw error;
    const at = first.location ? `:${first.location.line}:${first.location.column + 1}` : "";
    throw new UserError(first.text, { where: `${file}${at}`, fix: "correct the scenario" });
  }
}

/** Leaves packages outside of the bundle; `hibernode` itself is always the one that runs. */
function absoluteImports(file: string): Plugin {
  return {
    name: "absolute-imports",
    setup({ onResolve }) {
      const require = createRequire(file);
      const own = createRequire(import.meta.url);
      onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
        if (kind === "entry-point" || path.startsWith("node:")) return undefined;
        try {
          const found = path.startsWith("hibernode") ? own.resolve(path) : require.resolve(path);
          return { path: pathToFileURL(found).href, external: true };
        } catch {
          return { errors: [{ text: `cannot find the package "${path}"` }] };
        }
      });
    },
  };
}
