/** The least size of values against what the interpreter takes for a hundred of each. */
import { expect, test } from "vitest";
import { leastJsVars } from "../../../tools/simulator/espruino/least-size.ts";
import { ESPRUINO, onInterpreter } from "../../dialect/programs.ts";

const ITEMS = [
  "1", "i+2000", "i+40000", "-i", "i+0.5", "true", "null", "undefined", "''", "'a'+i", "'abcdefg'+(i+100)", "'abcdefghij'+(i+100)",
  "'x'.repeat(19)+i", "'x'.repeat(39)+i", "'x'.repeat(299)+i", "{}", "{a:1}", "{a:70000}", "{a:1,b:2}", "{abcdefgh:1}",
  "{a:'b'}", "{a:'bcdef'}", "[]", "[1]", "[i,[i+0.5]]", "new Uint8Array(4)", "new Uint8Array(400)", "new Float32Array(4)",
  "new ArrayBuffer(40)", "new Uint8Array(9).buffer", "function(){}", "{at:i*1000,columns:[i,'a'+i]}",
]; // prettier-ignore

test("a small number is one, what needs a variable of its own two", () => {
  expect(leastJsVars([1, true, undefined], 1e9)).toBe(4);
  expect(leastJsVars([0.5, null, "a", 1e6], 1e9)).toBe(9);
  expect(leastJsVars({ a: 1, b: { c: "x".repeat(32) } }, 1e9)).toBe(1 + 1 + 2 + 2 + 2);
});

test.skipIf(!ESPRUINO)(
  "no value is said to take more than it does, and none half as much",
  { timeout: 60_000 },
  async () => {
    const used = "process.memory(true).usage";
    const scripts = ITEMS.map((item) => `var l=[],i=0,b=${used};for(i=0;i<100;i++)l.push(${item});out(${used}-b)`);
    const real = (await onInterpreter(scripts)).map((text) => Number(/\d+/.exec(text)?.[0]));
    ITEMS.forEach((item, index) => {
      const make = new Function("i", `return ${item}`) as (i: number) => unknown;
      const least = leastJsVars(Array.from({ length: 100 }, (_, i) => make(i)), 1e9); // prettier-ignore
      expect(least, `${item}: ${least} against ${real[index]}`).toBeLessThanOrEqual(real[index]!);
      expect(least * 2, `${item}: ${least} against ${real[index]}`).toBeGreaterThanOrEqual(real[index]!);
    });
  },
);

test.skipIf(ESPRUINO)("sizes on the real interpreter (skipped: set ESPRUINO to its program)", () => {});
