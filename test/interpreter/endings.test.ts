import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { UserError } from "../../tools/errors.ts";
import { type Bench, type BenchOptions, espruino, real } from "./bench.ts";
import type { InterpreterDevice } from "../../tools/simulator/interpreter/device.ts";

function live(
  program: string,
  seconds: number,
  options: BenchOptions,
  look: (bench: Bench<InterpreterDevice>) => void = () => {},
): Error | undefined {
  const bench = real(program, options);
  try {
    bench.clock.runUntil(seconds * 1e6);
    look(bench);
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    bench.device.close();
  }
}

/** Processes whose working directory lies below a folder for devices. */
const children = (): string[] =>
  fs.readdirSync("/proc").filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        fs.readlinkSync(`/proc/${pid}/cwd`).includes("hibernode-") &&
        !fs.readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")
      );
    } catch {
      return false;
    }
  });

describe("a program that only pretends to be the interpreter", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pretender-"));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test.each([
    ["says nothing", "echo starting; exec sleep 30", /fell silent[^]*starting/],
    ["sends rubbish", "echo 'rubbish, not a message' > to-host; exec sleep 30", /sends what is no message/],
    [
      "sends a message that is none",
      "printf '100000003x{y' > to-host; exec sleep 30",
      /sends what is no message: x\{y/,
    ],
    ["sends half a message", "printf '100000050[1,2' > to-host; echo oops", /ended with exit code 0[^]*oops/],
    ["sends another message first", `printf '100000006["xx"]' > to-host; exec sleep 30`, /did not start as expected/],
    ["fails at once", "echo cannot >&2; exit 7", /exit code 7[^]*cannot/],
    ["is ended from outside", "kill -TERM $$", /signal 15/],
  ])("%s: an error, and nothing is left behind", (name, script, message) => {
    const program = path.join(folder, name);
    fs.writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const interpreter = { program, version: "2v29", storageAt: 65536, jsVars: 16383 };
    const error = live("1", 2, { interpreter, silenceMs: 100 });
    expect(error).toBeInstanceOf(UserError);
    expect(error!.message).toMatch(message);
  });

  test("cannot be started: an error", () => {
    const interpreter = { program: path.join(folder, "none"), version: "2v29", storageAt: 65536, jsVars: 16383 };
    expect(live("1", 2, { interpreter })!.message).toMatch(/exit code 127[^]*not found/);
  });

  test("a device whose interpreter has failed is off and stays off", () => {
    const interpreter = { program: path.join(folder, "none"), version: "2v29", storageAt: 65536, jsVars: 16383 };
    const { clock, device } = real("1", { interpreter });
    expect(() => clock.runUntil(2e6)).toThrow(UserError);
    clock.runUntil(10e6);
    expect(device.state).toBe("off");
    device.close();
  });
});

describe.skipIf(!espruino)("what can happen to the interpreter", () => {
  test("an endless loop hangs the device until its watchdog bites", () => {
    live(
      `print("up"); if (getTime() < 2) { E.enableWatchdog(5, true); setTimeout(function () { while (true); }, 100); }`,
      20,
      { silenceMs: 200 },
      ({ log }) => {
        expect(log).toContain("800000 mcu = hung");
        expect(log).toContain("5700000 restart = watchdog");
        expect(log.filter((line) => line.includes('printed "up'))).toHaveLength(2);
      },
    );
  });

  test("an endless loop without a watchdog hangs it for good", () => {
    live(`while (true);`, 100, { silenceMs: 200 }, ({ device }) => {
      expect(device.state).toBe("hung");
      expect(device.boots).toBe(1);
    });
  });

  test("a crash is an error with the last output", () => {
    const error = live(`print("before the crash"); E.convolve([1], []);`, 2, {});
    expect(error).toBeInstanceOf(UserError);
    expect(error!.message).toMatch(/ended by signal 8/);
    expect(error!.message).toMatch(/before the crash/);
  });

  test("running out of memory is an error with the last output", () => {
    const error = live(
      `print("filling"); var a = []; setTimeout(function () { while (true) a.push("some text that needs a few variables " + a.length); }, 10);`,
      2,
      {},
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error!.message).toMatch(/ran out of memory/);
    expect(error!.message).toMatch(/filling/);
  });

  test("too deep a recursion ends the turn, and the next one runs", () => {
    live(
      `function f(n) { return 1 + f(n + 1); } setTimeout(function () { try { f(0); } catch (e) { print("caught"); } print("on"); }, 10); setTimeout(print, 50, "next");`,
      2,
      {},
      ({ log }) => {
        expect(log.join("\n")).toMatch(/Too much recursion/);
        expect(log.at(-1)).toMatch(/printed "next/);
      },
    );
  });

  test("errors that nothing caught are printed and counted, in boot code and in callbacks", () => {
    live(
      `setTimeout(function () { null.x; }, 10); setTimeout(function () { throw "text"; }, 20); setTimeout(print, 30, "on"); undefinedThing();`,
      2,
      {},
      ({ log, device }) => {
        expect(log.filter((line) => line.includes("Uncaught"))).toHaveLength(3);
        expect(device.uncaughtErrors).toBe(3);
        expect(log.at(-1)).toMatch(/printed "on/);
      },
    );
  });

  test("a syntax error leaves the device awake with its message", () => {
    live(`var a = ;`, 2, {}, ({ log, device }) => {
      expect(log.join("\n")).toMatch(/Uncaught SyntaxError/);
      expect(device.state).toBe("awake");
    });
  });

  test("a rejection that nobody handles is printed", () => {
    live(`Promise.reject(new Error("lost"));`, 2, {}, ({ log }) =>
      expect(log.join("\n")).toMatch(/Unhandled promise rejection/),
    );
  });

  test("a process that ends by itself is an error", () => {
    const error = live(`setTimeout(function () { print("going"); quit(); }, 10);`, 2, {});
    expect(error!.message).toMatch(/ended with exit code 0; its last output:[^]*going/);
  });

  test("JsVars of the firmware are counted without the prelude's", () => {
    live(
      `var a = new Uint8Array(1400); setTimeout(function () { var b = new Uint8Array(14000); global.keep = b; }, 10); setTimeout(function () { delete global.keep; }, 20);`,
      2,
      { measureMemory: true },
      ({ device }) => {
        expect(device.memory!.loaded).toBeGreaterThan(100);
        expect(device.memory!.loaded).toBeLessThan(180);
        expect(device.memory!.peak).toBeGreaterThan(device.memory!.loaded + 950);
      },
    );
  });

  test("no process outlives its device", async () => {
    live(`setInterval(function () {}, 1000)`, 5, {});
    live(`while (true);`, 5, { silenceMs: 100 });
    live(`ESP32.deepSleep(1e6)`, 5, {});
    for (let i = 0; i < 100 && children().length; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(children()).toEqual([]);
  });
});
