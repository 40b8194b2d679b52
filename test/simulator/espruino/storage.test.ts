import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawFlash } from "../../../tools/simulator/espruino/flash-driver.ts";
import { Flash, STORAGE_START } from "../../../tools/simulator/espruino/flash.ts";
import { Storage } from "../../../tools/simulator/espruino/storage.ts";
import { rig, run } from "./rig.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const hex = (image: Uint8Array, from: number, to: number): string =>
  Buffer.from(image.subarray(from, to)).toString("hex");
const errorOf = (code: string): string => `try { ${code}; print("fine"); } catch (e) { print(e.message); }`;

describe("Storage", () => {
  it("lays files out byte for byte as the interpreter does", () => {
    const program = `
      var S = require("Storage");
      S.eraseAll();
      S.write("hello.txt", "Hello World");
      S.write(".bootcde", "print('hi');");
      S.write("a.json", '{"a":1}');
      var f = S.open("log", "w"); f.write("line1\\n"); f.write("line2\\n");
      S.write("hello.txt", "Hi");
      S.write("big", "ZZZZZZZZZZ", 0, 16);
      print(JSON.stringify(S.list())); print(JSON.stringify(S.getStats()));`;
    const bench = rig(program);
    expect(bench.printed()).toEqual([
      JSON.stringify([".bootcde", "a.json", "log\u0001", "hello.txt", "big"]),
      JSON.stringify({
        totalBytes: 917504,
        freeBytes: 913196,
        fileBytes: 4264,
        fileCount: 5,
        trashBytes: 44,
        trashCount: 1,
      }),
    ]);
    // The worked example of the interpreter's own output.
    const image = bench.device.flash.storageImage;
    const zeros = (count: number): string => "00".repeat(count);
    expect(hex(image, 0x0000, 0x002c)).toBe(`0b000000000000006f2e747874000000${zeros(16)}48656c6c6f20576f726c64ff`);
    expect(hex(image, 0x002c, 0x0058)).toBe(`0c0000002e626f6f74636465${zeros(20)}7072696e742827686927293b`);
    expect(hex(image, 0x0058, 0x0080)).toBe(`07000000612e6a736f6e${zeros(22)}7b2261223a317dff`);
    expect(hex(image, 0x0080, 0x00a0)).toBe(`e00f00406c6f6701${zeros(24)}`);
    expect(hex(image, 0x00a0, 0x00b0)).toBe("6c696e65310a6c696e65320affffffff");
    expect(image.subarray(0x00ac, 0x1080).every((byte) => byte === 0xff)).toBe(true);
    expect(hex(image, 0x1080, 0x10a4)).toBe(`0200000068656c6c6f2e747874${zeros(19)}4869ffff`);
    expect(hex(image, 0x10a4, 0x10d4)).toBe(`10000000626967${zeros(25)}${"5a".repeat(10)}${"ff".repeat(6)}`);
    expect(image.subarray(0x10d4).every((byte) => byte === 0xff)).toBe(true);
  });

  it.each([
    ["S.write('e', '')", "Can't create zero length file"],
    ["S.write('p', 'abc', 0, 8); S.write('p', 'xyz', 1)", "File already written with different data"],
    ["S.write('p', 'abc', 0, 4); S.write('p', 'xyz', 3)", "Too much data for file size"],
    ["S.write('none', 'abc', 5)", "Unable to find or create file"],
    ["S.open('f', 'x')", 'Invalid mode "x"'],
    ["S.open('f', 'r').write('x')", "Can't write in this mode"],
  ])("%s: %s", (code, message) => {
    expect(run(`var S = require("Storage"); ${errorOf(code)}`)).toEqual([message]);
  });

  it("cuts names to 28 characters, drops a drive prefix, and does not write what is there already", () => {
    const program = `
      var S = require("Storage"), long = "abcdefghijklmnopqrstuvwxyz01";
      S.write(long + "2", "x"); S.write("C:foo", "y"); S.write("same", "z");
      print(S.list().join(), S.write("same", "z"), S.getStats().trashCount);
      print(S.read("none"), S.read("foo"), S.readJSON("none"));
      S.write("wide", new Uint16Array([1, 2, 3])); print(S.read("wide").length);
      S.write("object", { a: 1 }); print(S.read("object"), S.readJSON("object").a, new Uint8Array(S.readArrayBuffer("foo"))[0]);`;
    expect(run(program)).toEqual([
      ".bootcde,abcdefghijklmnopqrstuvwxyz01,foo,same true 0",
      "undefined y undefined",
      "3",
      '{"a":1} 1 121',
    ]);
  });

  it("appends to a file in chunks and reads it by pieces and by lines", () => {
    const program = `
      var S = require("Storage"), f = S.open("log", "a");
      for (var i = 0; i < 500; i++) f.write("line " + i + " 0123456789\\n");
      S.open("log", "a").write("last");
      var r = S.open("log", "r"), n = 0, l, tail;
      while ((l = r.readLine()) !== undefined) { n++; tail = l; }
      print(n, tail, S.open("log", "r").read(7), S.open("log", "r").getLength(), S.list(/^log/).length);
      S.open("log", "w"); print(S.list(/^log/).length);`;
    expect(run(program)).toEqual(["501 last line 0  9894 1", "0"]);
  });

  it("compacts when nothing fits any more, and keeps every live file", () => {
    const program = `
      var S = require("Storage"), quarter = "x".repeat(50000);
      function put(name) { for (var i = 0; i < 4; i++) S.write(name, quarter, i * 50000, 200001); S.write(name, name, 200000, 200001); }
      S.write("keep", "me"); put("a"); put("b"); put("c"); S.erase("b"); put("d");
      print(S.getStats().trashCount); put("e"); print(S.getStats().trashCount, S.list().join(), S.read("keep"), S.read("d", 199999));`;
    const bench = rig(program);
    bench.until(100);
    expect(bench.printed().filter((line) => !line.startsWith("Compacting"))).toEqual([
      "1",
      "0 .bootcde,keep,a,c,d,e me xd",
    ]);
  });

  it("a power cut in the middle of a compaction loses everything at the next boot", () => {
    const program = `
      var S = require("Storage");
      if (S.list("keep").length) { S.erase("first"); setTimeout(function () { S.compact(); }, 1000); }
      else print("empty");`;
    const files = { first: "x".repeat(5000), keep: "y".repeat(9000), more: "z".repeat(9000) };
    const bench = rig(program, { storageFiles: files });
    bench.clock.at(1.05e6, () => bench.device.powerCut());
    bench.until(2);
    bench.device.powerOn();
    bench.until(60);
    expect(bench.printed()).toEqual(["Compacting... Storage is corrupt."]);
    expect(bench.device.flash.storageImage.every((byte) => byte === 0xff)).toBe(true);
  });

  it("finds what was written last, whatever the order of writes and deletions", () => {
    const name = fc.constantFrom("a", "b", "c", "longer.name");
    const step = fc.record({
      name,
      text: fc.option(fc.string({ unit: fc.constantFrom("x", "y", "\xff"), minLength: 1, maxLength: 60 }), {
        nil: undefined,
      }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const flash = new Flash();
        const storage = new Storage(flash, rawFlash(flash), () => {});
        const model = new Map<string, string>();
        for (const { name, text } of steps) {
          if (text === undefined) {
            storage.erase(name);
            model.delete(name);
          } else {
            storage.write(name, bytes(text));
            model.set(name, text);
          }
          if (steps.length % 3 === 0) storage.compact();
          for (const [file, content] of model) expect(storage.text(storage.find(file)!)).toBe(content);
        }
        expect(storage.isValid()).toBe(true);
        expect(
          storage
            .list()
            .map((entry) => storage.name(entry))
            .sort(),
        ).toEqual([...model.keys()].sort());
      }),
      { numRuns: 30 },
    );
  });
});

describe("the boot files", () => {
  it("run in their order, and the program that was written last is the one that boots", () => {
    const program = `print("code"); if (getTime() < 1) { require("Storage").write(".bootcde", "print('new code')"); setTimeout(ESP32.reboot, 2000); }`;
    expect(run(program, 10, { storageFiles: { ".boot1": "print('boot1')", ".boot0": "print('boot0')" } })).toEqual([
      "boot0",
      "boot1",
      "code",
      "boot0",
      "boot1",
      "new code",
    ]);
  });

  it("a closed bundle gives way to the code that replaced it", () => {
    const program = `print("closed"); setTimeout(function () { require("Storage").write(".bootcde", "print('new code')"); ESP32.reboot(); }, 2000);`;
    expect(run(program, 10, { closed: true })).toEqual(["closed", "new code"]);
  });
});

describe("Flash", () => {
  it("only clears bits, and erases whole pages", () => {
    const program = `
      var F = require("Flash"), A = 0x310000;
      F.write("\\xF0\\xFF\\x0F", A + 1); F.write("\\x3C\\x3C\\x3C", A + 1); print(F.read(5, A).join());
      F.write("x", A + 4096); F.erasePage(A + 100); print(F.read(5, A).join(), F.read(1, A + 4096)[0]);
      print(F.read(0, A), F.getPage(A + 5).addr, F.getFree().length);
      ${errorOf("F.erasePage('a')")} ${errorOf("F.write(undefined, A)")}`;
    expect(run(program)).toEqual([
      "255,48,60,12,255",
      "255,255,255,255,255 120",
      "undefined 3211264 3",
      "Address should be an integer, got string",
      "Data is not defined",
    ]);
  });

  it("shares its cells with Storage", () => {
    expect(run(`var F = require("Flash"); print(E.toString(F.read(8, ${STORAGE_START} + 4)));`)).toEqual([".bootcde"]);
  });

  it("takes its time: 45 ms for a page, 67.5 µs for 16 bytes", () => {
    const program = `
      var F = require("Flash"), t = getTime(); F.erasePage(0x310000); print(Math.round((getTime() - t) * 1e6));
      t = getTime(); for (var i = 0; i < 10; i++) F.write("0123456789abcdef", 0x310000 + i * 16); print(Math.round((getTime() - t) * 1e6));`;
    expect(run(program)).toEqual(["45000", "675"]);
  });

  it("a power cut tears the write that is under way", () => {
    const bench = rig(
      `setTimeout(function () { require("Flash").write(new Uint8Array(100), 0x310000); print("done"); }, 1000);`,
    );
    bench.clock.at(1e6 + 150, () => bench.device.powerCut());
    bench.until(2);
    const written = bench.device.flash.read(0x310000, 100).filter((byte) => byte === 0).length;
    expect(written).toBeGreaterThan(10);
    expect(written).toBeLessThan(100);
    expect(bench.printed()).toEqual([]);
  });
});
