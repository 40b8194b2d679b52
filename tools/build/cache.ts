/**
 * What earlier builds found out, by everything that it follows from: the same text need not be lowered twice. Kept in the
 * user's cache folder, or where HIBERNODE_CACHE says; HIBERNODE_CACHE=off keeps nothing. May be deleted at any time.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import envPaths from "env-paths";
import { packageFolder } from "../package-folder.ts";

/** About 80 kB each. The longest unused go first. */
const ENTRIES = 300;

export interface BuildCache {
  /** What was kept under these inputs, or undefined. */
  find(inputs: readonly string[]): unknown;
  /** Keeps a value that JSON can hold. */
  keep(inputs: readonly string[], value: unknown): void;
}

/** The user's, or none. @param place folder; "off" for none */
export function openCache(place = process.env["HIBERNODE_CACHE"]): BuildCache | null {
  if (place === "off") return null;
  const folder = place || join(envPaths("hibernode", { suffix: "" }).cache, "build");
  const fileOf = (inputs: readonly string[]): string => join(folder, `${digest([builder(), ...inputs])}.json`);
  return {
    find(inputs) {
      const file = fileOf(inputs);
      try {
        const value = JSON.parse(readFileSync(file, "utf8")) as unknown;
        const now = Date.now() / 1000;
        utimesSync(file, now, now);
        return value;
      } catch {
        // absent, or a file that somebody has spoiled: it is made again
        return undefined;
      }
    },
    keep(inputs, value) {
      try {
        mkdirSync(folder, { recursive: true });
        // builds side by side see a whole file or none
        const whole = join(folder, `${randomUUID()}.part`);
        writeFileSync(whole, JSON.stringify(value));
        renameSync(whole, fileOf(inputs));
        removeOldest(folder);
      } catch {
        // a folder that cannot be written costs time, nothing else
      }
    },
  };
}

export const digest = (parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

function removeOldest(folder: string): void {
  const names = readdirSync(folder);
  if (names.length <= ENTRIES) return;
  const used = (name: string): number => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const oldest = names.map((name) => ({ name, at: used(name) })).sort((a, b) => a.at - b.at);
  for (const { name } of oldest.slice(0, names.length - (ENTRIES * 2) / 3)) rmSync(join(folder, name), { force: true });
}

let own: string | undefined;

/** Stands for the code that builds: its files, the declarations of Espruino, and the versions of the tools that it calls. */
function builder(): string {
  if (own) return own;
  const require = createRequire(import.meta.url);
  const tools = ["@babel/core", "@babel/traverse", "@babel/generator", "@jridgewell/remapping", "terser", "typescript"];
  const version = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;
  const texts = [import.meta.dirname, join(packageFolder, "lib/types")].flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .filter((name) => /\.(ts|js)$/.test(name))
      .map((name) => readFileSync(join(folder, name), "utf8")),
  );
  return (own = digest([...tools.map((name) => `${name} ${version(name)}`), ...texts]));
}
