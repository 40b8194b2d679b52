/** Contradictions in what a firmware declares: errors and warnings with their numbers and places. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as firebeetle from "../../boards/firebeetle2-esp32-e.ts";
import * as lilygo from "../../boards/lilygo-t-sim7000g.ts";
import { advise } from "../../tools/build/advice.ts";
import { buildFirmware } from "../../tools/build/build.ts";
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

/** As `firmware`, with what the session's function comes from. */
const withSession = (
  properties: string,
  { modem = "sim7020", part = modem, session = "mqtt-with" }: { modem?: string; part?: string; session?: string } = {},
): string => {
  const entry = join(folder, "node.ts");
  const name = session.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  writeFileSync(
    entry,
    `import { ${modem} } from "hibernode/modems/${part}";\nimport { ${name} } from "hibernode/uplink/${session}";\nexport default node({ board, ${properties} });\n`,
  );
  return entry;
};
const adviceOn = (properties: string, imports = {}): string =>
  advise(withSession(properties, imports), firebeetle)
    .map((text) => text.replace(/^\S+:\d+:\d+: /, ""))
    .join("\n");

describe("weighs the session against modem and network:", () => {
  test.each([
    [60, "1d", ""],
    [15, "1d", "the broker gives the node up after 22.5s of silence, and over NB-IoT an answer may take 30 s; take 20"],
    [1200, "1d", "a keep-alive of 20m is above the 5m after which address translation forgets a silent connection"],
    [7200, "1h", "a keep-alive of 2h reaches past the next report (1h), into the modem's PSM"],
  ])("a keep-alive of %i s with a report every %s", (seconds, report, words) => {
    const said = adviceOn(
      `report: every("${report}"), modem: sim7020(uart), uplink: { session: mqttWith({ keepAliveSeconds: ${seconds} }) }`,
    );
    if (words) expect(said).toContain(words);
    else expect(said).toBe("");
  });

  test("a gateway's session that ends before the next report", () => {
    const session = { session: "mqtt-sn" };
    const node = (sleep: string): string =>
      `report: every("6h"), modem: sim7020(uart), uplink: { session: mqttSn({ qos: 1, sleepSeconds: ${sleep} }) }`;
    expect(adviceOn(node("10_800"), session)).toMatch(
      /keeps the session for 3h and the node reports every 6h.*take 32400/,
    );
    expect(adviceOn(node("32_400"), session)).toBe("");
  });

  test("a report longer than the modem's message", () => {
    const session = { session: "modem-mqtt", modem: "sim7020Mqtt", part: "sim7020-mqtt" };
    const node = (sensors: string): string =>
      `sensors: { ${sensors} }, sample: every("15m"), report: every("1d"), modem: sim7020Mqtt(uart), uplink: { session: modemMqtt }`;
    expect(adviceOn(node("a: a(), b: b(), c: c(), d: d(), e: e()"), session)).toMatch(
      /^a report of 96 readings from 5 sensors has about 576 bytes or more, and one message takes 500: it leaves as 2 messages/,
    );
    expect(adviceOn(node("a: a(), b: b()"), session)).toBe("");
  });

  test.each([
    [
      "sim7020WithEdrx",
      "sim7020",
      "6h",
      /about 9\.5 J between two reports \(6h\).*anew 1\.6 J: it pays off below some 1h/,
    ],
    ["bg96WithEdrx", "bg96", "1h", /about 11\.1 J between two reports \(1h\).*anew 0\.6 J: it pays off below some 3m/],
    ["sim7020WithEdrx", "sim7020", "30m", /^$/],
  ])("%s with a report every %s %s", (modem, part, report, words) => {
    expect(adviceOn(`report: every("${report}"), modem: ${modem}(uart, "656s")`, { modem, part })).toMatch(words);
  });

  test("a session over the modem's own MQTT, and a modem without it", () => {
    const own = (modem: string): UserError =>
      refused(
        withSession(`modem: ${modem}(uart), uplink: { session: modemMqtt }`, { modem, session: "modem-mqtt" }),
        firebeetle,
      );
    expect(own("sim7020").message).toContain("sim7020(...) has none: no report would leave");
    expect(own("sim7020").where).toMatch(/node\.ts:3:\d+$/);
    expect(own("sim7020").fix).toContain('import { sim7020Mqtt } from "hibernode/modems/sim7020-mqtt"');
    expect(own("bc66").fix).toContain('import { bc66Mqtt } from "hibernode/modems/bc66-mqtt"');
    expect(own("bg96").fix).toMatch(/^leave the session out/);
  });
});

describe("refuses", () => {
  test("updates in a session that never brings a piece of them", () => {
    const entry = join(folder, "node.ts");
    writeFileSync(
      entry,
      'import { mqttSn } from "hibernode/uplink/mqtt-sn";\nimport { updates } from "hibernode/update/updates";\n' +
        'export default node({ board, uplink: { session: mqttSn({ qos: 1 }) }, use: updates("u") });\n',
    );
    const error = refused(entry, firebeetle);
    expect(error.message).toContain("the session is mqttSn");
    expect(error.where).toMatch(/node\.ts:3:\d+$/);
  });

  test("commands in a session that receives nothing", () => {
    const entry = join(folder, "node.ts");
    const session = (name: string, file: string): string =>
      `import { ${name} } from "hibernode/uplink/${file}";\nimport { commands } from "hibernode/uplink/commands";\n` +
      `import { bc66Mqtt } from "hibernode/modems/bc66-mqtt";\n` +
      `export default node({ board, modem: bc66Mqtt(uart), uplink: { session: ${name} }, use: commands("c/{id}") });\n`;
    writeFileSync(entry, session("modemMqtt", "modem-mqtt"));
    const error = refused(entry, firebeetle);
    expect(error.message).toContain("the session is modemMqtt: the modem keeps them");
    expect(error.where).toMatch(/node\.ts:4:\d+$/);
    writeFileSync(entry, session("mqttWith", "mqtt-with"));
    expect(advise(entry, firebeetle)).toEqual([]);
  });

  test("a session over UDP through a modem's TLS", () => {
    const entry = withSession("modem: bg96Tls(uart), uplink: { session: mqttSn({ qos: 1 }) }", {
      ...{ modem: "bg96Tls", part: "bg96-tls", session: "mqtt-sn" },
    });
    expect(refused(entry, firebeetle).message).toContain("secures TCP, and the session is mqttSn, over UDP");
    expect(refused(entry, firebeetle).fix).toContain("take bg96(...)");
  });

  test.each([
    [
      "sim7020-tls",
      "sim7020Tls",
      "there is no TLS for sim7020",
      '"hibernode/modems/bg96-tls", "hibernode/modems/sim7080-tls"; or sealed',
    ],
    [
      "bg96-mqtt",
      "bg96Mqtt",
      "there is no MQTT client of its own for bg96",
      '"hibernode/modems/bc66-mqtt", "hibernode/modems/bc660k-mqtt", "hibernode/modems/bg95-mqtt"',
    ],
  ])("%s, which there is not", async (part, modem, message, fix) => {
    const entry = firmware("", { modem });
    writeFileSync(entry, readFileSync(entry, "utf8").replace(`modems/${modem}`, `modems/${part}`));
    const error = (await buildFirmware({ entry }).catch((error: unknown) => error)) as UserError;
    expect(error.message).toBe(message);
    expect(error.where).toMatch(/node\.ts:1:\d+$/);
    expect(error.fix).toContain(fix);
  });

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
