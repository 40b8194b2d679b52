import { afterEach, expect, test, vi } from "vitest";
import { Clock } from "../../tools/simulator/clock.ts";
import { virtualTimers } from "./scripted-modem.ts";

afterEach(() => vi.unstubAllGlobals());

/** Loads the factory among stand-ins for Espruino's globals, brings a dead modem up, and tells what the pins saw. */
async function bringUp(options: object): Promise<string[]> {
  const clock = new Clock();
  const timers = virtualTimers(clock);
  const seen: string[] = [];
  const note = (what: string, ...args: unknown[]) =>
    seen.push([what, ...args.map((arg) => JSON.stringify(arg))].join(" "));
  vi.stubGlobal("getTime", () => clock.now);
  vi.stubGlobal("setTimeout", (run: () => void, ms: number) => timers.after(ms, run));
  vi.stubGlobal("clearTimeout", (id: number) => timers.cancel(id));
  vi.stubGlobal("digitalWrite", (pin: string, level: number) => note("write", pin, level));
  vi.stubGlobal("pinMode", (pin: string, mode: string) => note("mode", pin, mode));
  const port = { setup: (...args: unknown[]) => note("setup", ...args), write() {}, on() {}, removeAllListeners() {} };
  vi.stubGlobal("Serial3", port);
  vi.resetModules();
  const { sim7020 } = await import("../../lib/modems/sim7020.ts");
  sim7020({ port: "Serial3", tx: "D17", rx: "D16" }, options)({}).up(() => note("ended"));
  clock.runUntil(20e6);
  return seen;
}

test("the factory sets up the board's UART and presses the key through a transistor", async () => {
  expect(await bringUp({ powerKey: "D4" })).toEqual([
    'setup 57600 {"tx":"D17","rx":"D16"}',
    'write "D4" 1',
    'mode "D4" "input"',
    "ended",
  ]);
});

test("a key wired to the pin itself is pulled low; a modem without a key is only probed", async () => {
  expect(await bringUp({ powerKey: "D4", keyPressed: 0, baud: 115200 })).toEqual([
    'setup 115200 {"tx":"D17","rx":"D16"}',
    'write "D4" 0',
    'mode "D4" "input"',
    "ended",
  ]);
  expect(await bringUp({})).toEqual(['setup 57600 {"tx":"D17","rx":"D16"}', "ended"]);
});
