/** Time and variables of the journal on the real interpreter, run by the chip-shaped build that ESPRUINO names. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";

const interpreter = process.env.ESPRUINO;
const entry = fileURLToPath(new URL("device/measure.ts", import.meta.url));

interface Line {
  readonly name: string;
  readonly ms: number;
  /** JsVars that what the step returned keeps. */
  readonly vars: number;
  readonly reads: number;
  readonly bytes: number;
  readonly next?: number;
}

/** Lines of JSON that the script prints before it ends. Standard input stays open: at its end the interpreter spins. */
async function run(script: string): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), "hibernode-"));
  try {
    await writeFile(join(folder, "measure.js"), script, "latin1");
    const child = spawn(interpreter!, ["measure.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`the interpreter did not end:\n${output}`)), 50_000);
      child.stdout.setEncoding("latin1").on("data", (text: string) => {
        output += text;
        if (/"name":"end"[^\n]*\n|Uncaught/.test(output)) {
          clearTimeout(limit);
          resolve();
        }
      });
    }).finally(() => child.kill("SIGKILL"));
    return [...output.matchAll(/\{"name".*\}/g)].map(([line]) => JSON.parse(line) as Line);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf(!interpreter)("the journal on the interpreter", () => {
  it("opens with few reads whatever it holds, and appends and releases in constant time", async () => {
    const { bundle } = await buildFirmware({ entry, typeCheck: false });
    const lines = await run(bundle);
    const table = lines.filter((line) => line.ms !== undefined);
    console.log(
      table
        .map(
          ({ name, ms, vars, reads, bytes }) =>
            `${name.padEnd(28)} ${ms.toFixed(2)} ms ${vars} vars ${reads} reads ${bytes} bytes`,
        )
        .join("\n"),
    );
    const step = (name: string): Line => table.find((line) => line.name === name)!;
    expect(lines.at(-1)).toMatchObject({ name: "end", next: 11545 });
    for (const how of ["half full", "full"]) {
      expect(step(`open ${how}`).reads).toBeLessThanOrEqual(9);
      expect(step(`open after reset ${how}`).bytes).toBeLessThan(2600);
      expect(step(`append delta ${how}`).reads).toBeLessThanOrEqual(2);
      expect(step(`open ${how}`).vars).toBeLessThan(400);
    }
  });
});

if (!interpreter) console.log("journal on the interpreter: skipped, ESPRUINO names no interpreter");
