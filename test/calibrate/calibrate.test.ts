import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Board, BoardFacts } from "../../boards/types.ts";
import { boardFile } from "../../tools/calibrate/board-file.ts";
import { measure, type MeasureOptions } from "../../tools/calibrate/measure.ts";
import type { Console } from "../../tools/console/console.ts";
import { reachConsole } from "../../tools/console/console.ts";
import { tcpLine } from "../../tools/serial/tcp-line.ts";
import { serveEspruino } from "../console/espruino-server.ts";
import { useVirtualTime } from "../flash/virtual-time.ts";
import { espruino } from "../interpreter/bench.ts";

interface Chip {
  readonly driftPpm: number;
  readonly bootMs: number;
  readonly level: number;
  /** Milliseconds from a question to its answer. */
  readonly latencyMs: number;
  readonly wakes: boolean;
}

/** A console of a chip with these properties, in virtual time. */
function chip({ driftPpm, bootMs, level, latencyMs, wakes }: Chip): Console {
  let awakeAt = 0;
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const console: Console = {
    version: "2v29",
    board: "ESP32",
    onText: () => undefined,
    writeFile: async () => undefined,
    async type(line) {
      const sleepMs = Number(/deepSleep\((\d+)\)/.exec(line)![1]) / 1000;
      awakeAt = wakes ? Date.now() + sleepMs + bootMs : Infinity;
      setTimeout(() => console.onText("bye\r\n"), 5);
      if (wakes) setTimeout(() => console.onText("rst:0x5 (DEEPSLEEP_RESET)\r\n"), sleepMs);
    },
    async evaluate(expression, timeoutMs = 5000) {
      if (Date.now() < awakeAt) {
        await wait(timeoutMs);
        throw new Error("the board stopped answering");
      }
      await wait(latencyMs);
      const seconds = (Date.now() - latencyMs / 2) / 1000;
      if (expression === "getTime()") return String(seconds * (1 + driftPpm / 1e6));
      return expression.includes("analogRead") ? String(level) : "0.25";
    },
  };
  return console;
}
const usual: Chip = { driftPpm: 0, bootMs: 600, level: 0.55, latencyMs: 4, wakes: true };
const options = (): MeasureOptions => ({
  sleepSeconds: 120,
  battery: { volts: 3.96, pin: "D34" },
  now: () => Date.now(),
});

describe("measuring a board", () => {
  useVirtualTime();

  test.each([0, 250, -12_000])("a clock that is %d ppm fast, within the error that is said", async (driftPpm) => {
    const found = await measure(chip({ ...usual, driftPpm }), options());
    expect(found.driftErrorPpm).toBeLessThan(200);
    expect(Math.abs(found.driftPpm - driftPpm)).toBeLessThanOrEqual(found.driftErrorPpm);
  });

  test("speed, boot time and divider", async () => {
    const found = await measure(chip(usual), options());
    expect(found.loopMicroseconds).toBeCloseTo(50);
    expect(found.batteryRatio).toBeCloseTo(2);
    // it is asked sixteen times a second
    expect(found.bootMs).toBeGreaterThanOrEqual(600);
    expect(found.bootMs).toBeLessThan(680);
  });

  test("an open divider is said", async () => {
    await expect(measure(chip({ ...usual, level: 0 }), options())).rejects.toThrow(/reads 0.0 % of its full scale/);
  });

  test("a board that does not come back is said", async () => {
    await expect(measure(chip({ ...usual, wakes: false }), options())).rejects.toThrow(
      /did not answer after its sleep/,
    );
  });
});

test.skipIf(!espruino)("the questions are ones that a real Espruino answers", async () => {
  const server = await serveEspruino();
  const line = tcpLine(server.url);
  const board = await reachConsole(line, { waitMs: 20_000, reset: false });
  const loop = await board.evaluate("(t=>{for(var i=0;i<5000;i++);return getTime()-t})(getTime())", 60_000);
  expect(Number(loop)).toBeGreaterThan(0);
  await line.close();
  server.close();
});

test("the board file has the figures, and everything else of the board", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "calibrate-"));
  const measured = { loopMicroseconds: 51.2, bootMs: 640, driftPpm: 120, driftErrorPpm: 33, batteryRatio: 2.031 };
  const file = path.join(folder, "my-board.ts");
  fs.writeFileSync(file, boardFile({ board: "firebeetle2-esp32-e", measured, date: "2026-03-01", espruino: "2v29" }));
  const mine = (await import(file)) as { default: Board; facts: () => BoardFacts };
  const base = await import("../../boards/firebeetle2-esp32-e.ts");
  expect(mine.default).toEqual({ ...base.default, battery: { ...base.default.battery, ratio: 2.031 } });
  expect(mine.facts().power.bootMs).toMatchObject({ value: 640, confidence: "measured" });
  expect(mine.facts().power.sleepFloorMicroamps).toEqual(base.facts().power.sleepFloorMicroamps);
  expect(mine.facts().notes.join()).toMatch(/51\.2 µs.*120 ppm fast, ± 33 ppm/);
  fs.rmSync(folder, { recursive: true });
});
