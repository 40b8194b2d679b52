import { describe, expect, it } from "vitest";
import { guarded } from "../../../tools/simulator/espruino/guard.ts";
import { rig, run } from "./rig.ts";

describe("the loop", () => {
  it("runs input, then every timer that is due, then promises", () => {
    const program = `
      Serial2.on("data", function (d) { print("serial", d); });
      setTimeout(function () { print("A"); Promise.resolve().then(function () { print("promise"); }); Serial2.inject("x"); }, 10);
      setTimeout(function () { print("B"); }, 10);`;
    expect(run(program)).toEqual(["A", "B", "promise", "serial x"]);
  });

  it("timers that are due run in the order in which they were made, not in which they fell due", () => {
    expect(
      run(
        "setTimeout(function () { print('first made'); }, 50); setTimeout(function () { print('first due'); }, 40); ESP32.lightSleep(0); var t = getTime(); while (getTime() < t + 0.06);",
      ),
    ).toEqual(["first made", "first due"]);
  });

  it("the shortest wait is 0.1 ms", () => {
    expect(run("setTimeout(function () { print(Math.round(getTime() * 1e6)); }, 0);")).toEqual(["100"]);
  });

  it("an interval keeps its phase and catches up after a block", () => {
    const program = `
      var n = 0;
      setInterval(function () { print(Math.round(getTime() * 1000)); if (++n == 1) while (getTime() < 0.35); if (n == 5) clearInterval(); }, 100);`;
    expect(run(program)).toEqual(["100", "350", "350", "400", "500"]);
  });

  it("changeInterval starts anew from now", () => {
    const program =
      "var i = setInterval(function () { print(Math.round(getTime() * 1000)); }, 100); setTimeout(function () { changeInterval(i, 300); }, 150); setTimeout(clearInterval, 800);";
    expect(run(program)).toEqual(["100", "450", "750"]);
  });

  it("says what clearTimeout and changeInterval refuse", () => {
    const program = `
      [function () { clearTimeout(undefined); }, function () { changeInterval(99, 1); }, function () { clearTimeout(99); print("ok"); }, function () { setTimeout(5, 1); }, function () { clearWatch(3); }]
        .forEach(function (f) { try { f(); } catch (e) { print(e.message); } });`;
    expect(run(program)).toEqual([
      "clearTimeout(undefined) not allowed. Use clearTimeout() instead",
      "Unknown Interval",
      "ok",
      "Function or String not supplied!",
      "Unknown Watch 3",
    ]);
  });

  it("ids are small and used again", () => {
    expect(
      run(
        "var a = setTimeout(print, 5, 1), b = setTimeout(print, 6, 2); print(a, b); clearTimeout(b); print(setTimeout(print, 7, 3)); clearTimeout();",
      ),
    ).toEqual(["1 2", "2"]);
  });

  it("prints what nothing caught and goes on", () => {
    const bench = rig(
      "setTimeout(function () { throw new Error('boom'); }, 1); setTimeout(function () { throw 'text'; }, 2); setTimeout(function () { print('on'); }, 3);",
    );
    bench.until(1);
    const lines = bench.printed().filter((line) => !/^\s+at /.test(line));
    expect(lines).toEqual(["Uncaught Error: boom", "Uncaught text", "on"]);
    expect(bench.device.uncaughtErrors).toBe(2);
  });

  it("process.on('uncaughtException') takes it instead", () => {
    expect(
      run(
        "process.on('uncaughtException', function (e) { print('got', e.message); }); setTimeout(function () { throw new Error('boom'); }, 1);",
      ),
    ).toEqual(["got boom"]);
  });

  it("setTime leaves the timers alone", () => {
    expect(run("setTimeout(function () { print(Math.round(getTime())); }, 5000); setTime(1700000000);")).toEqual([
      "1700000005",
    ]);
  });

  it("a program that never returns hangs awake, until a power cut or the watchdog", () => {
    const program = (watchdog: string): string =>
      `print("boot"); ${watchdog} if (getTime() < 1) setTimeout(function () { while (true); }, 100);`;
    const hung = rig(program(""));
    expect(guarded([hung.device], () => hung.until(60), 200)).toBe(false);
    expect(hung.device.state).toBe("hung");
    hung.until(60);
    expect(hung.draws.at(-1)?.[2]).toBe("awake");
    hung.device.powerCut();
    expect(hung.device.state).toBe("off");

    const watched = rig(program("E.enableWatchdog(4);"));
    guarded([watched.device], () => watched.until(60), 200);
    watched.until(60);
    expect(watched.printed()).toEqual(["boot", "boot"]);
  });

  it("load() starts the interpreter again without a restart of the chip", () => {
    const program = "print(typeof x); var x = 1; if (getTime() < 1) setTimeout(load, 2000);";
    expect(run(program)).toEqual(["undefined", "undefined"]);
  });
});

describe("promises", () => {
  it("settle in the queue, one step at a time", () => {
    const program = `
      var p = new Promise(function (ok) { print("executor"); ok(1); });
      p.then(function (v) { print("then", v); return v + 1; }).then(function (v) { print("next", v); throw new Error("x"); }).catch(function (e) { print("caught", e.message); return 3; }).then(function (v) { print("after", v); });
      print("sync");`;
    expect(run(program)).toEqual(["executor", "sync", "then 1", "next 2", "caught x", "after 3"]);
  });

  it("interleave two chains", () => {
    const chain = (name: string): string =>
      `Promise.resolve().then(function () { print("${name}1"); }).then(function () { print("${name}2"); });`;
    expect(run(chain("a") + chain("b"))).toEqual(["a1", "b1", "a2", "b2"]);
  });

  it("follow a promise or a thenable", () => {
    const program = `
      Promise.resolve().then(function () { return new Promise(function (ok) { setTimeout(ok, 100, "late"); }); }).then(function (v) { print(v, Math.round(getTime() * 1000)); });
      Promise.resolve({ then: function (ok) { ok("thenable"); } }).then(print);`;
    expect(run(program)).toEqual(["thenable", "late 100"]);
  });

  it("Promise.all waits for all, keeps the order, and fails with the first", () => {
    const program = `
      function later(ms, v) { return new Promise(function (ok) { setTimeout(ok, ms, v); }); }
      Promise.all([later(20, "a"), "b", later(10, "c")]).then(function (v) { print(v.join()); });
      Promise.all([later(20, "a"), Promise.reject(new Error("no"))]).catch(function (e) { print(e.message); });`;
    expect(run(program)).toEqual(["no", "a,b,c"]);
  });

  it("an unhandled rejection is printed and execution goes on", () => {
    const lines = run("Promise.reject(new Error('x')); setTimeout(function () { print('on'); }, 1);");
    expect(lines.filter((line) => !/^\s+at /.test(line))).toEqual([
      "Uncaught Error: Unhandled promise rejection: Error: x",
      "on",
    ]);
  });

  it("a catch on a promise that is fulfilled already rejects, as the interpreter's does", () => {
    const lines = run("var p = Promise.resolve(7); setTimeout(function () { p.catch(print); }, 10);");
    expect(lines[0]).toBe("Uncaught Error: Unhandled promise rejection: 7");
  });
});
