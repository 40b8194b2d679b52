/** The library as it is, or with another page size, or with a mutation: bundled afresh with parts of its text replaced. */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

export type Library = typeof import("./entry.ts");

export interface Replacement {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Throws when a replacement does not match exactly once: then the mutation no longer fits the code. */
export async function loadLibrary(pageBytes: number, replacements: readonly Replacement[] = []): Promise<Library> {
  const all = [{ file: "lib/journal/slots.ts", from: "PAGE = 4096", to: `PAGE = ${pageBytes}` }, ...replacements];
  const result = await build({
    entryPoints: [`${root}test/powerloss/entry.ts`],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    plugins: [
      {
        name: "replace",
        setup({ onLoad }) {
          onLoad({ filter: /[/\\]lib[/\\].*\.ts$/ }, async ({ path }) => {
            const { readFile } = await import("node:fs/promises");
            let contents = await readFile(path, "utf8");
            for (const { file, from, to } of all) {
              if (!path.replaceAll("\\", "/").endsWith(file)) continue;
              if (contents.split(from).length !== 2) throw new Error(`${file} does not contain exactly once: ${from}`);
              contents = contents.replace(from, () => to);
            }
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  const text = Buffer.from(result.outputFiles[0]!.contents).toString("base64");
  return (await import(`data:text/javascript;base64,${text}`)) as Library;
}
