/** What parts do while the chip rests: gather a window in their FIFO, wake it by a motion, measure side by side. */
import { expect, test } from "vitest";
import { bundle } from "../../tools/bench/sensors/code.ts";
import { figures, ideal, plug } from "../../tools/bench/sensors/bench.ts";
import { trials } from "../../tools/bench/sensors/trials.ts";
import { Device } from "../../tools/simulator/device.ts";
import type { CatalogueWiring } from "../../tools/simulator/parts/catalogue.ts";

const G = 9.80665;
const BUS = '{ bus: "I2C1", sda: "D21", scl: "D22" }';
const wires = { sda: "D21", scl: "D22", place: "here" } as const;
const accelerometers = ["lis3dh", "lis2dh12", "adxl345"] as const;
const capital = (name: string): string => name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase());

/** A device with one part; its program has `lib`, a list of these expressions. */
async function live(
  wiring: CatalogueWiring,
  imports: Readonly<Record<string, string>>,
  made: readonly string[],
  program: string,
) {
  const lines = Object.entries(imports).map(([name, file]) => `import { ${name} } from "./${file}.ts";`);
  const code = await bundle(`${lines.join("\n")}\n(global as any).lib = [${made.join(", ")}];`);
  const trial = { ...(trials.find(({ sensor }) => sensor === wiring.part) ?? trials[0]!), wiring };
  const plugged = plug(trial);
  const transfers: number[] = [];
  let printed = "";
  const device = new Device({
    clock: plugged.clock,
    wires: plugged.wires,
    figures,
    chip: "esp32",
    random: ideal,
    meter: { set: () => {}, pulse: () => {} },
    bundle: `${code}\n${program}`,
    console: (text) => void (printed += text),
    observe: ({ atUs, bus }) => void (bus === "I2C1" && transfers.push(atUs / 1e6)),
  });
  device.powerOn();
  const until = (seconds: number): void => plugged.clock.runUntil(seconds * 1e6);
  return {
    ...plugged,
    device,
    transfers,
    until,
    state: () => plugged.state,
    microamps: () => plugged.microamps,
    lines: () => printed.split("\n"),
  };
}

test.each(accelerometers)("%s gathers 32 samples while the chip does nothing, and powers down", async (part) => {
  const file = part === "lis2dh12" ? "lis2dh12" : `${part}-window`;
  const name = part === "lis2dh12" ? "lis2dh12Window" : capital(`${part}-window`);
  const bench = await live(
    { part, ...wires, ...(part === "adxl345" ? {} : { address: 0x18 }) },
    { [name]: file },
    [`(() => { const it = ${name}(${BUS}); return (asks: number) => (asks ? it.read() : it.start()); })()`],
    `function show(){var r=lib[0](1);if(typeof r=="number"&&r<0)return setTimeout(show,-r);
print("@"+JSON.stringify(typeof r=="number"?r:"window"));}
var ms=lib[0](0);print("#"+ms);setTimeout(show,ms);`,
  );
  bench.turn({ accelerationX: 0.25 * G, accelerationY: -0.5 * G, accelerationZ: 0.75 * G });
  bench.until(3);
  expect(bench.lines().join(" / ")).toContain('@"window"');
  const started = Number(
    bench
      .lines()
      .find((line) => line.startsWith("#"))!
      .slice(1),
  );
  // one rest on the bus as long as the window
  const rests = bench.transfers.map((at, i) => at - (bench.transfers[i - 1] ?? at));
  expect(Math.max(...rests)).toBeGreaterThan((started / 1000) * 0.9);
  expect(bench.microamps()).toBeLessThanOrEqual(0.5);
});

test.each(accelerometers)("%s wakes the chip by its pin when it is moved, and not before", async (part) => {
  const file = part === "lis2dh12" ? "lis2dh12" : `${part}-motion`;
  const name = part === "lis2dh12" ? "lis2dh12Motion" : capital(`${part}-motion`);
  const bench = await live(
    { part, ...wires, int1: "D27", ...(part === "adxl345" ? {} : { address: 0x18 }) },
    { [name]: file },
    [`(() => { const it = ${name}(${BUS}); return (asks: number) => (asks ? it.moved() : it.arm()); })()`],
    `if(ESP32.getWakeupCause()==2){print("@moved "+lib[0](1));}
else {print("@armed "+lib[0](0));ESP32.deepSleepExt0(D27,1);}`,
  );
  const still = { accelerationX: 0, accelerationY: 0, accelerationZ: G };
  bench.turn(still);
  bench.until(600);
  expect(bench.lines().filter((line) => line.startsWith("@"))).toEqual(["@armed 0"]);
  expect(bench.device.state).toBe("asleep");
  expect(bench.microamps()).toBeLessThan(70);
  bench.turn({ ...still, accelerationX: 0.8 * G });
  bench.until(603);
  expect(bench.lines().filter((line) => line.startsWith("@"))).toEqual(["@armed 0", "@moved 1"]);
});

test.each([
  ["ds3231", 90, 91],
  ["pcf8563", 100, 101],
] as const)("%s keeps the time and wakes the chip by its pin when its alarm comes", async (part, from, to) => {
  const bench = await live(
    { part, ...wires, int: "D27" } as CatalogueWiring,
    { [part]: part },
    [
      `(() => { const it = ${part}(${BUS});
        return (asks: number, at: number) => [() => it.set(at), () => it.wakeAt(at), () => it.time(), () => it.clear()][asks]!(); })()`,
    ],
    `var begins=1774700000;
if(ESP32.getWakeupCause()==2){print("@woke "+(lib[0](2)-begins)+" "+lib[0](3)+" "+digitalRead(D27));}
else {print("@set "+lib[0](0,begins)+" "+lib[0](1,begins+90));ESP32.deepSleepExt0(D27,0);}`,
  );
  bench.until(60);
  expect(bench.device.state).toBe("asleep");
  bench.until(200);
  const [set, woke] = bench.lines();
  expect(set).toBe("@set 0 0");
  const [, after, cleared, level] = /^@woke (\d+) (\d) (\d)$/.exec(woke!)!;
  expect(Number(after)).toBeGreaterThanOrEqual(from);
  expect(Number(after)).toBeLessThanOrEqual(to + 1);
  expect([cleared, level]).toEqual(["0", "1"]);
});

test("the waits of several parts overlap: all are done when the slowest is", async () => {
  const bench = await live(
    { part: "ds18b20", pin: "D4", place: "here" },
    { ds18b20: "ds18b20", contactInput: "contact-input", pulseCounter: "pulse-counter", measureAll: "measure" },
    ["measureAll", 'ds18b20("D4")', 'contactInput({ pin: "D5" })', 'pulseCounter({ pin: "D13", windowMs: 700 })'],
    `var at=getTime();
lib[0]([lib[1],lib[2],lib[3]],function(ms,f){setTimeout(f,ms)},function(r){print("@"+r.length+" "+Math.round((getTime()-at)*1000))});`,
  );
  bench.until(3);
  const [, count, ms] = /^@(\d) (\d+)$/.exec(bench.lines()[0]!)!;
  expect(Number(count)).toBe(3);
  expect(Number(ms)).toBeLessThan(790);
});
