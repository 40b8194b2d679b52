#!/usr/bin/env node
/** The command `hibernode`: one file per verb in verbs/, exit codes in terminal/exit.ts. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { UserError } from "./errors.ts";
import { packageFolder } from "./package-folder.ts";
import { CHECK_FAILED, DEFECT, describeExitCodes, OK, USER_ERROR } from "./terminal/exit.ts";
import { createOutput, describeError } from "./terminal/output.ts";
import { asUserError, usageError } from "./terminal/usage.ts";
import type { Action, Verb } from "./verbs/verb.ts";

/** Loaded when asked for: the compiler alone takes half a second. */
const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  new: async () => (await import("./verbs/new.ts")).newVerb,
  build: async () => (await import("./verbs/build.ts")).buildVerb,
  simulate: async () => (await import("./verbs/simulate.ts")).simulateVerb,
  power: async () => (await import("./verbs/power.ts")).powerVerb,
  tune: async () => (await import("./verbs/tune.ts")).tuneVerb,
  verify: async () => (await import("./verbs/verify.ts")).verifyVerb,
  ram: async () => (await import("./verbs/ram.ts")).ramVerb,
  record: async () => (await import("./verbs/record.ts")).recordVerb,
  train: async () => (await import("./verbs/train.ts")).trainVerb,
  convert: async () => (await import("./verbs/convert.ts")).convertVerb,
  "verify-model": async () => (await import("./verbs/verify-model.ts")).verifyModelVerb,
  flash: async () => (await import("./verbs/flash.ts")).flashVerb,
  upload: async () => (await import("./verbs/upload.ts")).uploadVerb,
  provision: async () => (await import("./verbs/provision.ts")).provisionVerb,
  calibrate: async () => (await import("./verbs/calibrate.ts")).calibrateVerb,
  monitor: async () => (await import("./verbs/monitor.ts")).monitorVerb,
  doctor: async () => (await import("./verbs/doctor.ts")).doctorVerb,
  receive: async () => (await import("./verbs/receive.ts")).receiveVerb,
  command: async () => (await import("./verbs/command.ts")).commandVerb,
  decode: async () => (await import("./verbs/decode.ts")).decodeVerb,
  boards: async () => (await import("./verbs/boards.ts")).boardsVerb,
  sensors: async () => (await import("./verbs/sensors.ts")).sensorsVerb,
};

const { version } = JSON.parse(readFileSync(`${packageFolder}/package.json`, "utf8")) as { version: string };

async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes("--json");
  const asked = argv.find((word) => !word.startsWith("-"));
  const verb = asked !== undefined && Object.hasOwn(verbs, asked) ? asked : undefined;
  let status = OK;
  const program = new Command("hibernode")
    .usage("<verb> [options]")
    .description("TypeScript firmware for sensor nodes that sleep: build it, and live ten years with it in seconds.")
    .version(version)
    .option("--json", "print one JSON document instead of lines for people")
    .helpCommand("help [verb]", "show what a verb takes")
    .addHelpText("after", `\n${describeExitCodes()}`)
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeErr: (text) => void (json || process.stderr.write(text)) });
  const run =
    (action: Action) =>
    async (...args: unknown[]): Promise<void> => {
      if (!(await action(createOutput({ json }), ...(args as never[])))) status = CHECK_FAILED;
    };
  try {
    for (const name of verb === undefined ? Object.keys(verbs) : [verb]) {
      const command = (await verbs[name]!())(run).option("--json", "print one JSON document");
      command.copyInheritedSettings(program);
      program.addCommand(command);
    }
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return OK;
      // without any verb, the help is the answer
      if (error.code === "commander.help" && !json) return USER_ERROR;
      return fail(usageError(error, verb, Object.keys(verbs)), json);
    }
    return fail(asUserError(error), json);
  }
}

function fail(error: unknown, json: boolean): number {
  const document = (fields: object): void =>
    void (json && process.stdout.write(JSON.stringify({ error: fields }, null, 2) + "\n"));
  if (error instanceof UserError) {
    document({ message: error.message, where: error.where, fix: error.fix, exitCode: USER_ERROR });
    if (!json) process.stderr.write(describeError(error) + "\n");
    return USER_ERROR;
  }
  document({ message: String(error), fix: "this is a defect of hibernode: please report it", exitCode: DEFECT });
  process.stderr.write(
    `${error instanceof Error ? error.stack : String(error)}\nThis is a defect of hibernode: please report it.\n`,
  );
  return DEFECT;
}

// the reader of a pipe may leave: hibernode boards | head -1
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(OK);
});
process.exitCode = await main(process.argv.slice(2));
