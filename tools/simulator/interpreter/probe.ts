/** Looks at an Espruino program before anything relies on it: is it one, which version, and is it shaped like the chip? */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { UserError } from "../../errors.ts";

export interface Interpreter {
  readonly program: string;
  readonly version: string;
  /** Where Storage begins in the program's flash file. */
  readonly storageAt: number;
  readonly jsVars: number;
}

/** The version whose behaviour the simulation was checked against. */
const VERSION = "2v29";
/** JsVars of a classic ESP32 or an S3: 16,383 of 14 bytes; strings of bytes. */
const SHAPE = { jsVars: 16383, jsVarBytes: 14 };
const MARK = "hibernode:";
const QUESTION = `print("${MARK}"+JSON.stringify({version:process.env.VERSION,jsVars:process.memory().total,jsVarBytes:process.memory().blocksize,flash:process.env.FLASH,storage:process.env.STORAGE,euro:"\\u20ac".charCodeAt(0)}));quit()`;
const LIMIT_MS = 10_000;
const FIX =
  "build Espruino 2v29 for Linux, shaped like an ESP32: 32 bit, 16383 variables, byte strings, 4 KB flash pages";

/** @param program path of the program, as in the environment variable ESPRUINO. Throws a UserError that says what is wrong with it. */
export function findInterpreter(program: string): Interpreter {
  const where = path.resolve(program);
  const refuse = (message: string, fix = FIX): UserError => new UserError(message, { where, fix });
  if (!fs.existsSync(where)) throw refuse("there is no interpreter", "give the path of an Espruino program for Linux");
  const output = ask(where);
  const answer = output.text.split(/[\r\n]+/).find((line) => line.startsWith(MARK));
  if (answer === undefined)
    throw refuse(
      `this is not an Espruino interpreter: ${output.problem || "it gave no answer"}; its last output:\n${output.text.slice(-400)}`,
    );
  const { version, jsVars, jsVarBytes, flash, storage, euro } = JSON.parse(answer.slice(MARK.length)) as Record<
    string,
    number
  > & { version: string };
  if (!version.startsWith(VERSION)) throw refuse(`the interpreter is Espruino ${version}, expected ${VERSION}`);
  if (jsVarBytes !== SHAPE.jsVarBytes || jsVars !== SHAPE.jsVars || euro !== 0xac) {
    const strings = euro === 0xac ? "byte strings" : "Unicode strings";
    throw refuse(
      `the interpreter is not shaped like the chip: expected ${SHAPE.jsVars} JsVars of ${SHAPE.jsVarBytes} bytes and byte strings, got ${jsVars} of ${jsVarBytes} bytes and ${strings}`,
    );
  }
  if (storage !== 0xe0000) throw refuse(`the interpreter has ${storage! / 1024} KB of Storage, expected 896 KB`);
  return { program: where, version, storageAt: flash! - storage, jsVars: jsVars! };
}

function ask(program: string): { text: string; problem: string } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hibernode-"));
  const pipe = path.join(folder, "stdin");
  // At the end of its input the program would read rubbish.
  spawnSync("mkfifo", [pipe]);
  const input = fs.openSync(pipe, "r+");
  try {
    const { error, status, signal, stdout, stderr } = spawnSync(program, ["-e", QUESTION], {
      cwd: folder,
      stdio: [input, "pipe", "pipe"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
      encoding: "latin1",
    });
    const problem = error?.message ?? (signal ? `ended by ${signal}` : status ? `exit code ${status}` : "");
    return { text: `${stdout ?? ""}${stderr ?? ""}`, problem };
  } finally {
    fs.closeSync(input);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
