/** Numbers of `Math` and `E.FFT` to their last bit: what Espruino composes itself is the same; a C library's own bits are bounded. */
import { describe, expect, test } from "vitest";
import { ESPRUINO, inFastEngine, onInterpreter } from "./programs.ts";

const HEX = `
var seed = 12345;
function random() { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed / 0x7fffffff - 0.5; }
function hex(a) { var b = new Uint8Array(a.buffer), t = ""; for (var i = 0; i < b.length; i++) t += (256 + b[i]).toString(16).substr(1); return t; }
`;

const spectrum = (n: number, rest: string): string =>
  `${HEX}var re = new Float32Array(${n}), im = new Float32Array(${n});
for (var i = 0; i < ${n}; i++) { re[i] = random() * 20; im[i] = random() * 3; }
E.FFT(re${rest}); out(hex(re)); out(hex(im));`;

/** 300 results for random `x`; `i` counts. */
const results = (call: string, x: string): string =>
  `${HEX}for (var i = 0; i < 300; i++) { var x = ${x}; out(hex(new Float64Array([${call}]))); }`;

const doubles = (text: string): number[] =>
  text.split(" | ").map((item) => Buffer.from(JSON.parse(item) as string, "hex").readDoubleLE());

test("a Fourier transform rounds as the interpreter does", () => {
  expect(inFastEngine(spectrum(4, ""))).toBe('"b0f0323f395613403c6b294039561340" | "10e715bf186bbe3f70f5043f5923933f"');
  expect(inFastEngine(spectrum(2, ", im, true"))).toBe('"8816b8408825e83e" | "20ef663f50af04c0"');
});

test("powers are exact up to the ninth and by logarithms from there", () => {
  expect(inFastEngine("out([Math.pow(1.1,3)===1.1*1.1*1.1,Math.pow(2,9)===512,Math.pow(2,12)===4096].join())")).toBe(
    '"true,true,false"',
  );
  expect(
    inFastEngine("out([Math.pow(-2,11)<-2047,Math.pow(-2,0.5),Math.pow(0,-1),Math.pow(0,12),Math.pow(0,NaN)].join())"),
  ).toBe('"true,NaN,Infinity,0,0"');
});

describe.skipIf(!ESPRUINO)("on the interpreter", () => {
  test("Fourier transforms are the same bit by bit", { timeout: 60_000 }, async () => {
    const scripts = [1, 2, 4, 24, 32, 256].flatMap((n) => ["", ", im", ", im, true"].map((rest) => spectrum(n, rest)));
    expect(scripts.map(inFastEngine)).toEqual(await onInterpreter(scripts));
  });

  test.each([
    ["Math.pow(x, 3)", "random() * 20", 0],
    ["Math.log(x)", "random() + 0.5", 1],
    ["Math.exp(x)", "random() * 20", 1],
    ["Math.sin(x)", "random() * 20", 1],
    ["Math.cos(x)", "random() * 20", 1],
    ["Math.atan(x)", "random() * 20", 1],
    ["Math.atan2(x, 1.3)", "random() * 20", 1],
    ["Math.sqrt(x)", "random() + 1000", 4],
    ["Math.tan(x)", "random() * 20", 4],
    ["Math.asin(x)", "random() * 2", 4],
    ["Math.acos(x)", "random() * 2", 4],
    ["Math.pow(x, 1.4)", "random() + 10", 8],
    ["Math.pow(2, x)", "i", 1],
    ["Math.pow(x, 12)", "random() * 20", 32],
  ])("%s for %s differs by at most %i in the last place", { timeout: 60_000 }, async (call, x, places) => {
    const script = results(call, x);
    const fast = doubles(inFastEngine(script));
    const real = doubles((await onInterpreter([script]))[0]!);
    expect(fast).toHaveLength(300);
    fast.forEach((value, i) => {
      const place = Math.abs(real[i]!) * 2 ** -52;
      if (Number.isNaN(value)) expect(real[i]).toBeNaN();
      else expect(Math.abs(value - real[i]!), `${value} against ${real[i]}`).toBeLessThanOrEqual(places * place);
    });
  });
});

test.skipIf(ESPRUINO)("Math on the real interpreter (skipped: set ESPRUINO to its program)", () => {});
