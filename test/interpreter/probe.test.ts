import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { UserError } from "../../tools/errors.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { espruino, interpreter } from "./bench.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probe-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** A program that is no interpreter, but says what it is told to. */
function pretender(script: string): string {
  const file = path.join(folder, `pretender-${fs.readdirSync(folder).length}`);
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}
const claiming = (facts: object): string =>
  pretender(
    `echo 'hibernode:${JSON.stringify({ version: "2v29.1", jsVars: 16383, jsVarBytes: 14, flash: 983040, storage: 917504, euro: 172, ...facts })}'`,
  );

describe("the program that is to be the second engine", () => {
  test.each([
    ["does not exist", path.join(folder, "nothing"), /no interpreter/],
    [
      "is something else",
      pretender("echo hello; exit 3"),
      /not an Espruino interpreter: exit code 3; its last output:\nhello/,
    ],
    ["crashes", pretender("kill -SEGV $$"), /not an Espruino interpreter: ended by SIGSEGV/],
    ["is another version", claiming({ version: "2v14" }), /is Espruino 2v14, expected 2v29/],
    [
      "is built for 64 bit",
      claiming({ jsVars: 4096, jsVarBytes: 27, euro: 8364 }),
      /expected 16383 JsVars of 14 bytes and byte strings, got 4096 of 27 bytes and Unicode strings/,
    ],
    ["has other flash", claiming({ storage: 4096 }), /4 KB of Storage, expected 896 KB/],
  ])("%s: refused in words", (_, program, message) => {
    let error: unknown;
    try {
      findInterpreter(program);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(message);
    expect((error as UserError).where).toBe(program);
    expect((error as UserError).fix).toBeTruthy();
  });

  test.skipIf(!espruino)("is recognised when it has the chip's shape", () => {
    expect(interpreter()).toMatchObject({ program: path.resolve(espruino!), jsVars: 16383 });
  });
});
