/** The model of CPU time: against counts of the real interpreter, and what the ledger makes of it. */
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { workOf } from "../../../tools/bench/cpu-count.ts";
import { errorsOf } from "../../../tools/bench/cpu-fit.ts";
import { tested } from "../../../tools/bench/cpu-programs.ts";
import { splitBlocks } from "../../../tools/simulator/cpu/blocks.ts";
import { KINDS } from "../../../tools/simulator/cpu/kinds.ts";
import { instructionMeter } from "../../../tools/simulator/cpu/meter.ts";
import { WEIGHTS } from "../../../tools/simulator/cpu/weights.ts";
import { createRealm } from "../../../tools/simulator/espruino/realm.ts";
import { simulateFirmware } from "../../../tools/simulator/index.ts";

const counts = JSON.parse(readFileSync("tools/bench/cpu-counts.json", "utf8")) as Record<string, number>;

test("predicts programs that it was not fitted on: median error below 10 %, worst below 25 %", () => {
  const counted = Object.entries(tested).map(([name, code]) => ({
    name,
    work: workOf({ name, code }),
    instructions: counts[name]!,
  }));
  const { median, worst } = errorsOf(
    counted,
    KINDS.map((kind) => WEIGHTS[kind] ?? 0),
  );
  expect(median).toBeLessThan(0.1);
  expect(worst).toBeLessThan(0.25);
});

function instructions(code: string): number {
  const work = new Float64Array(1);
  createRealm(() => 0.5).close(code, "program.js", {}, instructionMeter(work))();
  return work[0]!;
}

describe("a metered program", () => {
  it.each([
    ["let r=[];for(let i=0;i<3;i++)r.push(i);out=r.join()", "0,1,2"],
    ["let f=a=>a?'yes':'no';out=f(0)+f(1)", "noyes"],
    ["let o={get v(){return 1},m(a){if(a)return 2;else return 3}};out=o.v+o.m(0)", 4],
    ["let n=0;switch(2){case 1:n=9;case 2:n+=1;case 3:{n+=1;break}default:n=8}out=n", 2],
    ["let s='';do s+='x';while(s.length<3);out=s", "xxx"],
    ["try{throw Error('e')}catch(e){out=e.message.slice(0)}", "e"],
    ["class A{constructor(){this.v=1}m(){return this.v}}class B extends A{m(){return super.m()+1}}out=new B().m()", 2],
    ["let i=0;while(i<5&&(i!==3||!1))i++;out=[i].map(v=>v*2).concat([1]).indexOf(1)", 1],
    ["out=[3,1,2].sort((a,b)=>a-b).slice(1).join('')+JSON.stringify({a:[1]})", '23{"a":[1]}'],
  ])("%s gives what it gave", (code, expected) => {
    const globals: Record<string, unknown> = {};
    const script = `var out;${code};told(out)`;
    const told = (value: unknown): void => void (globals["out"] = value);
    createRealm(() => 0.5).close(script, "program.js", { told }, instructionMeter(new Float64Array(1)))();
    expect(globals["out"]).toEqual(expected);
  });

  it("costs more the more it does", () => {
    expect(instructions("for(var i=0;i<200;i++);")).toBeGreaterThan(15 * instructions("for(var i=0;i<10;i++);"));
    expect(instructions("new Uint8Array(400).fill(1)")).toBeGreaterThan(instructions("new Uint8Array(4).fill(1)"));
    expect(instructions("if(0){var a=1,b=2,c=3}")).toBeLessThan(instructions("if(1){var a=1,b=2,c=3}"));
  });

  it("keeps the places of errors", () => {
    const { code, columnOf } = splitBlocks("function f(){return x.y}\nf()", () => "$n");
    expect(columnOf(1, code.indexOf("x.y"))).toBe("function f(){return x.y}".indexOf("x.y"));
  });
});

test(
  "the ledger books the firmware's computing, and nothing that the node does changes",
  { timeout: 200_000 },
  async () => {
    const without = await simulateFirmware("firmware/cold-chain", { lasts: "1d", cpu: false });
    const metered = await simulateFirmware("firmware/cold-chain", { lasts: "1d" });
    const share = metered.energy.shareByCause.find(({ cause }) => cause === "javascript");
    expect(share?.joules).toBeGreaterThan(0);
    expect(share?.confidence).toBe("inferred");
    expect(metered.broken).toEqual([]);
    expect(metered.wakes).toBe(without.wakes);
    expect(metered.stored?.stored).toBe(without.stored?.stored);
  },
);
