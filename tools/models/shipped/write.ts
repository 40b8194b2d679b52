/**
 * `npm run models [-- NAME...]`: trains the models that ship with firmwares, each from its stated model of the world and a seed, and
 * writes them with their reports. The same seed gives the same bytes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { packageFolder } from "../../package-folder.ts";
import { shipped } from "./shipped.ts";

const asked = process.argv.slice(2);
for (const [name, make] of Object.entries(shipped)) {
  if (asked.length && !asked.includes(name)) continue;
  const { file, module, report } = await make();
  const path = join(packageFolder, file);
  writeFileSync(path, await format(module.text, { ...(await resolveConfig(path)), filepath: path }));
  process.stdout.write(`${file}: ${module.bytes.length} bytes of model, ${readFileSync(path).length} of text\n${report.join("\n")}\n\n`); // prettier-ignore
}
