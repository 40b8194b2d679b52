/**
 * `npm run bench:cpu`: fits the model of CPU time against instruction counts of the real interpreter (ESPRUINO, run by
 * valgrind's callgrind) and tests it on other programs. With `--write` it stores the weights.
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { buildFirmware } from "../build/build.ts";
import { packageFolder } from "../package-folder.ts";
import { type Kind, KINDS } from "../simulator/cpu/kinds.ts";
import { workMeter } from "../simulator/cpu/meter.ts";
import { WEIGHTS } from "../simulator/cpu/weights.ts";
import { createRealm } from "../simulator/espruino/realm.ts";
import { fitted, tested } from "./cpu-programs.ts";

const espruino = process.env["ESPRUINO"];
const SHOWN = 14;
const line = (text: string): void => void process.stdout.write(`${text}\n`);

interface Counted {
  readonly work: number[];
  readonly instructions: number;
}

/** What a program does, by kind of work, from an instrumented copy in the fast engine. */
function workOf(code: string): number[] {
  const amounts = new Float64Array(KINDS.length);
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
  const chip = { setup: none, writeTo: none, readFrom: () => new Uint8Array(6) };
  const functions = { getTime: none, setTimeout: none, clearTimeout: none, digitalWrite: none, digitalRead: none, analogRead: none };
  const globals = { E, I2C1: chip, Serial2: chip, D4: 4, ...functions };
  createRealm(() => 0.5).close(code, "program.js", globals, workMeter(amounts))();
  return [...amounts];
}

interface Program {
  /** Neither counted nor predicted. */
  readonly before: string;
  readonly code: string;
}

/** One wake of the cold-chain node that measures and stores; what its natives do is part of the program. */
async function sampleWake(): Promise<Program> {
  const { bundle } = await buildFirmware({ entry: join(packageFolder, "firmware/cold-chain/node.ts") });
  const before = "var M=new Uint8Array(65536),L=[],B=3211264,O=E;M.fill(255);";
  return {
    before,
    code: `(function(){
var flash={read:function(n,a){return new Uint8Array(M.buffer,a-B,n)},write:function(d,a){M.set(O.toUint8Array(d),a-B)},erasePage:function(a){}};
(function(require,I2C1,ESP32,E,setTimeout,clearTimeout,getTime,analogRead){${bundle}})(function(n){return n=="Flash"?flash:{readJSON:function(){}}},
{setup:function(){},writeTo:function(){},readFrom:function(){return [102,102,147,128,0,162]}},{getWakeupCause:function(){return 4},deepSleep:function(){L=[]}},
{sum:O.sum,CRC32:O.CRC32,toString:O.toString,hwRand:function(){return 77},enableWatchdog:function(){}},function(f,t){if(t<1000)L.push(f)},function(){},function(){return 1e4},function(){return 0.5});
while(L.length)L.shift()();})();`,
  };
}

/** A native that does next to nothing and that no program calls: callgrind counts from one call of it to the next. */
const MARK = "E.kickWatchdog();";
const MARK_SYMBOL = "jswrap_espruino_kickWatchdog";

/** Instructions of the interpreter for each script, all in one process. */
async function instructionsOf(scripts: readonly string[]): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  try {
    writeFileSync(join(folder, "script.js"), `${scripts.map((script) => `${MARK}\n${script}\n`).join("")}${MARK}\nE.reboot();`);
    const log = openSync(join(folder, "log"), "w");
    const args = ["--tool=callgrind", `--callgrind-out-file=${join(folder, "out")}`, `--dump-before=${MARK_SYMBOL}`, espruino!, "script.js"];
    // its input stays open: at the end of it the interpreter reads noise
    const child = spawn("valgrind", args, { cwd: folder, stdio: ["pipe", log, log] });
    await new Promise((done) => child.on("close", done));
    closeSync(log);
    // the first part is what came before the first mark
    const parts = scripts.map((_, index) => join(folder, `out.${index + 2}`));
    if (!parts.every((part) => existsSync(part)))
      throw new Error(`callgrind counted nothing:\n${readFileSync(join(folder, "log"), "latin1").slice(-2000)}`);
    return parts.map((part) => Number(/^(?:summary|totals): (\d+)/m.exec(readFileSync(part, "latin1"))![1]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function countAll(programs: readonly Program[]): Promise<Counted[]> {
  const [empty, ...counts] = await instructionsOf(["", ...programs.flatMap(({ before, code }) => [before, code])]);
  return programs.map(({ before, code }, index) => {
    const started = workOf(before);
    return {
      work: workOf(before + code).map((amount, kind) => amount - started[kind]!),
      instructions: counts[2 * index + 1]! - empty!,
    };
  });
}

/** Least squares of the relative errors, no weight below zero: one weight after the other until nothing moves. */
function fit(programs: readonly Counted[]): number[] {
  const rows = programs.map(({ work, instructions }) => work.map((amount) => amount / instructions));
  const weights = KINDS.map(() => 0);
  const rest = rows.map(() => 1);
  for (let round = 0; round < 20_000; round++) {
    for (let k = 0; k < weights.length; k++) {
      let above = 0;
      let below = 1e-12;
      rows.forEach((row, at) => {
        above += row[k]! * rest[at]!;
        below += row[k]! ** 2;
      });
      const next = Math.max(0, weights[k]! + above / below);
      const change = next - weights[k]!;
      if (!change) continue;
      weights[k] = next;
      rows.forEach((row, at) => (rest[at]! -= row[k]! * change));
    }
  }
  return weights;
}

const predict = (work: readonly number[], weights: readonly number[]): number =>
  work.reduce((sum, amount, at) => sum + amount * weights[at]!, 0);

function report(
  title: string,
  names: readonly string[],
  programs: readonly Counted[],
  weights: readonly number[],
): void {
  const errors = programs.map(({ work, instructions }) => predict(work, weights) / instructions - 1);
  const sizes = errors.map(Math.abs).sort((a, b) => a - b);
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  line(`\n${title}: median error ${percent(sizes[sizes.length >> 1]!)}, worst ${percent(sizes.at(-1)!)}`);
  const worst = errors.map((error, at) => ({ error, at })).sort((a, b) => Math.abs(b.error) - Math.abs(a.error));
  for (const { error, at } of worst.slice(0, SHOWN))
    line(
      `  ${percent(error).padStart(9)}  ${programs[at]!.instructions.toLocaleString("en").padStart(12)}  ${names[at]!.slice(-90)}`,
    );
}

if (!espruino)
  line(
    "skipped: the model of CPU time needs ESPRUINO, an Espruino program for Linux in the chip's shape, and valgrind",
  );
else {
  const others = { ...tested, "a wake of the cold-chain node": await sampleWake() };
  const training = await countAll(fitted.map((code) => ({ before: "", code })));
  const testing = await countAll(Object.values(others).map((test) => (typeof test === "string" ? { before: "", code: test } : test)));
  const weights = fit(training);
  report(`fitted on ${training.length} programs`, fitted, training, weights);
  report(`${testing.length} programs that it was not fitted on`, Object.keys(others), testing, weights);
  const stored = KINDS.map((kind) => WEIGHTS[kind] ?? 0);
  report("the same with the stored weights", Object.keys(others), testing, stored);
  const rounded = Object.fromEntries(KINDS.map((kind, at) => [kind, Math.round(weights[at]!)])) as Record<Kind, number>;
  line(`\n${JSON.stringify(rounded)}`);
  if (process.argv.includes("--write")) {
    const text = `/** Instructions of the interpreter (2v29, 32 bit) for each kind of work: made by tools/bench/cpu.ts --write. */\nexport const WEIGHTS: Readonly<Partial<Record<string, number>>> = ${JSON.stringify(rounded, null, 2)};\n`;
    writeFileSync(join(packageFolder, "tools/simulator/cpu/weights.ts"), text);
  }
}
