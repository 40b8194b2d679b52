/** `hibernode new`: a project of one's own, started from one of the firmwares that ship with the package. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { packageFolder } from "../package-folder.ts";
import { unknownName } from "../suggest.ts";
import type { Output } from "../terminal/output.ts";
import type { Verb } from "./verb.ts";

export const newVerb: Verb = (run) =>
  new Command("new")
    .description("start a project of your own from one of the firmwares that come with hibernode")
    .argument("<name>", "folder to make")
    .option("--from <FIRMWARE>", "firmware to start from", "cold-chain")
    .action(run(create));

async function create(output: Output, name: string, { from }: { readonly from: string }): Promise<boolean> {
  const firmwares = join(packageFolder, "firmware");
  const known = readdirSync(firmwares);
  if (!known.includes(from)) throw unknownName("firmware", from, known, "--from");
  const folder = resolve(name);
  if (existsSync(folder) && readdirSync(folder).length) {
    throw new UserError("the folder is not empty", { where: name, fix: "choose another name, or empty it: nothing is overwritten" });
  }
  await mkdir(folder, { recursive: true });
  for (const file of ["node.ts", "scenario.ts"]) await copyFile(join(firmwares, from, file), join(folder, file));
  const files = projectFiles(basename(folder));
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  output.step("new", `${name}, from ${from}`);
  output.line(`\n  cd ${name}\n  npm install\n  npm start        build it and live through its scenario\n  npm test         the same as a test`);
  output.result({ folder, from, files: ["node.ts", "scenario.ts", ...Object.keys(files)] });
  return true;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2) + "\n";

function projectFiles(name: string): Record<string, string> {
  const own = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
    version: string;
    devDependencies: Record<string, string>;
  };
  const { vitest = "*", "vega-datasets": dataSets = "*" } = own.devDependencies;
  return {
    "package.json": json({
      name,
      private: true,
      type: "module",
      scripts: { start: "hibernode simulate .", build: "hibernode build .", test: "vitest run" },
      dependencies: { hibernode: `^${own.version}` },
      devDependencies: { "vega-datasets": dataSets, vitest },
    }),
    // two worlds: node.ts knows what Espruino has, scenario.ts and tests what Node has
    "tsconfig.json": json({ files: [], references: [{ path: "./tsconfig.device.json" }, { path: "./tsconfig.host.json" }] }),
    "tsconfig.device.json": json({ extends: "hibernode/tsconfig.device.json", compilerOptions: { composite: true }, include: ["node.ts"] }),
    "tsconfig.host.json": json({
      compilerOptions: { composite: true, noEmit: true, strict: true, target: "ES2023", module: "NodeNext", skipLibCheck: true },
      include: ["scenario.ts", "*.test.ts"],
    }),
    "node.test.ts": `import { expect, test } from "vitest";
import { simulateFirmware } from "hibernode/simulator";

test("a week passes, and every reading arrives once", async () => {
  const run = await simulateFirmware(".", { lasts: "7d" });
  expect(run.broken).toEqual([]);
  expect(run.readings.delivered).toBeGreaterThan(600);
});
`,
    ".gitignore": "node_modules/\nout/\n",
  };
}
