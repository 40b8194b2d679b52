/** `E.mapInPlace` and its neighbours on arrays, against the interpreter itself. */
import { describe, expect, it } from "vitest";
import { ESPRUINO, runOnEspruino } from "../../build/interpreters.ts";
import { run } from "./rig.ts";

const programs: Record<string, string> = {
  "looks bytes up": "var a=new Uint8Array([3,0,2]),t=new Uint8Array([9,8,7,6]);E.mapInPlace(a,a,t);print(a.join());",
  "takes bytes with sign as 0 to 255":
    "var t=new Uint8Array(256);for(var i=0;i<256;i++)t[i]=255-i;var o=new Uint8Array(4);E.mapInPlace(new Int8Array([-128,-1,0,127]),o,t);print(o.join());",
  "gathers by places": "var o=new Uint8Array(3);E.mapInPlace(new Uint16Array([5,1,300]),o,new Uint8Array(301).fill(4).map((v,i)=>i&255));print(o.join());",
  "gives 0 beyond the table": "var o=new Uint8Array([9,9]);E.mapInPlace(new Uint8Array([1,7]),o,new Uint8Array(2).fill(5));print(o.join());",
  "stops at the shorter array": "var o=new Uint8Array(2);E.mapInPlace(new Uint8Array([1,2,3]),o);print(o.join());var p=new Uint8Array(4).fill(9);E.mapInPlace(new Uint8Array([1,2]),p);print(p.join());",
  "calls a function": "var o=new Uint8Array(3);E.mapInPlace(new Uint8Array([4,5,6]),o,(v,i)=>v*2+i);print(o.join());",
  "takes fields apart": "var o=new Uint8Array(8);E.mapInPlace(new Uint8Array([0x12,0x34]),o,undefined,4);print(o.join());var p=new Uint8Array(8);E.mapInPlace(new Uint8Array([0x12,0x34]),p,undefined,-4);print(p.join());",
  "puts fields together": "var o=new Uint16Array(3);E.mapInPlace(new Uint8Array([0x12,0x34,0x56]),o,undefined,12);print(o.join());var p=new Uint16Array(3);E.mapInPlace(new Uint8Array([0x12,0x34,0x56]),p,undefined,-12);print(p.join());",
  "looks fields up": "var o=new Uint8Array(4);E.mapInPlace(new Uint8Array([0xe4]),o,[10,11,12,13],2);print(o.join());",
  "refuses plain arrays": "try{E.mapInPlace([1],[2]);}catch(e){print(e.message)}",
  "multiplies and adds": "print(E.convolve(new Int8Array([1,-2,3]),new Uint8Array([255,1,2])),E.convolve([1,2],[3,4],1),E.sum(new Int8Array([-5,4])),E.variance(new Uint8Array([1,3]),2));",
}; // prettier-ignore

describe("E.mapInPlace", () => {
  it("adds 128 to int8 values by a table", () => {
    const program = "var t=new Uint8Array(256);for(var i=0;i<256;i++)t[i]=i^128;var o=new Uint8Array(3);E.mapInPlace(new Int8Array([-128,0,127]),o,t);print(o.join());"; // prettier-ignore
    expect(run(program)).toEqual(["0,128,255"]);
  });

  it.skipIf(!ESPRUINO).each(Object.keys(programs))("agrees with the interpreter: %s", async (name) => {
    const program = programs[name]!;
    expect(run(program)).toEqual(await runOnEspruino(program));
  });
});
