/**
 * The model of CPU time: fits its weights on instruction counts of the real interpreter (ESPRUINO, run by valgrind's
 * callgrind) and tests them on other programs. Without ESPRUINO the counts are those of cpu-counts.json.
 * `node dist/tools/bench/cpu.bench.js --write` stores counts and weights.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../package-folder.ts";
import { KINDS } from "../simulator/cpu/kinds.ts";
import { WEIGHTS } from "../simulator/cpu/weights.ts";
import { instructionsOf, type Program, workOf } from "./cpu-count.ts";
import { firmwarePrograms } from "./cpu-firmware.ts";
import { type Counted, errorsOf, fit } from "./cpu-fit.ts";
import { fitted, tested } from "./cpu-programs.ts";

const SHOWN = 20;
const espruino = process.env["ESPRUINO"];
const inSources = (file: string): string => join(packageFolder, "tools", file);
const countsFile = inSources("bench/cpu-counts.json");

const line = (text: string): void => void process.stdout.write(`${text}\n`);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function report(title: string, programs: readonly Counted[], weights: readonly number[]): void {
  const { median, worst, each } = errorsOf(programs, weights);
  line(`\n${title}: median error ${percent(median)}, worst ${percent(worst)}`);
  for (const { name, error, instructions } of each.slice(0, SHOWN))
    line(`  ${percent(error).padStart(9)}  ${instructions.toLocaleString("en").padStart(12)}  ${name.slice(-90)}`);
}

const known: Record<string, number> = JSON.parse(readFileSync(countsFile, "utf8")) as Record<string, number>;
const training: Program[] = fitted.map((code) => ({ name: code, code }));
const testing: Program[] = Object.entries(tested).map(([name, code]) => ({ name, code }));
if (espruino) {
  const firmware = await firmwarePrograms();
  // what a program finds in memory must not depend on many others: a process for some, and for each of the large
  for (const some of [training, testing, ...firmware.map((one) => [one])])
    (await instructionsOf(some, espruino)).forEach((count, at) => (known[some[at]!.name] = count));
  testing.push(...firmware);
} else
  line("skipped: counting, which needs ESPRUINO (Espruino for Linux in the chip's shape, with symbols) and valgrind");
const counted = (programs: readonly Program[]): Counted[] =>
  programs.flatMap((program) => {
    const instructions = known[program.name];
    return instructions === undefined ? [] : [{ name: program.name, work: workOf(program), instructions }];
  });

const trained = counted(training);
const others = counted(testing);
const weights = fit(trained);
const stored = KINDS.map((kind) => WEIGHTS[kind] ?? 0);
report(`fitted on ${trained.length} programs`, trained, weights);
report(`${others.length} programs that it was not fitted on`, others, weights);
report("the same with the stored weights", others, stored);
if (process.argv.includes("--write")) {
  const table = Object.fromEntries(KINDS.flatMap((kind, at) => (weights[at] ? [[kind, weights[at]]] : [])));
  const text = `/** Instructions of the interpreter (2v29, 32 bit) for each kind of work; from \`cpu.bench.js --write\`. */
export const WEIGHTS: Readonly<Partial<Record<string, number>>> = ${JSON.stringify(table, null, 2)};\n`;
  writeFileSync(inSources("simulator/cpu/weights.ts"), text);
  writeFileSync(countsFile, `${JSON.stringify(known, null, 1)}\n`);
}
