/** Programs that no chip has room for: the fast engine ends with the error that the interpreter's engine ends with. */
import { expect, it, test } from "vitest";
import { run } from "./rig.ts";

it.each([
  ["a text that doubles", 'var s = "x"; while (s.length < 1e6) s += s;'],
  ["a text that is repeated", 'print("x".repeat(200000));'],
  ["a text that is filled up", 'print("x".padStart(200000).length);'],
  [
    "a text of many pieces",
    'print(new Array(3000).fill("0123456789012345678901234567890123456789012345678901234567890123").join());',
  ],
  ["a buffer", "print(new Uint8Array(240000).length);"],
  ["a list", "var l = []; for (var i = 0; i < 20000; i++) l.push(i);"],
  ["a list of objects", "var l = []; for (var i = 0; i < 6000; i++) l.push({ a: i, b: [1] });"],
  ["a list of texts", 'var l = []; for (var i = 0; i < 4000; i++) l[i] = "a text of some length, number " + i;'],
  ["lists in an object", "var o = {}; for (var i = 0; i < 3000; i++) o['k' + i] = { at: i + 0.5, b: [i, 2] };"],
  ["buffers", "var l = []; for (var i = 0; i < 900; i++) l.push(new Uint8Array(300));"],
])("%s that does not fit ends the run", (_name, program) => {
  expect(() => run(program)).toThrow(
    /ran out of memory: a (text|buffer|list|object) (of \d+ (bytes|items)|with what it holds, 16\d\d\d JsVars at least,) does not fit into the 16383 JsVars/,
  );
  expect(() => run(`try { ${program} } catch (e) { print("caught"); }`)).toThrow(/ran out of memory/);
});

test("what fits goes on", () => {
  const program =
    'var l = []; for (var i = 0; i < 2000; i++) l.push("x".repeat(20)); print(l.join().length, new Uint8Array(50000).length);';
  expect(run(program)).toEqual(["41999 50000"]);
});

test("one thing that hangs in many places counts once", () => {
  const program =
    'var one = new Uint8Array(2000), text = "x".repeat(2000), l = []; for (var i = 0; i < 2000; i++) l.push(i % 2 ? one : text); print(l.length);';
  expect(run(program)).toEqual(["2000"]);
});

test("a C3 has a quarter of the room", () => {
  expect(run("print(new Uint8Array(60000).length);")).toEqual(["60000"]);
  expect(() => run("print(new Uint8Array(60000).length);", 10, { chip: "esp32c3" })).toThrow(/ran out of memory/);
});
