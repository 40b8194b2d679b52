/** How much work a program is: by kind in the fast engine, and in instructions of the real interpreter. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { KINDS } from "../simulator/cpu/kinds.ts";
import { workMeter } from "../simulator/cpu/meter.ts";
import { createRealm } from "../simulator/espruino/realm.ts";

export interface Program {
  readonly name: string;
  /** Neither counted nor predicted. */
  readonly before?: string;
  readonly code: string;
}

/** Amounts in the order of `KINDS`. */
export function workOf({ before = "", code }: Program): number[] {
  const all = amounts(before + code);
  const started = amounts(before);
  return all.map((amount, kind) => amount - started[kind]!);
}

function amounts(code: string): number[] {
  const counted = new Float64Array(KINDS.length);
  const bytes = (data: string | Uint8Array): Buffer =>
    typeof data === "string" ? Buffer.from(data, "latin1") : Buffer.from(data);
  const none = (): number => 0;
  const E = {
    sum: (list: Uint8Array) => bytes(list).reduce((sum, item) => sum + item, 0),
    variance: none,
    convolve: none,
    hwRand: none,
    CRC32: (data: string | Uint8Array) => crc32(bytes(data)),
    toString: (data: Uint8Array) => bytes(data).toString("latin1"),
    toUint8Array: (data: string | Uint8Array) => new Uint8Array(bytes(data)),
  };
  const pins = { D4: 4, digitalWrite: none, digitalRead: none, analogRead: none };
  const globals = { E, getTime: none, setTimeout: none, clearTimeout: none, ...pins };
  createRealm(() => 0.5).close(code, "program.js", globals, workMeter(counted))();
  return [...counted];
}

/** A native that does next to nothing and that no program calls: callgrind counts from one call of it to the next. */
const MARK = "E.kickWatchdog();";
const MARK_SYMBOL = "jswrap_espruino_kickWatchdog";

/** Instructions of the interpreter for each program, all in one process. Needs valgrind and the program's symbols. */
export async function instructionsOf(programs: readonly Program[], espruino: string): Promise<number[]> {
  const scripts = ["", ...programs.flatMap(({ before = "", code }) => [before, code])];
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  try {
    // between programs the heap is cleaned up, so that no program pays for what others left
    const script = scripts.map((text) => `process.memory();${MARK}\n${text}\n${MARK}\n`).join("");
    writeFileSync(join(folder, "script.js"), `${script}E.reboot();`);
    const log = openSync(join(folder, "log"), "w");
    const options = [`--callgrind-out-file=${join(folder, "out")}`, `--dump-before=${MARK_SYMBOL}`];
    // its input stays open: at the end of it the interpreter reads noise
    const child = spawn("valgrind", ["--tool=callgrind", ...options, espruino, "script.js"], {
      cwd: folder,
      stdio: ["pipe", log, log],
    });
    await new Promise((done, failed) => child.on("close", done).on("error", failed));
    closeSync(log);
    // each mark ends a part; every other one is a program
    const parts = scripts.map((_, index) => join(folder, `out.${2 * index + 2}`));
    if (!parts.every((part) => existsSync(part)))
      throw new Error(`callgrind counted nothing:\n${readFileSync(join(folder, "log"), "latin1").slice(-2000)}`);
    const [empty, ...counts] = parts.map((part) =>
      Number(/^(?:summary|totals): (\d+)/m.exec(readFileSync(part, "latin1"))![1]),
    );
    return programs.map((_, index) => counts[2 * index + 1]! - empty!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
