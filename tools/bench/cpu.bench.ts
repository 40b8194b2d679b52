/**
 * Fits the model of CPU time against instruction counts of the real interpreter (ESPRUINO, run by
 * valgrind's callgrind) and tests it on other programs. With `--write` it stores the weights.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vm from "node:vm";
import { crc32 } from "node:zlib";
import { buildFirmware } from "../build/build.ts";
import { packageFolder } from "../package-folder.ts";
import { KINDS, splitBlocks, type Kind } from "../simulator/cpu/blocks.ts";
import { WEIGHTS } from "../simulator/cpu/weights.ts";
import { fitted, tested } from "./cpu-programs.ts";

const espruino = process.env["ESPRUINO"];
const SHOWN = 14;
const line = (text: string): void => void process.stdout.write(`${text}\n`);

interface Counted {
  readonly work: number[];
  readonly instructions: number;
}

/** What a program does, by kind of work, from an instrumented copy in V8. */
function workOf(code: string): number[] {
  const handled = 0;
  const { code: counting, blocks } = splitBlocks(code, (index) => `$n[${index}]++`);
  const counts = new Array<number>(blocks.length).fill(0);
  const bytes = (data: string | Uint8Array): Buffer =>
    typeof data === "string" ? Buffer.from(data, "latin1") : Buffer.from(data);
  const E = {
    sum: (list: Uint8Array) => bytes(list).reduce((sum, item) => sum + item, 0),
    CRC32: (data: string | Uint8Array) => crc32(bytes(data)),
    toString: (data: Uint8Array) => bytes(data).toString("latin1"),
  };
  vm.runInNewContext(counting, { $n: counts, E });
  return KINDS.map((kind) =>
    kind === "byte" ? handled : blocks.reduce((sum, { work }, index) => sum + (work[kind] ?? 0) * counts[index]!, 0),
  );
}

/** One wake of the cold-chain node that measures and stores; what its natives do is part of the program. */
async function sampleWake(): Promise<string> {
  const { bundle } = await buildFirmware({ entry: join(packageFolder, "firmware/cold-chain/node.ts") });
  return `(function(O){var M=new Uint8Array(65536),L=[],B=3211264,F=new Uint8Array(1024);F.fill(255);for(var i=0;i<64;i++)M.set(F,i*1024);
var flash={read:function(n,a){return new Uint8Array(M.buffer,a-B,n)},write:function(d,a){for(var i=0;i<d.length;i++)M[a-B+i]=d.charCodeAt(i)},erasePage:function(a){}};
(function(require,I2C1,ESP32,E,setTimeout,clearTimeout,getTime,analogRead){${bundle}})(function(n){return n=="Flash"?flash:{readJSON:function(){}}},
{setup:function(){},writeTo:function(){},readFrom:function(){return [102,102,147,128,0,162]}},{getWakeupCause:function(){return 4},deepSleep:function(){L=[]}},
{sum:O.sum,CRC32:O.CRC32,toString:O.toString,hwRand:function(){return 77},enableWatchdog:function(){}},function(f,t){if(t<1000)L.push(f)},function(){},function(){return 1e4},function(){return 0.5});
while(L.length)L.shift()();})(E);`;
}

/** Instructions of the interpreter for a whole run of the script. */
async function instructionsOf(code: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "hibernode-"));
  try {
    writeFileSync(join(folder, "script.js"), `${code}\nE.reboot();`);
    const log = openSync(join(folder, "log"), "w");
    const args = ["--tool=callgrind", `--callgrind-out-file=${join(folder, "out")}`, espruino!, "script.js"];
    // its input stays open: at the end of it the interpreter reads noise
    const child = spawn("valgrind", args, { cwd: folder, stdio: ["pipe", log, log] });
    await new Promise((done) => child.on("close", done));
    closeSync(log);
    const found =
      readdirSync(folder).includes("out") &&
      /^(?:summary|totals): (\d+)/m.exec(readFileSync(join(folder, "out"), "latin1"));
    if (!found) throw new Error(`callgrind counted nothing:\n${readFileSync(join(folder, "log"), "latin1")}`);
    return Number(found[1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
  const empty = await instructionsOf("");
  const count = async (code: string): Promise<Counted> => ({
    work: workOf(code),
    instructions: (await instructionsOf(code)) - empty,
  });
  const training: Counted[] = [];
  for (const code of fitted) training.push(await count(code));
  const testing: Counted[] = [];
  const others = { ...tested, "a wake of the cold-chain node": await sampleWake() };
  for (const code of Object.values(others)) testing.push(await count(code));
  const weights = fit(training);
  report(`fitted on ${training.length} programs`, fitted, training, weights);
  report(`${testing.length} programs that it was not fitted on`, Object.keys(others), testing, weights);
  const stored = KINDS.map((kind) => WEIGHTS[kind] ?? 0);
  report("the same with the stored weights", Object.keys(others), testing, stored);
  const rounded = Object.fromEntries(KINDS.map((kind, at) => [kind, Math.round(weights[at]!)])) as Record<Kind, number>;
  line(`\n${JSON.stringify(rounded)}`);
  if (process.argv.includes("--write")) {
    const text = `/** Instructions of the interpreter (2v29, 32 bit) for each kind of work: made by tools/bench/cpu.bench.ts --write. */\nimport type { Kind } from "./blocks.ts";\n\nexport const WEIGHTS: Readonly<Record<Kind, number>> = ${JSON.stringify(rounded, null, 2).replaceAll('"', "")};\n`;
    writeFileSync(join(packageFolder, "tools/simulator/cpu/weights.ts"), text);
  }
}
