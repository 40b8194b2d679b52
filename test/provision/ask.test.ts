/** A person who provisions a board answers at a terminal: the prompts on a pseudo-terminal, as they appear there. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { plainEnvironment, repository } from "../cli/command.ts";

/** A terminal without a width shows a character a line. */
const command = [
  "sh",
  "-c",
  'stty cols 100 rows 40; exec "$@"',
  "sh",
  process.execPath,
  path.join(repository, "dist/tools/cli.js"),
  "provision",
  "--no-write",
];
const ENTER = "\r";
const CTRL_C = "\x03";

/** Types each answer when its question has appeared. @returns all that the terminal showed */
function answer(answers: readonly (readonly [question: RegExp, typed: string])[]): Promise<[string, number | null]> {
  const code = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  const child = spawn("python3", ["-c", code, ...command], { env: { ...plainEnvironment(), TERM: "xterm" } });
  let shown = "";
  let from = 0;
  const left = [...answers];
  child.stdout.on("data", (bytes: Buffer) => {
    shown += bytes.toString();
    const [question, typed] = left[0] ?? [];
    if (!question?.test(shown.slice(from))) return;
    from = shown.length;
    left.shift();
    child.stdin.write(typed!);
  });
  return new Promise((resolve) => child.on("close", (status) => resolve([stripVTControlCharacters(shown), status])));
}

test.skipIf(!fs.existsSync("/usr/bin/python3"))(
  "asks for each setting, again where an answer cannot be, and shows no secret",
  { timeout: 60_000 },
  async () => {
    const key = "00112233445566778899aabbccddeeff";
    const [shown, status] = await answer([
      [/Device id/, `truck/17${ENTER}`],
      [/no \/ \+ #/, `\x7f\x7f\x7f-17${ENTER}`],
      [/MQTT broker/, `mqtt.example${ENTER}`],
      [/Its port/, `8x${ENTER}`],
      [/port must be/, `\x7f83${ENTER}`],
      [/User/, ENTER],
      [/Password/, `hush${ENTER}`],
      [/APN/, `iot${ENTER}`],
      [/Key/, `${key}${ENTER}`],
      [/between samples/, `5${ENTER}`],
      [/10 to 604800/, `00${ENTER}`],
      [/between reports/, ENTER],
    ]);
    expect(shown).toMatch(/checked +truck-17/);
    expect(shown).not.toContain("hush");
    expect(shown).not.toContain(key.slice(0, 8));
    expect(status).toBe(0);
  },
);

test.skipIf(!fs.existsSync("/usr/bin/python3"))(
  "stops at Ctrl-C, with nothing written",
  { timeout: 60_000 },
  async () => {
    const [shown, status] = await answer([[/Device id/, CTRL_C]]);
    expect(shown).toMatch(/Nothing was written/);
    expect(status).toBe(1);
  },
);
