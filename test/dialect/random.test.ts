/** Random programs: as written in V8, lowered in the fast engine, and lowered on the interpreter. */
import vm from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkDialect } from "../../tools/build/dialect.ts";
import { lowerToEspruino } from "../../tools/build/lower.ts";
import { ESPRUINO, inFastEngine, onInterpreter } from "./programs.ts";
import { program, whole } from "./random-programs.ts";

const isSoak = Boolean(process.env["SOAK"]);
const BATCH = 40;

function asWritten(source: string): string {
  let result = "nothing";
  const out = (value: unknown): void => void (result = JSON.stringify(value));
  vm.runInNewContext(source, { out });
  return result;
}

test("random programs mean the same as written and lowered, in both engines", { timeout: 3_600_000 }, async () => {
  const rounds = isSoak ? 50 : 1;
  let count = 0;
  for (let round = 0; round < rounds; round++) {
    const sources = fc.sample(program, { numRuns: isSoak ? BATCH : ESPRUINO ? BATCH : 20, seed: 7 + round }).map(whole);
    const lowered = sources.map((source) => lowerToEspruino(source, "random.js").code);
    const real = ESPRUINO ? await onInterpreter(lowered) : undefined;
    sources.forEach((source, index) => {
      const code = lowered[index]!;
      const shown = `${source}\n--- lowered\n${code}`;
      expect(checkDialect(code, { globals: ["out"] }), shown).toEqual([]);
      const expected = asWritten(source);
      expect(inFastEngine(code), shown).toBe(expected);
      if (real) expect(real[index], shown).toBe(expected);
      count++;
    });
  }
  console.log(
    `${count} random programs agree${ESPRUINO ? "" : " (without the interpreter: set ESPRUINO to its program)"}`,
  );
});
