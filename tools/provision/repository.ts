/** Secrets belong in no repository: whether git would take a file. */
import { spawnSync } from "node:child_process";
import { basename, dirname, resolve } from "node:path";

/** False too where there is no git, or no repository. */
export function gitWouldTake(file: string): boolean {
  const git = (args: readonly string[]): number | null =>
    spawnSync("git", args, { cwd: dirname(resolve(file)), stdio: "ignore" }).status;
  return git(["rev-parse", "--is-inside-work-tree"]) === 0 && git(["check-ignore", "-q", basename(file)]) === 1;
}
