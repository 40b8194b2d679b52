/** Drivers as they are flashed: lowered and minified by the compiler's own steps, without the type check. */
import { resolve } from "node:path";
import esbuild from "esbuild";
import { finish } from "../../build/finish.ts";
import { lowerSyntax, minify } from "../../build/lower.ts";
import { REQUIRE } from "../../build/prepare.ts";
import { privateNames } from "../../build/private-names.ts";
import { packageFolder } from "../../package-folder.ts";

/** TypeScript for the device to what runs there. @param resolveDir where its relative imports start */
export async function bundle(source: string, resolveDir = `${packageFolder}/lib/sensors`): Promise<string> {
  const built = await esbuild.build({
    stdin: { contents: source, resolveDir, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    platform: "neutral",
    define: { require: REQUIRE },
    charset: "ascii",
    legalComments: "none",
    minifySyntax: true,
    metafile: true,
  });
  const files = Object.keys(built.metafile.inputs).filter((file) => file !== "<stdin>");
  const names = privateNames(files.map((file) => resolve(file)));
  return finish(minify(lowerSyntax(built.outputFiles[0]!.text, "bundle.js"), names)).code;
}
