/** Rewritings that spare RAM on the interpreter: where they apply, and where they must not. That programs stay the same is in lower.test.ts. */
import { describe, expect, it } from "vitest";
import { lowerSyntax, lowerToEspruino } from "../../tools/build/lower.ts";

const lowered = (source: string): string => lowerSyntax(source, "program.js").code.replace(/\s+/g, " ");
/** The names of the program's own functions and variables. */
const topLevel = (source: string): string[] =>
  [...lowerSyntax(source, "program.js").code.matchAll(/^(?:function|let|var|const) (\w+)/gm)].map(([, name]) => name!);

describe("a function that only one other function calls", () => {
  it.each([
    ["moves into it", "function a(x){return x+1} function b(y){return a(y)*a(2)} print(b(1),b(2));", ["b"]],
    [
      "with what it calls itself",
      "function z(x){return x} function a(x){return z(x)+1} function b(y){return a(y)+a(1)} print(b(1),b(2));",
      ["b"],
    ],
    [
      "moves into a closure that lives on, not into what made that",
      "function a(x){return x+1} function b(y){return ()=>a(y)} print(b(1)(),b(2)());",
      ["b"],
    ],
    [
      "stays when several closures that live on call it",
      "function a(x){return x+1} function b(y){return {m:()=>a(y),n:()=>a(1)}} print(b(1).m(),b(2).n());",
      ["a", "b"],
    ],
    [
      "stays when its own do",
      "function a(x){return ()=>x} function b(y){return a(y)} print(b(1)(),b(2)());",
      ["a", "b"],
    ],
    [
      "stays when two call it",
      "function a(x){return x+1} function b(y){return a(y)} function c(y){return a(y)} print(b(1),c(2));",
      ["a", "b", "c"],
    ],
    [
      "stays when it is a value",
      "function a(x){return x+1} function b(y){return [a,y]} print(b(1)[0](1),b(2));",
      ["a", "b"],
    ],
    [
      "stays when the other one runs in a loop",
      "function a(x){return x+1} function b(y){return a(y)+a(1)} for(let i=0;i<2;i++) print(b(i));",
      ["a", "b"],
    ],
    [
      "stays when a name means something else there",
      "let k=1; function a(x){return x+k} function b(k){return a(k)+a(2)} print(b(1),b(2));",
      ["k", "a", "b"],
    ],
    [
      "stays when it calls itself",
      "function a(x){return x?a(x-1):0} function b(y){return a(y)} print(b(1),b(2));",
      ["a", "b"],
    ],
    [
      "moves when its closures are gone with it",
      "function a(x){return [1].map(v=>v+x)} function b(y){return a(y)} print(b(1),b(2));",
      ["b"],
    ],
  ])("%s", (_, source, names) => {
    expect(topLevel(source)).toEqual(names);
  });
});

describe("options that are written out where the function is called", () => {
  const node =
    "function node(o){ if(o.use) print('used'); const h=o.use?o.use(1):{}; if(h.x) print('x'); print(o.a, o.in.b, o.in.c); }";

  it("lack what is not there, and all that follows from it", () => {
    const { code } = lowerToEspruino(`${node} node({a:1,in:{b:2}});`, "program.js");
    expect(code).not.toContain("use");
    expect(code).not.toMatch(/\.x\b/);
  });

  it("lack the choice between what is not there and a function, which stays outside of its caller", () => {
    const session = "function session(o){ let n=0; o.on(()=>n++); o.on(()=>n--); }";
    const { code } = lowerSyntax(
      `${session} function node(o){ return ()=>(o.session||session)(o); } print(node({on:print})());`,
      "program.js",
    );
    expect(code).not.toContain("||");
    expect(code).toContain("/*@__NOINLINE__*/session(");
  });

  it.each([
    ["another call", "node({a:1,in:{}}); node({a:2,use:()=>({}),in:{}});"],
    ["options that came from elsewhere", "const o={a:1,in:{}}; o.use=()=>({x:1}); node(o);"],
    ["a value", "const n=node; n({a:1,in:{}});"],
    ["a spread", "node({...{use:()=>({x:1})},a:1,in:{}});"],
  ])("are read as they come: %s", (_, calls) => {
    expect(lowered(`${node} ${calls}`)).toMatch(/o\.use/);
  });
});

describe("true and false", () => {
  it.each([
    [
      "are numbers where only their truth matters",
      "let f=false; function a(){ if(f) return; f=true; print(1); } a(); a();",
      "let f = 0",
    ],
    ["stay where the value is printed", "let f=false; function a(){ f=true; print(f); } a(); a();", "let f = false"],
    ["stay where it is compared", "let f=false; function a(){ f=true; print(f===true); } a(); a();", "let f = false"],
    ["stay beside other values", "let f=false; function a(x){ f=x; if(f) print(1); } a(1); a(2);", "let f = false"],
  ])("%s", (_, source, expected) => {
    expect(lowered(source)).toContain(expected);
  });
});
