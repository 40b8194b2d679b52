/** Which source files Hibernode's public module names stand for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../package-folder.ts";

type Exports = Record<string, string | { readonly source?: string }>;

/** Module names to source files, as package.json exports them under the condition `source`; `*` stands for a name. */
export function ownModules(): ReadonlyMap<string, string> {
  const { name, exports } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    name: string;
    exports?: Exports;
  };
  const modules = new Map<string, string>();
  for (const [path, target] of Object.entries(exports ?? {})) {
    const source = typeof target === "object" ? target.source : undefined;
    if (source) modules.set(name + path.slice(1), join(packageFolder, source));
  }
  return modules;
}

/** The source file of one of Hibernode's modules; undefined for every other module name. */
export function resolveOwn(modules: ReadonlyMap<string, string>, specifier: string): string | undefined {
  for (const [pattern, target] of modules) {
    const [before, after] = pattern.split("*") as [string, string | undefined];
    if (after === undefined) {
      if (specifier === pattern) return target;
    } else if (specifier.startsWith(before) && specifier.endsWith(after))
      return target.replace("*", specifier.slice(before.length, specifier.length - after.length || undefined));
  }
  return undefined;
}
