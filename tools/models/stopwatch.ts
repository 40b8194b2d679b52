/**
 * A program on the interpreter by itself, in real time: for milliseconds and JsVars, which the simulation cannot tell. The
 * flash file is the device's Storage, as the interpreter shaped like the chip expects it.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rawFlash } from "../simulator/espruino/flash-driver.ts";
import { Flash } from "../simulator/espruino/flash.ts";
import { Storage } from "../simulator/espruino/storage.ts";
import type { Interpreter } from "../simulator/interpreter/probe.ts";

const LIMIT_MS = 300_000;

/** What the program prints. It ends when nothing is left to do; `quit()` ends it sooner. */
export async function runOnInterpreter(
  program: string,
  files: Readonly<Record<string, Uint8Array>>,
  { program: file, storageAt }: Pick<Interpreter, "program" | "storageAt">,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  try {
    const flash = new Flash();
    const storage = new Storage(flash, rawFlash(flash), () => undefined);
    for (const [name, bytes] of Object.entries(files)) storage.write(name, bytes);
    // as on the device, the program's functions stay in flash
    storage.write("app", Buffer.from(program, "latin1"));
    writeFileSync(join(folder, "espruino.flash"), Buffer.concat([Buffer.alloc(storageAt, 0xff), flash.storageImage]));
    writeFileSync(join(folder, "start.js"), 'print("<<<");eval(require("Storage").read("app"));');
    // at the end of its input the interpreter would read rubbish: the pipe stays open
    const child = spawn(file, ["start.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
    const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    await new Promise((done) => child.on("close", done));
    clearTimeout(limit);
    const text = output.slice(output.indexOf("<<<") + 3);
    return text
      .split(/[\r\n]+/)
      .map((line) => line.replace(/^>*(\x1b\[J)?/, "").trim())
      .filter((line) => line !== "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
