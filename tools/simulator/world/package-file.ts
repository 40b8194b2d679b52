/** Files that come with npm packages, such as data sets, wherever npm has put the package. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../errors.ts";

/**
 * Path of a file inside an installed package, found as Node finds packages: upwards from `from`.
 * @param from `import.meta.url` of the module that asks
 */
export function packageFile(name: string, path: string, from: string): string {
  const start = fileURLToPath(from);
  for (let folder = dirname(start); ; folder = dirname(folder)) {
    const file = join(folder, "node_modules", name, path);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) break;
  }
  throw new UserError(`${path} of the package ${name} is not installed`, {
    where: start,
    fix: `npm install --save-dev ${name}, or choose another recording with --trace`,
  });
}
