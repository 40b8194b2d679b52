import { describe, expect, it } from "vitest";
import { Wires } from "../../../tools/simulator/espruino/wires.ts";
import { rig, run } from "./rig.ts";

const both = [
  ["open", false],
  ["closed", true],
] as const;

describe.each(both)("the world of a program (%s)", (_, closed) => {
  const printed = (program: string): string[] => run(program, 10, { closed });

  it("lacks what the interpreter lacks", () => {
    const program = `print([
      typeof Map, typeof Set, typeof Symbol, typeof Proxy, typeof WeakMap, typeof BigInt, typeof RangeError, typeof Math.trunc, typeof Math.imul, typeof Array.from,
      typeof Object.freeze, typeof Number.isInteger, typeof [].flat, typeof [].at, typeof "".codePointAt, typeof Date.UTC, typeof Promise.race,
      typeof Uint8Array.from, typeof new ArrayBuffer(1).slice, typeof (1.5).toPrecision, typeof require.resolve, typeof setImmediate, typeof TextEncoder, typeof structuredClone
    ].filter(function (t) { return t != "undefined"; }).length);`;
    // Uint8Array.from is inherited by V8's typed arrays: the one that is left.
    expect(Number(printed(program)[0])).toBeLessThanOrEqual(1);
  });

  it("has its own additions", () => {
    expect(
      printed(
        "print(Math.clip(5, 1, 3), Math.wrap(-1, 5), Math.round(-1.5), Math.round(2.5), Math.sign(-2), btoa('abc'), typeof global, HIGH, typeof D39);",
      ),
    ).toEqual(["3 -1 -2 3 -1 YWJj object 1 number"]);
  });

  it("has strings of bytes", () => {
    expect(
      printed(
        "print('é'.length, String.fromCharCode(0x20AC).charCodeAt(0), String.fromCharCode(0x1234, 65).length, JSON.stringify('\\xe9'));",
      ),
    ).toEqual(['2 172 2 "\\u00E9"']);
  });

  it("has typed arrays whose slices are arrays, and DataViews that never throw", () => {
    const program = `
      var u = new Uint8Array([1, 2, 3]), d = new DataView(new ArrayBuffer(2));
      d.setUint32(0, 1);
      print(Array.isArray(u.slice(1)), Array.isArray(u.filter(function (x) { return x > 1; })), u.map(function (x) { return x * 100; }) instanceof Uint8Array, JSON.stringify(u), d.getUint32(0), (1.5).toFixed(0), (1.25).toFixed(1));`;
    expect(printed(program)).toEqual(["true true true [1,2,3] 0 1 1.3"]);
  });

  it("starts anew at every boot", () => {
    const program = `
      var count = 0; count++;
      E.on("mine", function () {});
      print(count, typeof global.left);
      if (ESP32.getWakeupCause() == 0) { global.left = 1; delete global.left; ESP32.deepSleep(1e6); }`;
    expect(printed(program)).toEqual(["1 undefined", "1 undefined"]);
  });

  it("knows no time zone but its own, and the time of the device", () => {
    const program = `
      setTime(1700000000.25);
      var d = new Date();
      print(d.getHours(), d.getTimezoneOffset(), d.toString(), d.toISOString(), Date.now(), new Date(2020, 1, 29, 12).toISOString(), new Date("x").getTime(), Date.parse("2020-01-02T03:04:05Z"));
      E.setTimeZone(2); print(new Date().getHours(), new Date(2020, 1, 29, 12).toISOString());`;
    expect(printed(program)).toEqual([
      "22 0 Tue Nov 14 2023 22:13:20 GMT+0000 2023-11-14T22:13:20.250Z 1700000000250 2020-02-29T12:00:00.000Z 0 1577934245000",
      "0 2020-02-29T10:00:00.000Z",
    ]);
  });

  it("emits events to listeners of any object, in the queue", () => {
    const program = `
      var o = {}; o.on("go", function (a, b) { print("go", a, b); }); o.emit("go", 1, 2); print("sync");
      function f() {} o.on("x", f); o.removeListener("x", f); o.emit("x"); o.removeAllListeners();`;
    expect(printed(program)).toEqual(["sync", "go 1 2"]);
  });

  it("has the helpers of E", () => {
    const program = `
      print(E.sum([1, 2, 3]), E.variance([1, 3], 2), E.convolve([1, 1, 1, 1], [1, 2], 0), E.convolve("\\x01\\x02", new Int8Array([3, -4]), 1), E.clip(5, 0, 3));
      print(E.CRC32("123456789"), E.toString([72, "i", [33]]), E.toUint8Array("ab", { data: 7, count: 2 }).join(), E.reverseByte(1), new Uint8Array(E.toArrayBuffer("a"))[0]);
      var a = new Uint8Array([1, 2]); E.mapInPlace(a, a, function (x) { return x * 3; }); print(a.join(), E.toJS({ a: 1, b: "x\\n", "c-d": [true] }));
      var re = [1, 1, 1, 1]; E.FFT(re); print(re.join());`;
    expect(printed(program)).toEqual([
      "6 2 6 2 3",
      "3421780262 Hi! 97,98,7,7 128 97",
      '3,6 {a:1,b:"x\\n","c-d":[true]}',
      "1,0,0,0",
    ]);
  });

  it("hashes and encrypts", () => {
    const program = `
      var c = require("crypto"), hex = function (b) { return [].slice.call(new Uint8Array(b)).map(function (x) { return (256 + x).toString(16).substr(-2); }).join(""); };
      print(hex(c.SHA256("abc")).substr(0, 16), hex(c.AES.encrypt("0123456789abcdef", "0123456789abcdef", { mode: "ECB" })).length, hex(c.PBKDF2("password", "salt", { keySize: 5, iterations: 1, hasher: "SHA1" })));
      print(E.toString(c.AES.decrypt(c.AES.encrypt("0123456789abcdef", "0123456789abcdef"), "0123456789abcdef")));`;
    expect(printed(program)).toEqual([
      "ba7816bf8f01cfea 32 0c60c80f961f0e71f3a9b524af6012062fe037a6",
      "0123456789abcdef",
    ]);
  });

  it("finds modules in the cache, in Storage, then wherever the caller looks", () => {
    const bench = rig(
      `
      Modules.addCached("cached", "exports.name = 'cached'");
      print(require("cached").name, require("stored").name, require("given")(2), require("given") === require("given"));
      ["missing", "Wifi"].forEach(function (n) { try { require(n); } catch (e) { print(e.message); } });`,
      {
        closed,
        storageFiles: { stored: "exports.name = 'stored';" },
        modules: (name) =>
          name === "given" ? "var f = 21; module.exports = function (n) { return f * n; };" : undefined,
      },
    );
    expect(bench.printed()).toEqual([
      "cached stored 42 true",
      'Module "missing" not found',
      'require("Wifi"): the scenario has no accessPoint',
    ]);
  });
});

describe("console.log", () => {
  it("prints values as the interpreter does", () => {
    const program = `
      console.log(1.5, "a", { a: 1, b: "x", c: [1, 2] }, [1, 2, 3], null, undefined, true, new Uint8Array([1, 2]));
      console.log([{ a: 1 }, { b: 2 }]); console.log(D4, new Error("hey"));`;
    expect(run(program)).toEqual([
      '1.5 a { "a": 1, ', '  "b": "x", ', '  "c": [ 1, 2 ]', " } [ 1, 2, 3 ] null undefined true new Uint8Array([1, 2])",
      "[ ", '  { "a": 1 }, ', '  { "b": 2 }', " ]", "D4 Error: hey",
    ]); // prettier-ignore
  });

  it("waits for the console's line when it prints a lot", () => {
    expect(
      run("var t = getTime(); print('x'.repeat(12543)); print(getTime() - t > 0.99 && getTime() - t < 1.01);").at(-1),
    ).toBe("true");
  });
});

describe("the same program", () => {
  const module = `
    exports.connect = function (i2c) {
      return { read: function (done) {
        i2c.writeTo(0x44, 0xFD);
        setTimeout(function () {
          var d = new DataView(i2c.readFrom(0x44, 6).buffer);
          done({ temp: Math.round((d.getUint16(0) * 175 / 65535 - 45) * 100) / 100 });
        }, 10);
      } };
    };`;
  const program = `
    I2C1.setup({ sda: D21, scl: D22 });
    require("sensor").connect(I2C1).read(function (r) {
      print(r.temp, ESP32.getWakeupCause());
      require("Flash").write(String.fromCharCode(r.temp), 0x310000 + Math.round(getTime()) % 4096);
      ESP32.deepSleep(60e6);
    });`;
  const play = (closed: boolean): { printed: string[]; log: unknown } => {
    const wires = new Wires();
    wires
      .i2c("D21", "D22")
      .attach({ address: 0x44, write: () => true, read: () => Uint8Array.of(0x66, 0x66, 0, 0, 0, 0) });
    const bench = rig(program, {
      wires,
      closed,
      bootMs: 700,
      modules: (name) => (name === "sensor" ? module : undefined),
    });
    bench.until(600);
    return { printed: bench.printed(), log: bench.log };
  };

  it("does the same on every bus at the same times, closed or not, run after run", () => {
    const closed = play(true);
    expect(closed.printed).toHaveLength(10);
    expect(closed.printed[1]).toBe("25 4");
    expect(play(true)).toEqual(closed);
    expect(play(false)).toEqual(closed);
  });
});
