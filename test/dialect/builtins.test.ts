/** Built-in methods with random arguments: the same result in the fast engine and on the interpreter. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { builtinCall } from "./builtin-calls.ts";
import { ESPRUINO, inFastEngine, isAccepted, onInterpreter } from "./programs.ts";

const isSoak = Boolean(process.env["SOAK"]);
const BATCH = 150;
/** V8 has no views that are misaligned or reach beyond their buffer: the fast engine says so with an error. */
const REFUSED = "not simulated";

/** Results with their types, and what an error ends as such. */
const SHOW = `function show(v){
if(typeof v=="string")return JSON.stringify(v);
if(v===undefined||v===null||typeof v!="object")return typeof v+" "+v;
if(Array.isArray(v))return "["+v.map(show).join()+"]";
if(v.buffer)return "<"+[].slice.call(v).map(show).join()+">";
return "{"+Object.keys(v).map(function(k){return k+":"+show(v[k])}).join()+"}";
}
`;

const batch = (calls: readonly string[]): string =>
  SHOW +
  calls
    .map(
      (code) =>
        `try{print("@@"+show(${code}))}catch(e){print("@@"+((e.message||"").startsWith("the simulator has no")?"${REFUSED}":"fails"))}`,
    )
    .join("\n");

test.skipIf(!ESPRUINO)("built-ins give the same for random arguments", { timeout: 3_600_000 }, async () => {
  const differing: string[] = [];
  let count = 0;
  let refused = 0;
  for (let round = 0; round < (isSoak ? 100 : Number(process.env["ROUNDS"] ?? 6)); round++) {
    const calls = fc.sample(builtinCall, { numRuns: BATCH, seed: 11 + round }).filter((code) => isAccepted(code));
    const script = batch(calls);
    const fast = inFastEngine(script).split(" | ");
    const [real] = await onInterpreter([script]);
    real!.split(" | ").forEach((result, i) => {
      if (fast[i] === REFUSED) refused++;
      else if (result !== fast[i]) differing.push(`${calls[i]}\n  fast: ${fast[i]}\n  real: ${result}`);
    });
    expect(fast).toHaveLength(calls.length);
    count += calls.length;
  }
  console.log(`${count} calls of built-ins: ${differing.length} differ, ${refused} refused by the fast engine`);
  expect(differing).toEqual([]);
});

test.skipIf(ESPRUINO)("built-ins on the real interpreter (skipped: set ESPRUINO to its program)", () => {});
