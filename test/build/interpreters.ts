/** Runs scripts that print, in V8 and on the Espruino interpreter that ESPRUINO names. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vm from "node:vm";

export const ESPRUINO = process.env["ESPRUINO"];

/** Printed lines of a script, once its timers and promises are done. */
export async function runInNode(code: string): Promise<string[]> {
  const lines: string[] = [];
  const due: (() => void)[] = [];
  const context = vm.createContext({
    print: (...values: unknown[]) => lines.push(values.map(String).join(" ")),
    // Virtual time: shorter waits come first, equal ones in order.
    setTimeout: (run: () => void) => due.push(run),
    clearTimeout: (number: number) => void (due[number - 1] = () => undefined),
  });
  context["global"] = context;
  vm.runInContext(code, context);
  const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
  await settle();
  for (let run = due.shift(); run; run = due.shift()) {
    run();
    await settle();
  }
  return lines;
}

const MARK = "<<<";

/** The same on the interpreter; lines of a failure are part of the output. */
export async function runOnEspruino(code: string, file: string = ESPRUINO as string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  try {
    writeFileSync(join(folder, "script.js"), `print("${MARK}");\n${code}`, "latin1");
    // The interpreter misbehaves when its input ends, so that stays open.
    const child = spawn(file, ["script.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
    const limit = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await new Promise((done) => child.on("close", done));
    clearTimeout(limit);
    const text = output.slice(output.indexOf(MARK) + MARK.length);
    return text
      .split(/\r?\n/)
      .map((line) =>
        line
          .replace(/[\r>]*\x1b\[J/g, "")
          .replace(/^>+/, "")
          .trimEnd(),
      )
      .filter((line) => line !== "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
