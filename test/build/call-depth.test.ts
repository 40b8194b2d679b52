/** The bound of call depth that the text gives: what it follows, and that no run goes deeper. */
import { transformSync } from "esbuild";
import { expect, it, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { callDepth } from "../../tools/build/call-depth.ts";
import { depthMeter } from "../../tools/simulator/cpu/depth.ts";
import { createRealm } from "../../tools/simulator/espruino/realm.ts";
import { programs } from "./programs.ts";
import { lowerToEspruino } from "../../tools/build/lower.ts";

it.each([
  ["1+1", 0],
  ["(()=>1)()", 1],
  ["let a=()=>1,b=()=>a(),c=x=>x();c(b)", 3],
  ["let a=()=>1,b=()=>a();setTimeout(b,1)", 2],
  ["let a=()=>1;function b(){setTimeout(a,1)}b()", 1],
  ["let o={f:()=>1,g(){return o.f()}};o.g()", 2],
  ["let o={f:()=>1},p={f:()=>(()=>1)()};o.f()", 1],
  ["let q=[];q.push(()=>1);q.shift()()", 1],
  ["let q=[1,()=>1];let f=q[1],g=q[0];print(g);(()=>f())()", 2],
  ["[1].map(v=>[v].map(w=>w))", 2],
  ["function f(){return this.g()}let o=Object.assign({},{f,g:()=>1});o.f()", 2],
  ["let t={a:()=>1,b:()=>(()=>1)()};let k=print('');t[k]()", 2],
  ["let f=()=>g=>g();f()(()=>1)", 2],
  ["let o={get g(){return 1}};o.g", 1],
  ["class A{constructor(){this.f()}f(){}}class B extends A{g(){super.f()}}new B().g()", 2],
  ["let o={call:()=>1};o.call()", 1],
  ["for(let f of [()=>1,()=>(()=>1)()])f()", 2],
])("%s: %i levels", (code, levels) => {
  expect(callDepth(code)).toMatchObject({ levels, recursive: [] });
});

it("names recursions, whose depth the text does not say", () => {
  const code = "let f=n=>n?g(n-1):0,g=n=>f(n);f(4)";
  expect(callDepth(code)).toMatchObject({ levels: 2, recursive: [code.indexOf("n=>n"), code.indexOf("n=>f")] });
});

test("no program runs deeper than its text says, recursions and promises apart", () => {
  for (const [name, source] of Object.entries(programs)) {
    const script = transformSync(source, { loader: "ts", target: "esnext" }).code;
    const { code } = lowerToEspruino(script, "program.js");
    const { levels, recursive } = callDepth(code);
    if (recursive.length > 0 || code.includes("Promise")) continue;
    const { meter, deepest } = depthMeter();
    try {
      createRealm(() => 0.5).close(code, "program.js", { print: () => undefined }, meter)();
    } catch {
      // what it needs beside print is not there: it ran as far as it came
    }
    expect(deepest().length, name).toBeLessThanOrEqual(levels);
  }
});

test("cold-chain stays within an ESP32's stack by its text alone", { timeout: 60_000 }, async () => {
  const { bundle } = await buildFirmware({ entry: "firmware/cold-chain/node.ts", typeCheck: false });
  const { levels } = callDepth(bundle);
  expect(levels).toBeGreaterThanOrEqual(12);
  expect(levels).toBeLessThanOrEqual(16);
});
