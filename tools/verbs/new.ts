/** `hibernode new`: a project of one's own, started from one of the firmwares that ship with the package. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Command } from "commander";
import { UserError } from "../errors.ts";
import { packageFolder } from "../package-folder.ts";
import { unknownName } from "../suggest.ts";
import type { Output } from "../terminal/output.ts";
import type { Verb } from "./verb.ts";

export const newVerb: Verb = (run) =>
  new Command("new")
    .description("start a project of your own from one of the firmwares that come with hibernode")
    .argument("<folder>", "folder to make; its last part is the name")
    .option("--from <FIRMWARE>", "firmware to start from", "cold-chain")
    .action(run(create));

async function create(output: Output, given: string, { from }: { readonly from: string }): Promise<boolean> {
  const firmwares = join(packageFolder, "firmware");
  const known = readdirSync(firmwares).filter((name) => existsSync(join(firmwares, name, "node.ts")));
  if (!known.includes(from)) throw unknownName("firmware", from, known, "--from");
  const folder = resolve(given);
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length)) {
    throw new UserError(statSync(folder).isDirectory() ? "the folder is not empty" : "this is a file", {
      where: given,
      fix: "choose another name: nothing is overwritten",
    });
  }
  await mkdir(folder, { recursive: true });
  const copied = readdirSync(join(firmwares, from)).filter((name) => name.endsWith(".ts"));
  for (const file of copied) await copyFile(join(firmwares, from, file), join(folder, file));
  const files = projectFiles(basename(folder), dependencyFrom(realpathSync(folder)));
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  const names = [...copied, ...Object.keys(files)];
  output.step("new", `${given}, from ${from}: ${names.length} files`);
  output.line(`
  cd ${given}
  npm install
  npm start          build it and let it live through its scenario
  npm test           the same as a test

node.ts is what runs on the device, scenario.ts what surrounds it.`);
  output.result({ folder, from, files: names });
  return true;
}

interface OwnPackage {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readPackage = (folder: string): OwnPackage =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as OwnPackage;

/** How the new project asks for hibernode: as the project that has it here does, and by its path when it is a clone. */
function dependencyFrom(folder: string): string {
  const byPath = (target: string): string => `file:${relative(folder, target)}`;
  if (basename(dirname(packageFolder)) !== "node_modules") return byPath(packageFolder);
  const host = resolve(packageFolder, "../..");
  if (!existsSync(join(host, "package.json"))) return `^${readPackage(packageFolder).version}`;
  const { dependencies, devDependencies } = readPackage(host);
  const spec =
    dependencies?.["hibernode"] ?? devDependencies?.["hibernode"] ?? `^${readPackage(packageFolder).version}`;
  return spec.startsWith("file:") ? byPath(resolve(host, spec.slice("file:".length))) : spec;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2) + "\n";

function projectFiles(name: string, hibernode: string): Record<string, string> {
  const {
    vitest = "*",
    typescript = "*",
    "vega-datasets": dataSets = "*",
  } = {
    ...readPackage(packageFolder).dependencies,
    ...readPackage(packageFolder).devDependencies,
  };
  return {
    "package.json": json({
      name: name.toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "") || "node", // prettier-ignore
      private: true,
      type: "module",
      scripts: { start: "hibernode simulate .", build: "hibernode build .", check: "tsc -b", test: "vitest run" },
      dependencies: { hibernode },
      devDependencies: { typescript, "vega-datasets": dataSets, vitest },
    }),
    // two worlds: node.ts knows what Espruino has, scenario.ts and tests what Node has
    "tsconfig.json": json({
      files: [],
      references: [{ path: "./tsconfig.device.json" }, { path: "./tsconfig.host.json" }],
    }),
    "tsconfig.device.json": json({
      extends: "hibernode/tsconfig.device.json",
      compilerOptions: { composite: true, tsBuildInfoFile: "out/device.tsbuildinfo" },
      include: ["*.ts"],
      exclude: ["scenario.ts", "*.test.ts"],
    }),
    "tsconfig.host.json": json({
      compilerOptions: {
        composite: true,
        noEmit: true,
        strict: true,
        target: "ES2023",
        module: "NodeNext",
        allowImportingTsExtensions: true,
        skipLibCheck: true,
        tsBuildInfoFile: "out/host.tsbuildinfo",
      },
      include: ["scenario.ts", "*.test.ts"],
    }),
    "node.test.ts": `import { expect, test } from "vitest";
import { simulateFirmware } from "hibernode/simulator";

test("three days, one of them without a network: every reading arrives once", { timeout: 60_000 }, async () => {
  const run = await simulateFirmware(".", { lasts: "3d", faults: ["no-coverage@1d..2d"] });
  expect(run.broken).toEqual([]);
  expect(run.collected.readings).toBeGreaterThan(20);
});
`,
    ".gitignore": "node_modules/\nout/\n",
  };
}
