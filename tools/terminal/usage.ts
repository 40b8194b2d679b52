/** Errors of the argument parser and of the operating system, said as all others: what, where, what to do. */
import type { CommanderError } from "commander";
import { UserError } from "../errors.ts";

/** @param verb the verb that was asked for, when there is one of that name */
export function usageError(error: CommanderError, verb: string | undefined, verbs: readonly string[]): UserError {
  if (error.code === "commander.help") {
    return new UserError("no verb", { where: "hibernode", fix: `say what to do: ${verbs.join(", ")}` });
  }
  const [text = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const meant = /\(Did you mean (.*)\?\)/.exec(rest.join(" "))?.[1];
  const help = verb ? `hibernode ${verb} --help shows what it takes` : `verbs: ${verbs.join(", ")}`;
  return new UserError(text.replace("command", "verb").replaceAll("'", '"').replace(/\.$/, ""), {
    where: verb ? `hibernode ${verb}` : "hibernode",
    fix: meant ? `did you mean ${meant}? (${help})` : help,
  });
}

const meanings: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "not permitted",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "this is a folder, expected a file",
  EEXIST: "exists already",
  ENOSPC: "no space left on the disk",
  EROFS: "the file system is read-only",
};

/** What the operating system refused, as a user's error; anything else as it is. */
export function asUserError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { code = "", path, syscall } = error as NodeJS.ErrnoException;
  const meaning = meanings[code];
  if (!meaning || !syscall) return error;
  return new UserError(meaning, {
    where: path,
    fix: `the system refused "${syscall}": check the path and its permissions`,
  });
}
