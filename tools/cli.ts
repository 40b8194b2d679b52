#!/usr/bin/env node
/** The command `hibernode`: one file per verb in verbs/, exit codes in terminal/exit.ts. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { UserError } from "./errors.ts";
import { packageFolder } from "./package-folder.ts";
import { CHECK_FAILED, DEFECT, OK, USER_ERROR } from "./terminal/exit.ts";
import { createOutput, describeError } from "./terminal/output.ts";
import { boardsVerb } from "./verbs/boards.ts";
import { buildVerb } from "./verbs/build.ts";
import { decodeVerb } from "./verbs/decode.ts";
import { newVerb } from "./verbs/new.ts";
import { sensorsVerb } from "./verbs/sensors.ts";
import { simulateVerb } from "./verbs/simulate.ts";
import type { Action } from "./verbs/verb.ts";

const { version } = JSON.parse(readFileSync(`${packageFolder}/package.json`, "utf8")) as { version: string };

async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes("--json");
  let status = OK;
  const program = new Command("hibernode")
    .description("TypeScript firmware for sensor nodes that sleep: build it, and live ten years with it in seconds.")
    .version(version)
    .showHelpAfterError("(hibernode --help lists the verbs, hibernode VERB --help its options)")
    .exitOverride()
    .configureOutput({ writeErr: (text) => void (json || process.stderr.write(text)) });
  const run =
    (action: Action) =>
    async (...args: unknown[]): Promise<void> => {
      if (!(await action(createOutput({ json }), ...(args as never[])))) status = CHECK_FAILED;
    };
  for (const verb of [newVerb, buildVerb, simulateVerb, decodeVerb, boardsVerb, sensorsVerb]) {
    const command = verb(run).option("--json", "print one JSON document").exitOverride();
    command.copyInheritedSettings(program);
    program.addCommand(command);
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    return fail(error, json);
  }
}

function fail(error: unknown, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return OK;
  const document = (fields: object): void => void (json && process.stdout.write(JSON.stringify({ error: fields }, null, 2) + "\n"));
  if (error instanceof CommanderError) {
    document({ message: error.message.replace(/^error: /, "") });
    return USER_ERROR;
  }
  if (error instanceof UserError) {
    document({ message: error.message, where: error.where, fix: error.fix });
    if (!json) process.stderr.write(describeError(error) + "\n");
    return USER_ERROR;
  }
  document({ message: String(error), defect: true });
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\nThis is a defect of hibernode: please report it.\n`);
  return DEFECT;
}

process.exitCode = await main(process.argv.slice(2));
