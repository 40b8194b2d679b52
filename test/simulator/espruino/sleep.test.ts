import { describe, expect, it } from "vitest";
import { Wires } from "../../../tools/simulator/espruino/wires.ts";
import { figures, rig, run } from "./rig.ts";

const sleepFor = (expression: string): string =>
  `print(ESP32.getWakeupCause(), Math.round(getTime())); if (ESP32.getWakeupCause() == 0) ESP32.deepSleep(${expression});`;

describe("deep sleep", () => {
  it.each([
    ["900e6", 900],
    ["2147483647", 2147],
    ["5000e6", 705],
    ["4294967296 + 60e6", 60],
  ])("deepSleep(%s) lasts %d s: the argument is a 32-bit int", (argument, seconds) => {
    expect(run(sleepFor(argument), 10_000)).toEqual(["0 0", `4 ${seconds}`]);
  });

  it.each(["3600e6", "2147483648", "-1"])("deepSleep(%s), past 35 min 47 s or negative, never ends", (argument) => {
    const bench = rig(sleepFor(argument));
    bench.until(100 * 365 * 86400);
    expect(bench.printed()).toEqual(["0 0"]);
    expect(bench.device.state).toBe("asleep");
  });

  it.each(["NaN", "0", "undefined", "1e20"])("deepSleep(%s) restarts at once", (argument) => {
    expect(run(sleepFor(argument), 5, { bootMs: 700 })).toEqual(["0 1", "4 1"]);
  });

  it("drops the whole heap: variables, timers and watches", () => {
    const program = `
      var count = (global.count || 0) + 1;
      print("boot", count);
      setInterval(function () { print("tick"); }, 1000);
      setWatch(function () { print("edge"); }, D4, { repeat: true });
      if (ESP32.getWakeupCause() == 0) setTimeout(function () { ESP32.deepSleep(10e6); print("never"); }, 1500);
      else clearInterval();`;
    const bench = rig(program);
    bench.until(5);
    bench.wires.pin("D4").line.drive(1);
    bench.until(60);
    expect(bench.printed()).toEqual(["boot 1", "tick", "boot 1"]);
  });

  it("ends the turn even inside try, catch and finally", () => {
    const program = `
      if (ESP32.getWakeupCause() == 0) {
        try { ESP32.deepSleep(1e6); } catch (e) { digitalWrite(D2, 1); print("caught"); }
      }
      print("on");`;
    expect(run(program)).toEqual(["on"]);
  });

  it("books boot, awake and the sleep floor", () => {
    const bench = rig("setTimeout(function () { ESP32.deepSleep(10e6); }, 100);", { bootMs: 700 });
    bench.until(15);
    expect(bench.draws.slice(0, 4)).toEqual([
      [0, figures.bootAmps, "boot"],
      [0.7, figures.activeAmps, "awake"],
      [0.8, figures.sleepAmps, "sleep floor"],
      [10.8, figures.bootAmps, "boot"],
    ]);
  });

  it("time goes on through sleep and restart, and starts at 0 after a power cut", () => {
    const bench = rig(
      "print(Math.round(getTime()), ESP32.getWakeupCause()); if (getTime() < 50) { if (getTime() > 5) ESP32.reboot(); ESP32.deepSleep(30e6); }",
      { bootMs: 10_000 },
    );
    bench.until(60);
    expect(bench.printed()).toEqual(["10 0", "20 0", "30 0", "40 0", "50 0"]);
    bench.device.powerCut();
    bench.until(100);
    bench.device.powerOn();
    bench.until(110);
    expect(bench.printed()).toEqual(["10 0"]);
    expect(bench.draws.some(([, amps, cause]) => amps === 0 && cause === "off")).toBe(true);
  });

  it("a clock that runs fast by 1 % sleeps shorter and counts further", () => {
    const bench = rig("if (ESP32.getWakeupCause() == 0) ESP32.deepSleep(1000e6); print(getTime().toFixed(3));", {
      driftPpm: 10_000,
    });
    bench.until(990);
    expect(bench.printed()).toEqual([]);
    bench.until(991);
    expect(bench.printed()).toEqual(["1000.000"]);
  });

  it.each([
    ["ESP32.deepSleepExt0(D4, 1)", "2 undefined"],
    ["ESP32.deepSleepExt1([D4, D2], 1)", "3 D4"],
  ])("%s wakes when a part drives the pin", (sleep, woken) => {
    const wires = new Wires();
    const { line } = wires.pin("D4");
    line.drive(0);
    const bench = rig(
      `if (ESP32.getWakeupCause() == 0) ${sleep}; print(ESP32.getWakeupCause(), ESP32.getWakeupPin());`,
      { wires },
    );
    bench.until(3600);
    expect(bench.printed()).toEqual([]);
    line.drive(1);
    bench.until(3601);
    expect(bench.printed()).toEqual([woken]);
  });

  it("a pin without RTC function cannot wake, and a wrong mode is refused", () => {
    const program = `
      try { ESP32.deepSleepExt0(D5, 1); } catch (e) { print(e.toString()); }
      try { ESP32.deepSleepExt1(D4, 7); } catch (e) { print(e.toString()); }`;
    expect(run(program)).toEqual(["Error: Invalid pin", "Error: Invalid mode (7)!"]);
  });

  it("light sleep keeps RAM, draws its own current and postpones the timers", () => {
    const program =
      "setTimeout(function () { print(getTime()); }, 1000); setTimeout(function () { ESP32.lightSleep(5000); print('up', getTime()); }, 200);";
    const bench = rig(program);
    bench.until(20);
    expect(bench.printed()).toEqual(["up 5.2", "6"]);
    expect(bench.draws).toContainEqual([0.2, figures.lightSleepAmps, "light sleep"]);
  });

  it("in light sleep a UART hears nothing, and what it has to send waits", () => {
    const wires = new Wires();
    const wire = wires.serial("D17", "D16");
    let sent = "";
    wire.attach({
      receive: (bytes) => void (sent += `${Buffer.from(bytes).toString("latin1")}@${bench.clock.now.toFixed(1)} `),
    });
    const bench = rig(
      `Serial3.setup(9600, { tx: D17, rx: D16 });
      Serial3.on("data", function (d) { print(d); });
      setTimeout(function () { Serial3.write("late"); ESP32.lightSleep(2000); }, 1000);`,
      { wires },
    );
    const says = (text: string): void => wire.line.transmit(Buffer.from(text), 9600);
    bench.clock.at(500e3, () => says("before "));
    bench.clock.at(999.5e3, () => says("cut"));
    bench.clock.at(2000e3, () => says("lost"));
    bench.clock.at(2999e3, () => says("abcd"));
    bench.clock.at(3100e3, () => says("after"));
    bench.until(5);
    // of what begins in light sleep, the bytes after its end are heard
    expect(bench.printed().join("")).toBe("before bcdafter");
    expect(sent).toBe("late@3.0 ");
  });

  it("what is left in the UART's buffer beyond its FIFO is lost in deep sleep", () => {
    const wires = new Wires();
    let heard = 0;
    wires.serial("D17", "D16").attach({ receive: (bytes) => void (heard += bytes.length) });
    const bench = rig(
      "Serial3.setup(9600, { tx: D17, rx: D16 }); Serial3.write(new Uint8Array(500)); ESP32.deepSleep(1e6);",
      { wires },
    );
    bench.until(0.9);
    expect(heard).toBe(128);
  });
});

describe("restart and watchdog", () => {
  it("E.reboot starts again with cause 0", () => {
    expect(
      run("print(ESP32.getWakeupCause()); if (getTime() < 1) setTimeout(E.reboot, 1500);", 5, { bootMs: 100 }),
    ).toEqual(["0", "0"]);
  });

  it("an automatic watchdog lets an idle program live", () => {
    expect(run("print('boot'); E.enableWatchdog(2);", 30)).toEqual(["boot"]);
  });

  it("a watchdog that is to be kicked by hand restarts the chip when it is not", () => {
    const program =
      "print('boot', Math.round(getTime())); if (getTime() < 8) { E.enableWatchdog(3, false); setInterval(function () { if (getTime() < 4) E.kickWatchdog(); }, 500); }";
    expect(run(program, 30)).toEqual(["boot 0", "boot 7", "boot 10"]);
  });

  it("a loop that waits for the clock ends, one that waits for ever is ended by the watchdog", () => {
    expect(run("while (getTime() < 2); print(Math.round(getTime()));")).toEqual(["2"]);
    const stuck = "print('boot'); if (getTime() < 1) { E.enableWatchdog(3); while (digitalRead(D4) == 0); }";
    expect(run(stuck, 10)).toEqual(["boot", "boot"]);
  });
});
