/** `npm run bench [NAME...]`: every measurement in this folder, each in a process of its own, or only those named. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const all = readdirSync(folder).flatMap((file) => /^(.*)\.bench\.js$/.exec(file)?.[1] ?? []);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length) {
  process.stderr.write(`no such measurement: ${unknown.join(", ")}; there are ${all.join(", ")}\n`);
  process.exit(1);
}
for (const name of asked.length ? asked : all) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [join(folder, `${name}.bench.js`)], { stdio: "inherit" });
  if (status) process.exitCode = 1;
}
