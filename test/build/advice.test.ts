/** Contradictions in what a firmware declares: errors and warnings with their numbers and places. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as firebeetle from "../../boards/firebeetle2-esp32-e.ts";
import * as lilygo from "../../boards/lilygo-t-sim7000g.ts";
import { advise } from "../../tools/build/advice.ts";
import { UserError } from "../../tools/errors.ts";
import type { BoardModule } from "../../tools/simulator/scenario.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "advice-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const firmware = (properties: string, { config = "", uart = "board.uart.second", modem = "sim7020" } = {}): string => {
  if (config) writeFileSync(join(folder, "config.ts"), config);
  const entry = join(folder, "node.ts");
  const options = /modem:/.test(properties) ? "" : `modem: ${modem}(${uart}, { powerKey: "D4" }),`;
  writeFileSync(
    entry,
    `import { ${modem} } from "hibernode/modems/${modem}";\nexport default node({ board, ${options} ${properties} });\n`,
  );
  return entry;
};
const warned = (properties: string, board: BoardModule = firebeetle, config = ""): string[] =>
  advise(firmware(properties, { config }), board).map((text) => text.replace(/^\S+:\d+:\d+: /, ""));
const refused = (entry: string, board: BoardModule): UserError => {
  try {
    advise(entry, board);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("says nothing", () => {
  test.each([
    'sample: every("15m"), report: every("6h")',
    'sample: every("15m"), report: every("7d")',
    "sample: every(sample), report: every(report)",
    "",
  ])("of { %s }", (properties) => expect(warned(properties)).toEqual([]));
});

describe("warns of", () => {
  test("a modem that reports to the network more often than the node does", () => {
    expect(warned('report: every("1d"), modem: sim7020(uart, { psm: { tau: "12h" } })').join()).toMatch(
      /^the modem reports to the network by itself every 12h, the node every 1d/,
    );
  });

  test("seven days, which T3412 cannot say, with what is asked instead", () => {
    expect(warned('modem: sim7020(uart, { psm: { tau: "7d" } })')).toEqual([
      "T3412 cannot say 7d (five bits of steps): it is asked as 6d 16h",
    ]);
  });

  test.each([
    ["65s", "T3324 cannot say 1m 5s: it is asked as 1m"],
    ["6m", "listening for 6m after each report costs more than to attach anew"],
  ])("an active time of %s", (active, words) => {
    expect(warned(`modem: sim7020(uart, { psm: { active: "${active}" } })`).join()).toContain(words);
  });

  test("reports without anything new, in the values of config.ts", () => {
    const [warning] = warned(
      "sample: every(sample), report: every(report)",
      firebeetle,
      'export const sample = "2h";\nexport const report = "1h";\n',
    );
    expect(warning).toMatch(/^it reports every 1h and samples every 2h/);
  });

  test("a wake that may outlast the sampling period", () => {
    expect(warned('sample: every("2m")')[0]).toMatch(/^a wake may last 3m and the next sample is due after 2m/);
  });
});

describe("refuses", () => {
  test("a search that the wake's limit cuts off, with file and line", () => {
    const error = refused(firmware('modem: sim7020(uart, { registerLimit: "170s" })'), firebeetle);
    expect(error.message).toBe(
      "a search for the network may take 2m 50s, boot and report 45 s more, and a wake ends after 3m",
    );
    expect(error.where).toMatch(/node\.ts:2:\d+$/);
    expect(error.fix).toContain('awakeLimit: "3m 35s"');
  });

  test("another modem than the board's own, at its UART", () => {
    const error = refused(firmware("", { modem: "sim7020", uart: "board.uart.modem" }), lilygo);
    expect(error.message).toBe("the LilyGO T-SIM7000G carries a SIM7000G, and the firmware drives a SIM7020");
    expect(error.fix).toContain("hibernode/modems/sim7000");
  });

  test("but not a further modem on other pins, nor the board's own", () => {
    expect(advise(firmware("", { uart: "board.uart.second" }), lilygo)).toEqual([]);
    expect(advise(firmware("", { modem: "sim7000", uart: "board.uart.modem" }), lilygo)).toEqual([]);
  });
});
