/** One receiver per file: a second one would break what the first knows of it. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { UserError } from "../../errors.ts";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Takes the file until `release`. A lock whose owner was killed is taken over.
 * @throws UserError while another receiver runs
 */
export function lock(file: string): { release(): void } {
  const path = `${file}.pid`;
  const owner = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
  if (owner && owner !== process.pid && isAlive(owner))
    throw new UserError(`another receiver, process ${owner}, writes to this file`, {
      where: file,
      fix: `end it first, or give another file; if process ${owner} is something else, delete ${path}`,
    });
  writeFileSync(path, String(process.pid));
  return { release: () => rmSync(path, { force: true }) };
}
