/**
 * Runs a page of documentation: its commands, in order, in a folder of their own, after writing the files that it shows.
 * ```sh: commands · ```ts file=x.ts: a whole file · ```diff file=x.ts: lines that replace others · ```text: what the
 * commands before it print, numbers aside.
 */
import { readFileSync, symlinkSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execute, repository } from "../cli/command.ts";

interface Block {
  readonly kind: string;
  readonly file: string | undefined;
  readonly text: string;
}

export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(repository, page), "utf8");
  return [...text.matchAll(/^```(\w+)(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map(([, kind = "", file, body = ""]) => ({
    kind,
    file,
    text: body,
  }));
}

/** What a command becomes where nothing is to be installed: links stand for what npm would fetch. */
function prepared(command: string): string {
  return command
    .replace(/\bnpx hibernode\b/g, `node ${repository}/dist/tools/cli.js`)
    .replace(/^(\s*)npm install.*$/gm, "$1true");
}

export interface Ran {
  /** Everything that the commands printed. */
  readonly output: string;
  /** Where `cd` commands have led. */
  readonly folder: string;
}

/** @param before commands before the page's first: where its reader is supposed to stand */
export async function follow(page: string, folder: string): Promise<Ran> {
  let at = folder;
  let output = "";
  for (const { kind, file, text } of blocksOf(page)) {
    if (kind === "sh") {
      const { status, stdout, stderr } = await execute("bash", ["-ec", `${prepared(text)}\necho "@ $PWD"`], {
        cwd: at,
        env: { NO_COLOR: "1" },
      });
      if (status !== 0) throw new Error(`${page}: exit code ${status} from\n${text}\n${stdout}\n${stderr}`);
      at = stdout.slice(stdout.lastIndexOf("@ ") + 2).trim();
      output += stdout + stderr;
      linkPackages(at);
    } else if (kind === "text") mustPrint(page, text, output);
    else if (file !== undefined) write(join(at, file), kind, text);
  }
  return { output, folder: at };
}

/** A new project asks for packages: those of the repository, as `npm install` would put them there. */
function linkPackages(folder: string): void {
  const modules = join(folder, "node_modules");
  if (!existsSync(join(folder, "package.json")) || existsSync(modules)) return;
  mkdirSync(join(modules, ".bin"), { recursive: true });
  symlinkSync(repository, join(modules, "hibernode"));
  symlinkSync(join(repository, "dist/tools/cli.js"), join(modules, ".bin/hibernode"));
  for (const name of ["vega-datasets", "vitest", "typescript"])
    symlinkSync(join(repository, "node_modules", name), join(modules, name));
  for (const name of ["vitest", "tsc"])
    symlinkSync(join(repository, "node_modules/.bin", name), join(modules, ".bin", name));
}

function write(path: string, kind: string, text: string): void {
  if (kind !== "diff") {
    mkdirSync(dirname(path), { recursive: true });
    return writeFileSync(path, text);
  }
  let file = readFileSync(path, "utf8");
  for (const hunk of text.split(/\n(?= )/)) {
    const side = (unwanted: string): string =>
      hunk.split("\n").flatMap((line) => (line && line[0] !== unwanted ? [line.slice(1)] : [])).join("\n"); // prettier-ignore
    if (!file.includes(side("+"))) throw new Error(`${path} does not contain\n${side("+")}`);
    file = file.replace(side("+"), () => side("-"));
  }
  writeFileSync(path, file);
}

/** Numbers, times and hashes aside: they differ from machine to machine and from version to version. */
const shape = (line: string): string =>
  line.replace(/\b[0-9a-f]{12}\b/g, "#").replace(/\d[\d,.:-]*(us|ms|s|m|h|d|y)?\b/g, "#").replace(/\s+/g, " ").trim(); // prettier-ignore

export function mustPrint(page: string, text: string, output: string): void {
  const printed = new Set(output.split("\n").map(shape));
  const missing = text.split("\n").filter((line) => line.trim() && line.trim() !== "..." && !printed.has(shape(line)));
  if (missing.length)
    throw new Error(`${page} shows what is not printed:\n${missing.join("\n")}\n\nprinted:\n${output}`);
}
