/** Runs one construct on each side: through the checker, in the fast engine, and on the interpreter that ESPRUINO names. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "acorn";
import { checkDialect } from "../../tools/build/dialect.ts";
import { rig } from "../simulator/espruino/rig.ts";

export const ESPRUINO = process.env["ESPRUINO"];

const MARK = "@@";
/** Results with their types; strings byte by byte. */
const OUT = `global.out = function (v) { print("${MARK}" + (typeof v == "string" ? JSON.stringify(v) : typeof v == "function" ? "function" : typeof v + " " + v)); };\n`;

/** Globals that a construct leaves behind would be there for the next. */
const CLEAN = `global.known = {}; global.clean = function () { Object.keys(global).forEach(function (k) { if (!known[k]) delete global[k]; }); }; Object.keys(global).forEach(function (k) { known[k] = 1; }); known.known = known.clean = 1;\n`;

/** The construct as a script that hands the value of its last expression to `out`. */
export function asScript(code: string): string {
  try {
    const { body } = parse(code, { ecmaVersion: "latest", sourceType: "script" });
    const last = body.findLast(({ type }) => type !== "EmptyStatement");
    if (last?.type !== "ExpressionStatement" || code.includes("out(")) return code;
    return `${code.slice(0, last.expression.start)}out((${code.slice(last.expression.start, last.expression.end)}));`;
  } catch {
    return code;
  }
}

export const isAccepted = (script: string): boolean => checkDialect(script, { globals: ["out"] }).length === 0;

const FAILED = "fails";

export function inFastEngine(script: string): string {
  let text: string;
  try {
    const bench = rig(`${OUT}${script}`, { closed: isAccepted(script) });
    bench.until(5);
    text = bench.printed().join("\n");
  } catch {
    return FAILED;
  }
  return resultOf(text);
}

function resultOf(text: string): string {
  if (/^>*(\x1b\[J)?Uncaught/m.test(text)) return FAILED;
  const lines = text.split(/\r?\n/).flatMap((line) => /@@(.*)/.exec(line)?.[1] ?? []);
  return lines.length ? lines.join(" | ").trimEnd() : "nothing";
}

/** Many scripts in one process; those that ended it, or are not done at once, in one of their own. */
export async function onInterpreter(scripts: readonly string[]): Promise<string[]> {
  const results: (string | undefined)[] = [];
  const isLater = (script: string): boolean => /Promise|setTimeout|setInterval|setWatch/.test(script);
  const together = scripts.flatMap((script, index) => (isLater(script) ? [] : [index]));
  for (let from = 0; from < together.length; from += 60) {
    const batch = together.slice(from, from + 60);
    const text = await interpret(`${OUT}${CLEAN}${chain(batch, scripts)}`);
    for (const [, index, result] of text.matchAll(/##(\d+)([^]*?)(?=##(?:\d+|end))/g))
      results[Number(index)] = resultOf(result!.replace(/^>+(\x1b\[J)?/gm, ""));
  }
  for (const [index, script] of scripts.entries())
    results[index] ??= resultOf(await interpret(`${OUT}${script}\nsetTimeout(quit, 300);`));
  return results as string[];
}

/**
 * One script after the other. The text of a timer runs in the global scope, as a bundle does, and an error ends it
 * alone; it is printed when the turn is over, so the next begins in a later turn.
 */
function chain(batch: readonly number[], scripts: readonly string[]): string {
  const texts = batch.map((index) => `[${index},${literal(scripts[index]!)}]`);
  return `global.texts = known.texts = [${texts.join()}]; known.next = 1;
global.next = function () {
  clean();
  var one = texts.shift();
  if (!one) { print("##end"); quit(); return; }
  print("##" + one[0]);
  setTimeout(one[1], 0);
  setTimeout("setTimeout(next, 0)", 1);
};
next();`;
}

const literal = (text: string): string =>
  JSON.stringify(Buffer.from(text, "utf8").toString("latin1")).replace(
    /[\x7f-\xff]/g,
    (c) => `\\x${c.charCodeAt(0).toString(16)}`,
  );

async function interpret(code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  try {
    writeFileSync(join(folder, "script.js"), code);
    // the interpreter misbehaves when its input ends, so that stays open
    const child = spawn(ESPRUINO!, ["script.js"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
    const limit = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await new Promise((done) => child.on("close", done));
    clearTimeout(limit);
    return output;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
