/** How deep calls are nested: small programs, and the cold-chain node with a backlog to send. */
import { existsSync, readdirSync } from "node:fs";
import { expect, it, test } from "vitest";
import { depthMeter } from "../../../tools/simulator/cpu/depth.ts";
import { createRealm } from "../../../tools/simulator/espruino/realm.ts";
import { simulateFirmware } from "../../../tools/simulator/index.ts";

/** An ESP32 has room for about 25 levels, a C3 for about 15. */
const LIMIT = 12;

function levels(code: string): number {
  const { meter, deepest } = depthMeter();
  createRealm(() => 0.5).close(code, "program.js", {}, meter)();
  return deepest().length;
}

it.each([
  ["1+1", 0],
  ["(()=>1)()", 1],
  ["let f=n=>n?f(n-1):0;f(4)", 5],
  ["function f(n){if(n)return f(n-1)}f(3);f(1)", 4],
  ["(a=>{})();(()=>{})()", 1],
  ["let a=()=>(1,2);if(a()!==2)a(a())", 1],
  ["[1,2].map(v=>[v].map(w=>({w})))", 2],
  ["function t(){throw 1}function f(){try{t()}catch(e){}}f();f();f()", 2],
  ["let a=x=>y=>x+y;a(1)(2);(function(){a(1)(2)})()", 2],
])("%s: %i levels", (code, expected) => {
  expect(levels(code)).toBe(expected);
});

/** The others with `npm run soak`. */
const firmwares = process.env["SOAK"]
  ? readdirSync("firmware").filter((name) => existsSync(`firmware/${name}/node.ts`))
  : ["cold-chain"];

test.each(firmwares)("%s fits on an ESP32's stack, with a backlog to send", { timeout: 200_000 }, async (name) => {
  const depth = depthMeter();
  const faults = ["no-coverage@1h..26h"];
  const run = await simulateFirmware(`firmware/${name}`, { lasts: "30h", faults, depth, cpu: false });
  if (name === "cold-chain") expect(run.broken).toEqual([]);
  console.log(`${name}: ${depth.deepest().length} levels of calls`);
  expect(depth.deepest().length).toBeLessThanOrEqual(LIMIT);
  expect(depth.deepest().length).toBeGreaterThan(4);
});
