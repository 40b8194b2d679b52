/** All modules of a firmware in one script, without what nobody uses. */
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import esbuild from "esbuild";
import { UserError } from "../errors.ts";
import { packageFolder } from "../package-folder.ts";
import type { Code } from "./code.ts";
import { withConstants } from "./config-file.ts";
import { codeFrame, type SourceMap, where } from "./findings.ts";
import { ownModules, resolveOwn } from "./own-package.ts";
import { REQUIRE } from "./prepare.ts";

export interface Bundled extends Code {
  /** Every module that is in it, absolute paths. */
  readonly files: readonly string[];
}

/**
 * `sources` in the map are relative to `root`; modules of Hibernode outside of it are called `hibernode/…`.
 * @param config values in place of those of config.ts beside `entry`
 */
export async function bundle(
  entry: string,
  root: string,
  config?: Readonly<Record<string, string | number>>,
): Promise<Bundled> {
  const modules = ownModules();
  const result = await esbuild
    .build({
      entryPoints: [entry],
      absWorkingDir: root,
      outfile: "bundle.js",
      bundle: true,
      write: false,
      format: "esm",
      target: "esnext",
      platform: "neutral",
      conditions: ["source"],
      mainFields: ["module", "main"],
      define: { require: REQUIRE },
      charset: "ascii",
      legalComments: "none",
      treeShaking: true,
      minifySyntax: true,
      sourcemap: "external",
      sourcesContent: true,
      metafile: true,
      logLevel: "silent",
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, target: "esnext", verbatimModuleSyntax: true } },
      plugins: [
        {
          name: "own-modules",
          setup(build) {
            build.onResolve({ filter: /.*/ }, ({ kind }) => (kind === "entry-point" ? { path: entry } : undefined));
            if (config) {
              const file = join(dirname(entry), "config.ts");
              build.onLoad({ filter: /[\\/]config\.ts$/ }, ({ path }) =>
                path === file
                  ? { contents: withConstants(readFileSync(file, "utf8"), config), loader: "ts" }
                  : undefined,
              );
            }
            build.onResolve({ filter: /^hibernode(\/|$)/ }, ({ path }) => {
              const own = resolveOwn(modules, path);
              return own ? { path: own, sideEffects: false } : undefined;
            });
          },
        },
      ],
    })
    .catch((error: unknown) => {
      throw bundleError(error as esbuild.BuildFailure);
    });
  const text = (end: string): string => result.outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  const map = JSON.parse(text(".js.map")) as SourceMap;
  return {
    code: text(".js"),
    map: { ...map, sources: map.sources.map((source) => source && nameOf(source, root)) },
    files: Object.keys(result.metafile?.inputs ?? {}).map((file) => resolve(root, file)),
  };
}

/** The same on every machine: relative to the author's package, to Hibernode, or to the package that holds the file. */
function nameOf(source: string, root: string): string {
  const file = resolve(root, source);
  const inside = (folder: string): string | undefined =>
    file.startsWith(folder + sep) ? relative(folder, file).split(sep).join("/") : undefined;
  const own = inside(root);
  if (own !== undefined && !own.includes("node_modules/")) return own;
  const ours = inside(packageFolder);
  if (ours !== undefined && !ours.includes("node_modules/")) return `hibernode/${ours}`;
  return source.replace(/^.*node_modules\//, "");
}

function bundleError(failure: esbuild.BuildFailure): UserError {
  const shown = (failure.errors ?? []).map(({ text, location }) => {
    if (!location) return text;
    const position = { file: location.file, line: location.line, column: location.column + 1 };
    return `${where(position)}: ${text}\n${codeFrame(location.lineText, { ...position, line: 1 })}`;
  });
  const [first] = failure.errors ?? [];
  if (shown.length === 0) throw failure;
  return new UserError(`the firmware cannot be bundled\n\n${shown.join("\n\n")}`, {
    where: first?.location ? `${first.location.file}:${first.location.line}` : undefined,
  });
}
