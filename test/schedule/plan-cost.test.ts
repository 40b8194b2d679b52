/** What a plan costs on the interpreter: time and memory for 1, 8 and 32 jobs. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { lowerToEspruino } from "../../tools/build/lower.ts";

const program = process.env["ESPRUINO"];

/** Runs a script to its end and returns what it printed. */
function ask(script: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hibernode-plan-"));
  const pipe = path.join(folder, "stdin");
  spawnSync("mkfifo", [pipe]);
  // at the end of its input the program would read rubbish
  const input = fs.openSync(pipe, "r+");
  try {
    fs.writeFileSync(path.join(folder, "plan.js"), script);
    return spawnSync(program!, ["plan.js"], {
      cwd: folder,
      stdio: [input, "pipe", "pipe"],
      timeout: 20_000,
      encoding: "latin1",
    }).stdout;
  } finally {
    fs.closeSync(input);
    fs.rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!program)("a plan on the real interpreter (set ESPRUINO to run it)", () => {
  it.each([1, 8, 32])("for %i jobs", (count) => {
    const source = fs.readFileSync(new URL("../../lib/schedule/plan.ts", import.meta.url), "utf8");
    const plain = ts
      .transpile(source, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext })
      .replace(/^export /gm, "");
    const script = `${plain}
      var before = process.memory().usage;
      var jobs = [], last = [];
      for (var i = 0; i < ${count}; i++) { jobs.push({ period: 600 + 60 * i, slack: 60 }); last.push(1.7e9 + i); }
      var kept = process.memory().usage - before;
      var plan = function () { return nextWake(jobs, jobs.map(function (job, i) { return dueAt(job, last[i]); })); };
      var most = 0, wake = 0, began = getTime();
      for (var n = 0; n < 50; n++) wake = plan();
      var ms = (getTime() - began) * 20;
      var due = jobs.map(function (job, i) { return dueAt(job, last[i]); });
      most = process.memory().usage - before - kept;
      print("cost:" + JSON.stringify({ ms: ms, jobs: kept, plan: most, wake: wake })); quit();`;
    const printed = ask(lowerToEspruino(script, "plan.js").code);
    const cost = JSON.parse(/cost:(\{.*\})/.exec(printed)![1]!) as {
      ms: number;
      jobs: number;
      plan: number;
      wake: number;
    };
    console.log(
      `${count} jobs: ${cost.ms.toFixed(3)} ms a plan here, ${cost.jobs} JsVars for the jobs, ${cost.plan} while planning`,
    );
    expect(cost.wake).toBeGreaterThan(1.7e9);
    expect(cost.jobs).toBeLessThan(60 + count * 20);
  });
});
