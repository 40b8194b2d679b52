import { describe, expect, test } from "vitest";
import { both, type BenchOptions, espruino } from "./bench.ts";

/** Small scripts that each lean on one part of the seam; [script, seconds, what happens from outside]. */
const scripts: Record<string, readonly [program: string, seconds: number, options?: BenchOptions]> = {
  "timers: order, arguments, intervals that catch up, clearing": [
    `setTimeout(function (a, b) { print("A", a, b); Promise.resolve(1).then(function () { print("promise"); }); }, 10, 1, "x");
     setTimeout(function () { print("B"); }, 10);
     setTimeout(function () { print("made first"); }, 60); setTimeout(function () { print("due first"); }, 50);
     var n = 0, i = setInterval(function () { print("tick", ++n); I2C1.readFrom(0x48, 2); if (n == 4) clearInterval(i); }, 20);
     var c = setTimeout(function () { print("never"); }, 30); clearTimeout(c);
     setTimeout("print('text')", 200); changeInterval(i, 25);
     setTimeout(function () { setTimeout(print, 5, "gone"); clearTimeout(); }, 300);
     I2C1.setup({ sda: D21, scl: D22 });`,
    2,
  ],
  "I2C: write, read, register, no acknowledge, no bus": [
    `try { I2C1.writeTo(0x48, 1); } catch (e) { print(e.message); }
     I2C1.setup({ sda: D21, scl: D22, bitrate: 400000 });
     I2C1.writeTo(0x48, [1, 2], "ab", new Uint8Array([250, 0]), { data: 7, count: 3 });
     print(I2C1.readFrom(0x48, 3), I2C1.readReg(0x48, 9, 2), I2C1.readFrom({ address: 0x48, stop: false }, 1));
     [0x48, 0x49].forEach(function (a) { try { I2C1.writeTo(a, 0xee); } catch (e) { print(e.message); } });
     try { I2C1.readFrom(0x50, 2); } catch (e) { print(e instanceof Error, e.message); }
     var soft = new I2C(); soft.setup({ sda: D21, scl: D22 }); print(soft.readFrom(0x48, 1));`,
    2,
  ],
  "serial: echo in pieces, data before a listener, listeners that go": [
    `Serial3.setup(9600, { tx: D17, rx: D16 });
     var f = function (d) { print("data", JSON.stringify(d), this === Serial3); };
     Serial3.write("\\x00\\xff\\x80hello, this is a longer line of text that comes back in pieces", [1, 2], 65);
     setTimeout(function () { print(Serial3.available()); Serial3.on("data", f); Serial3.print("x"); }, 300);
     setTimeout(function () { Serial3.removeListener("data", f); Serial3.println(12); }, 500);
     setTimeout(function () { print(JSON.stringify(Serial3.read(2)), JSON.stringify(Serial3.read())); }, 900);`,
    3,
  ],
  "pins: modes, levels, watches with edges and debouncing": [
    `pinMode(D4, "output"); D4.set(); digitalWrite(D4, 0); D4.toggle(); digitalWrite([D4, D5], 1); D4.write(false);
     print(D4.getMode(), getPinMode(D5), digitalRead(D4), D5.read(), "" + D4, JSON.stringify(D4), analogRead(D34).toFixed(4), analogRead(D2));
     setWatch(function (e) { print("once", e.state, e.pin, e.time > e.lastTime); }, D13, { edge: "falling" });
     var w = setWatch(function (e) { print("edge", e.state, typeof e.time); }, D13, { repeat: true, debounce: 20 });
     setTimeout(function () { clearWatch(w); }, 4000);
     digitalPulse(D4, 1, [10, 20, 30]); try { pinMode(D4, "nonsense"); } catch (e) { print(e.message); }`,
    8,
    {
      events: Object.fromEntries(
        [1.2, 1.21, 1.4, 2, 5, 6].map((second, index) => [
          second,
          ({ wires }) => wires.pin("D13").line.drive(index % 2 ? 1 : 0),
        ]),
      ),
    },
  ],
  "deep sleep drops the heap, keeps clock and flash": [
    `var F = require("Flash"), n = F.read(1, 0x310000)[0];
     print("wake", ESP32.getWakeupCause(), n, typeof lost); lost = 1;
     F.write(new Uint8Array([n << 1]), 0x310000); if (n == 0xfc) F.erasePage(0x310000);
     if (n != 0xf8) setTimeout(function () { ESP32.deepSleep(2e6); }, 50); else print(getTime());`,
    30,
  ],
  "a sleep that is too long wraps": [`print(ESP32.getWakeupCause()); ESP32.deepSleep(5000e6);`, 800],
  "a pin wakes the chip": [
    `print(ESP32.getWakeupCause()); ESP32.deepSleepExt0(D13, 1);`,
    6,
    {
      events: {
        0.5: ({ wires }) => wires.pin("D13").line.drive(0),
        3: ({ wires }) => wires.pin("D13").line.drive(1),
        3.1: ({ wires }) => wires.pin("D13").line.drive(0),
      },
    },
  ],
  "power fails in the middle of a flash write and comes back": [
    `var F = require("Flash"), at = 0x311000; print(JSON.stringify([].slice.call(F.read(12, at))));
     F.write("0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz", at); F.erasePage(at); F.erasePage(at + 4096);`,
    5,
    {
      events: {
        0.75: ({ device }) => device.powerCut(),
        2: ({ device }) => device.powerOn(),
        4: ({ device }) => device.powerCut(),
      },
    },
  ],
  "Storage: files, JSON, appended files, what the next boot finds": [
    `var S = require("Storage"); print(S.list().join(), JSON.stringify(S.readJSON("settings", 1)), S.getFree());
     S.write("note", "boot " + (S.read("note") || "0").length); S.writeJSON("j", { a: [1, 2.5] }); S.write("o", { b: 1 });
     var f = S.open("log", "a"); f.write("line\\n"); f.write("more\\n"); print(S.open("log", "r").readLine(), f.getLength());
     print(S.read("note"), S.read("j"), S.read("o"), S.read("none"), S.read("note", 2, 3));
     try { S.write("e", ""); } catch (e) { print(e.message); } S.erase("o"); print(S.list().join());
     setTimeout(function () { ESP32.deepSleep(1e6); }, 10);`,
    8,
    { storageFiles: { settings: '{"id":"n1","x":0.5}', mod: "exports.twice = function (x) { return x * 2; };" } },
  ],
  "modules: from Storage, from the run, missing, built in": [
    `print(require("mod").twice(4), require("given").name, typeof require("Flash").read, require("crypto").SHA1 !== undefined);
     try { require("none"); } catch (e) { print(e.message); } try { require("http"); } catch (e) { print(e.message); }`,
    2,
    {
      storageFiles: { mod: "exports.twice = function (x) { return x * 2; };" },
      modules: (name) => (name === "given" ? `exports.name = "given " + require("mod").twice(1);` : undefined),
    },
  ],
  "randomness, the clock, dates": [
    `print(Math.random() < 1, E.hwRand(), Math.randInt(100), E.hwRand() >>> 0); print(new Date().getTime(), Date.now(), getTime(), new Date(2020, 1, 3).getTime(), new Date(86400000).getDate());
     setTimeout(function () { setTime(1700000000.25); print(getTime(), new Date().getFullYear(), new Date() instanceof Date); }, 500);
     setTimeout(function () { print(getTime() - 1700000000 > 0.44); }, 700);`,
    3,
  ],
  "waiting for time to pass gets on": [
    `var t = getTime(); while (getTime() < t + 0.02); print(getTime() - t > 0.02, getTime() - t < 0.021);`,
    3,
  ],
  "the watchdog restarts what spins": [
    `print(ESP32.getWakeupCause(), getTime() < 2); E.enableWatchdog(3, false); if (getTime() < 2) while (require("Flash").read(40000, 0x310000)); else E.kickWatchdog();`,
    8,
  ],
  "light sleep, reboot, reload and reset": [
    `var t = getTime(); print("up", t); setTimeout(function () { print("timer"); }, 100); ESP32.lightSleep(1500); print(Math.round(getTime() - t));
     setTimeout(function () { if (t < 4) load(); else if (t < 6) E.reboot(); else reset(); }, 200);`,
    20,
    { storageFiles: { ".boot1": `print("first", ESP32.getWakeupCause());` } },
  ],
  "SPI and 1-Wire with nothing attached": [
    `SPI1.setup({ sck: D18, miso: D19, mosi: D23 }); print(SPI1.send([1, 2]), SPI1.send(5), SPI1.send("ab")); SPI1.write(1, 2, D5);
     var o = new OneWire(D14); print(o.reset(), o.search().length);`,
    2,
  ],
};

describe.skipIf(!espruino)("a script does the same on both engines", () => {
  test.for(Object.entries(scripts))("%s", ([, [program, seconds, options]]) => {
    const { fast, real } = both(program, seconds, options);
    expect(real.log).toEqual(fast.log);
    expect(Buffer.from(real.device.flash.bytes).equals(Buffer.from(fast.device.flash.bytes))).toBe(true);
  });
});
