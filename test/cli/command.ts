/** Runs the compiled command as a user does: a child process, in a project of its own outside of the repository. */
import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export const repository = resolve(import.meta.dirname, "../..");
const program = join(repository, "dist/tools/cli.js");

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export function hibernode(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return execute(process.execPath, [program, ...args], options);
}

/** vitest and CI servers ask their children for colours; users' pipes do not. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment["FORCE_COLOR"];
  delete environment["CI"];
  return environment;
}

export function execute(
  file: string,
  args: readonly string[],
  { cwd, env, input = "" }: CommandOptions,
): Promise<Ended> {
  const child = spawn(file, args, { cwd: cwd ?? repository, env: { ...plainEnvironment(), ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

export interface Project {
  readonly folder: string;
  /** Writes files, by path inside the project. */
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  /** A copy of cold-chain in the folder `name`, with replacements in its files. Each must be found. */
  firmware(name: string, changes?: { readonly node?: Changes; readonly scenario?: Changes }): void;
  remove(): void;
}

type Changes = readonly (readonly [from: string, to: string])[];

/** A project as `npm install` leaves it, but with links: hibernode is this repository. */
export function createProject(): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hibernode-test-")));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  symlinkSync(repository, join(modules, "hibernode"));
  for (const name of ["vega-datasets", "vitest", "typescript"])
    symlinkSync(join(repository, "node_modules", name), join(modules, name));
  writeFileSync(join(folder, "package.json"), '{ "name": "project", "private": true, "type": "module" }\n');
  const write: Project["write"] = (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  return {
    folder,
    write,
    firmware(name, { node = [], scenario = [] } = {}) {
      cpSync(join(repository, "firmware/cold-chain"), join(folder, name), { recursive: true });
      for (const [file, changes] of [
        ["node.ts", node],
        ["scenario.ts", scenario],
      ] as const) {
        let text = readFileSync(join(folder, name, file), "utf8");
        for (const [from, to] of changes) {
          if (!text.includes(from)) throw new Error(`${file} of cold-chain does not contain ${from}`);
          text = text.replace(from, to);
        }
        write({ [`${name}/${file}`]: text });
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Lines wrapped for the terminal as one, so that tests can look for sentences. */
export const unwrapped = (text: string): string => text.replace(/\s+/g, " ");
