/** The simulator against the interpreter itself: the same small programs must print the same. Runs when ESPRUINO names a chip-shaped build. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rig } from "./rig.ts";

const espruino = process.env["ESPRUINO"];
const MARK = "@@";
/** The build's flash file: 64 KB of raw flash before Storage when it is mapped as on the chip. */
const STORAGE_BYTES = 0xe0000;

interface Result {
  readonly printed: string[];
  readonly storage: Buffer;
}

/** Programs print through `out`, which marks their lines among the interpreter's own. */
const prelude = `var global = globalThis; function out() { print("${MARK}" + [].slice.call(arguments).map(function (a) { return typeof a == "string" ? a : JSON.stringify(a); }).join(" ")); }\n`;

function interpreted(program: string): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "espruino-"));
  writeFileSync(join(folder, "program.js"), prelude + program);
  return new Promise((resolve, reject) => {
    // Its standard input stays open: at its end the interpreter would read noise.
    const child = spawn(espruino!, ["program.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    const limit = setTimeout(() => child.kill(), 8000);
    child.stdout.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(limit);
      const storage = (() => {
        try {
          return readFileSync(join(folder, "espruino.flash")).subarray(-STORAGE_BYTES);
        } catch {
          return Buffer.alloc(0);
        }
      })();
      rmSync(folder, { recursive: true });
      resolve({ printed: markedIn(text), storage });
    });
  });
}

const markedIn = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => /(@@|Uncaught ).*/.exec(line)?.[0])
    .filter((line) => line !== undefined);

function simulated(program: string): Result {
  const bench = rig(prelude.replace("var global = globalThis;", "") + program);
  bench.until(10);
  return { printed: markedIn(bench.printed().join("\n")), storage: Buffer.from(bench.device.flash.storageImage) };
}

/** On a starved machine two timers fall due in one turn, and what one of them queued comes after both: where that shows, one sets the other. */
const programs: Record<string, string> = {
  "order of timers": `
    setTimeout(function () { out("A"); Promise.resolve().then(function () { out("promise"); }); }, 10);
    setTimeout(function () { out("B"); }, 10);
    setTimeout(function () { out("made first"); }, 60); setTimeout(function () { out("due first"); }, 50);
    setTimeout(function () { var t = getTime(); while (getTime() < t + 0.05); }, 30);`,
  "intervals catch up": `
    var n = 0; var i = setInterval(function () { out("tick", ++n); if (n == 1) { var t = getTime(); while (getTime() < t + 0.11); } if (n == 4) clearInterval(i); }, 50);
    setTimeout(function () { out("between"); }, 75);`,
  "ids of timers": `var a = setTimeout(function () {}, 5), b = setTimeout(function () {}, 6); out(b - a); clearTimeout(b); out(setTimeout(function () {}, 1) - a); clearTimeout();`,
  "what timers refuse": `
    [function () { clearTimeout(undefined); }, function () { clearInterval(undefined); }, function () { changeInterval(99, 1); }, function () { setTimeout(5, 1); }, function () { clearWatch(3); }, function () { clearWatch(undefined); }]
      .forEach(function (f) { try { f(); out("fine"); } catch (e) { out(e.message); } });`,
  "promise chains": `
    var p = new Promise(function (ok) { out("executor"); ok(1); });
    p.then(function (v) { out("then", v); return v + 1; }).then(function (v) { out("next", v); throw new Error("x"); }).catch(function (e) { out("caught", e.message); return 3; }).then(function (v) { out("after", v); });
    Promise.resolve().then(function () { out("a1"); }).then(function () { out("a2"); });
    Promise.resolve().then(function () { out("b1"); }).then(function () { out("b2"); });
    Promise.resolve().then(function () { return new Promise(function (ok) { ok("inner"); }); }).then(out);
    Promise.resolve({ then: function (ok) { ok("thenable"); } }).then(out);
    out("sync");`,
  "Promise.all": `
    function later(ms, v) { return new Promise(function (ok) { setTimeout(ok, ms, v); }); }
    Promise.all([later(20, "a"), "b", later(10, "c")]).then(function (v) { out(v.join()); });
    Promise.all([1, 2]).then(function (v) { out(v.join()); });
    Promise.all([later(20, "a"), Promise.reject(new Error("no"))]).catch(function (e) { out(e.message); });`,
  "a rejection that nobody handles": `Promise.reject("text"); setTimeout(function () { setTimeout(function () { out("on"); }, 1); }, 10);`,
  "a late catch on a fulfilled promise": `var p = Promise.resolve(7); setTimeout(function () { p.catch(function () {}); setTimeout(function () { out("on"); }, 10); }, 10);`,
  "errors in callbacks": `setTimeout(function () { throw "text"; }, 1); setTimeout(function () { out("on"); }, 5);`,
  "events of any object": `
    var o = {}; o.on("go", function (a, b) { out("go", a, b); }); o.emit("go", 1, 2); out("sync");
    function f() { out("no"); } o.on("x", f); o.removeListener("x", f); o.emit("x");`,
  "helpers of E": `
    out(E.sum([1, 2, 3]), E.sum("ab"), E.variance([1, 3], 2), E.convolve([1, 1, 1, 1], [1, 2], 0), E.convolve("\\x01\\x02", new Int8Array([3, -4]), 1), E.clip(5, 0, 3));
    out(E.CRC32("123456789"), E.CRC32(new Uint8Array([1, 2, 3])), E.toString([72, "i", [33]]), E.toUint8Array("ab", { data: 7, count: 2 }, 300), E.reverseByte(1), new Uint8Array(E.toArrayBuffer("a")));
    var a = new Uint8Array([1, 2]); E.mapInPlace(a, a, function (x) { return x * 3; }); out(a, E.toJS({ a: 1, b: "x\\n\\xff", "c-d": [true] }));
    var re = [1, 2, 3, 4], im = [0, 0, 0, 0]; E.FFT(re, im); out(re.map(function (x) { return Math.round(x * 1000); }), im.map(function (x) { return Math.round(x * 1000); }));
    var m = [1, 2, 3, 4]; E.FFT(m); out(m.map(function (x) { return Math.round(x * 1000); }));`,
  "numbers and strings": `
    out(Math.round(-1.5), Math.round(-0.5), Math.round(2.5), Math.clip(5, 1, 3), Math.wrap(-1, 5), Math.wrap(7, 5), String.fromCharCode(0x20AC).charCodeAt(0), String.fromCharCode(0x1234, 65).length);
    out((1.5).toFixed(0), (2.5).toFixed(0), (-1.5).toFixed(0), (1.25).toFixed(1), (3.14159).toFixed(2), (0).toFixed(2));
    out("a,b,c".split(","), [3, 1, 2].sort(), "abc".substr(-2), parseInt("12px"), JSON.stringify("\\xe9"), btoa("abc"), atob("YWJj"));
    var u = new Uint8Array([1, 2, 3]), d = new DataView(new ArrayBuffer(2)); d.setUint32(0, 1); out(Array.isArray(u.slice(1)), Array.isArray(u.filter(function () { return 1; })), u, d.getUint32(0));`,
  dates: `
    var d = new Date(1700000000250); out(d.toString(), d.toISOString(), d.getDay(), new Date(2020, 1, 29, 12).getTime(), Date.parse("2020-01-02T03:04:05Z"), new Date("x").getTime(), d.getTimezoneOffset());
    E.setTimeZone(2); d = new Date(1700000000250); out(d.getHours(), d.toString(), new Date(2020, 1, 29, 12).getTime(), d.getTimezoneOffset());`,
  hashes: `var c = require("crypto"); function hex(b) { return E.toUint8Array(b).map(function (x) { return x; }); } out(hex(c.SHA1("abc")), hex(c.SHA256("abc")), hex(c.SHA512("")));
    out(hex(c.AES.encrypt("0123456789abcdef", "0123456789abcdef", { mode: "ECB" })), hex(c.AES.encrypt("0123456789abcdef", "fedcba9876543210", { iv: "0000000000000000", mode: "CTR" })));`,
  "modules": `
    Modules.addCached("m", "exports.a = 1"); out(require("m").a, Modules.getCached()); Modules.removeCached("m"); try { require("m"); } catch (e) { out(e.message); }
    require("Storage").write("s", "module.exports = function () { return 5; };"); out(require("s")());`,
  "Storage files": `
    var S = require("Storage"); S.eraseAll();
    S.write("hello.txt", "Hello World"); S.write(".bootcde", "out('hi');"); S.write("a.json", '{"a":1}');
    var f = S.open("log", "w"); f.write("line1\\n"); f.write("line2\\n");
    S.write("hello.txt", "Hi"); S.write("big", "ZZZZZZZZZZ", 0, 16); S.writeJSON("j", { a: [1, "x"] }); S.write("o", { b: 2 });
    out(S.list(), S.getStats(), S.read("hello.txt"), S.read("a.json", 1, 3), S.readJSON("o"), S.list(/^.\\./), S.list("o"), S.list(undefined, { sf: true }), S.read("nope"), S.getFree());
    ["S.write('e','')", "S.write('big','xyz',1)", "S.write('big','xyz',15)", "S.write('none','x',5)", "S.open('f','x')", "S.open('f','r').write('x')"].forEach(function (c) { try { eval(c); out("fine"); } catch (e) { out(e.message); } });`,
  "chunks of a StorageFile": `
    var S = require("Storage"); S.eraseAll();
    var f = S.open("L", "a"); for (var i = 0; i < 5; i++) f.write("x".repeat(1000)); f.write("y".repeat(2000));
    S.open("L", "a").write("tail");
    var r = S.open("L", "r"); out(S.list(), r.read(3), r.read(5000).length, r.read(5000).length, r.read(10), S.open("L", "r").getLength());
    var l = S.open("M", "w"); l.write("one\\ntwo\\nthree"); r = S.open("M", "r"); out(r.readLine(), r.readLine(), r.readLine(), r.readLine());`,
  "compaction": `
    var S = require("Storage"); S.eraseAll();
    S.write("keep", "me"); S.write("gone", "x".repeat(3000)); S.write("b", "y".repeat(9000)); S.erase("gone"); S.write("c", "z".repeat(500)); S.write("b", "q".repeat(7000));
    out(S.getStats()); S.compact(); out(S.getStats(), S.list(), S.read("b").length);`,
}; // prettier-ignore

describe.skipIf(!espruino)("against the interpreter", () => {
  it.each(Object.entries(programs))("%s", { timeout: 15_000 }, async (_, program) => {
    const real = await interpreted(program);
    const ours = simulated(program);
    expect(ours.printed).toEqual(real.printed);
    expect(real.printed.length).toBeGreaterThan(0);
    if (program.includes("eraseAll")) expect(Buffer.compare(ours.storage, real.storage)).toBe(0);
  });
});
