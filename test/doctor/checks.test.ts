import net from "node:net";
import { describe, expect, test } from "vitest";
import fireBeetle from "../../boards/firebeetle2-esp32-e.ts";
import lilygo from "../../boards/lilygo-t-sim7080g-s3.ts";
import type { Console } from "../../tools/console/console.ts";
import { reachConsole } from "../../tools/console/console.ts";
import { diagnose, type BoardFacts, type Facts, type ModemFacts } from "../../tools/doctor/checks.ts";
import { lookAtBoard, lookAtBroker, lookAtModem, lookAtPorts } from "../../tools/doctor/look.ts";
import { tcpLine } from "../../tools/serial/tcp-line.ts";
import { serveEspruino } from "../console/espruino-server.ts";
import { useVirtualTime } from "../flash/virtual-time.ts";
import { espruino } from "../interpreter/bench.ts";

const board: BoardFacts = {
  version: "2v29",
  board: "ESP32",
  modules: ["Flash", "Storage", "crypto"],
  storage: { freeBytes: 800_000, trashBytes: 1000 },
  secondsSinceStart: 12,
  clockRuns: true,
  settings: ["id", "broker", "password"],
};
const modem: ModemFacts = {
  name: "SIM7020E",
  wasOff: false,
  sim: "READY",
  registration: 1,
  psm: ["00000110", "00100001"],
};
const port = { path: "/dev/ttyUSB0", known: "CP210x", usb: { vendorId: 0x10c4, productId: 0xea60 }, allowed: true };
const healthy: Facts = {
  nodeVersion: "v20.20.2",
  ports: [port],
  board,
  modem,
  broker: { address: "mqtt.example:1883" },
  bundle: { bytes: 15_000, budgetBytes: 16_384 },
};

test("a healthy setup: every line good, none with a remedy", () => {
  const findings = diagnose(healthy);
  expect(findings.map(({ line }) => line)).toEqual([
    "node", "port", "permission", "espruino", "modules", "storage", "clock", "settings", "modem", "sim", "network", "psm", "broker", "bundle",
  ]); // prettier-ignore
  expect(findings.filter(({ state, remedy }) => state !== "good" || remedy)).toEqual([]);
});

const withBoard = (change: Partial<BoardFacts>): Partial<Facts> => ({ board: { ...board, ...change } });
const withModem = (change: Partial<ModemFacts>): Partial<Facts> => ({ modem: { ...modem, ...change } });
test.each<[string, Partial<Facts>, "mind" | "bad", RegExp, RegExp]>([
  ["node", { nodeVersion: "v20.11.0" }, "bad", /too old/, /install Node 20.12/],
  ["node", { nodeVersion: "v18.20.0" }, "bad", /too old/, /install/],
  ["port", { ports: [] }, "mind", /no serial port/, /cable that carries data/],
  ["port", { ports: [{ path: "/dev/ttyUSB0", allowed: true }] }, "mind", /no USB device/, /another device/],
  [
    "permission",
    { ports: [{ ...port, allowed: false }] },
    "bad",
    /may not be opened/,
    /usermod -aG dialout.*\/dev\/ttyUSB0/,
  ],
  ["espruino", { board: { silent: "no Espruino answered" } }, "bad", /no Espruino/, /hibernode flash/],
  ["espruino", withBoard({ version: "2v14" }), "mind", /2v14/, /checked with 2v29/],
  ["modules", withBoard({ modules: ["Storage"] }), "bad", /lacks Flash/, /release/],
  [
    "modules",
    withBoard({ settings: ["id", "broker", "key"], modules: ["Flash", "Storage"] }),
    "bad",
    /lacks crypto/,
    /release/,
  ],
  ["storage", withBoard({ storage: { freeBytes: 500, trashBytes: 1000 } }), "mind", /500 bytes free/, /--erase/],
  ["clock", withBoard({ clockRuns: false }), "bad", /stands still/, /RESET/],
  ["settings", withBoard({ settings: undefined }), "bad", /none/, /provision/],
  ["settings", withBoard({ settings: ["id"] }), "bad", /broker missing/, /provision/],
  ["modem", withModem({ name: undefined }), "bad", /does not answer AT$/, /crossed/],
  ["modem", withModem({ name: undefined, wasOff: true }), "bad", /after its power key was pressed/, /supply/],
  ["sim", withModem({ sim: "SIM PIN" }), "bad", /SIM PIN/, /switch its PIN off/],
  ["sim", withModem({ sim: undefined }), "bad", /none/, /clicks/],
  ["network", withModem({ registration: 2 }), "mind", /not registered yet/, /antenna/],
  ["network", withModem({ registration: 3 }), "bad", /denied/, /contract/],
  ["psm", withModem({ psm: undefined }), "mind", /not granted/, /operator/],
  ["broker", { broker: { address: "x:1", problem: "ECONNREFUSED" } }, "bad", /ECONNREFUSED/, /firewall/],
  ["bundle", { bundle: { bytes: 16_300, budgetBytes: 16_384 } }, "mind", /99 %/, /modules by size/],
  ["bundle", { bundle: { problem: "does not build" } }, "bad", /does not build/, /hibernode build/],
])("%s: %j is said, with a remedy", (line, change, state, text, remedy) => {
  const found = diagnose({ ...healthy, ...change }).find((finding) => finding.line === line)!;
  expect(found.state).toBe(state);
  expect(found.text).toMatch(text);
  expect(found.remedy).toMatch(remedy);
});

test("a modem that does not answer is not asked for its SIM", () => {
  const lines = diagnose({ ...healthy, modem: { ...modem, name: undefined } }).map(({ line }) => line);
  expect(lines).not.toContain("sim");
});

describe("looking", () => {
  test("at ports says which may be opened", async () => {
    const ports = await lookAtPorts(async () => [{ path: "/dev/null" }, { path: "/nowhere/ttyUSB0" }]);
    expect(ports.map(({ allowed }) => allowed)).toEqual([true, false]);
  });

  test("at a broker says why it cannot be reached", async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    expect(await lookAtBroker("127.0.0.1", port)).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
    expect(await lookAtBroker("127.0.0.1", port)).toBe("ECONNREFUSED");
  });

  test.skipIf(!espruino)(
    "at a real Espruino: its build, Storage, clock and settings, without their values",
    async () => {
      const server = await serveEspruino();
      const line = tcpLine(server.url);
      const console = await reachConsole(line, { waitMs: 20_000, reset: false });
      await console.evaluate('require("Storage").writeJSON("settings",{id:"a",broker:"b",password:"hush"})');
      const facts = await lookAtBoard(console);
      expect(facts).toMatchObject({
        clockRuns: true,
        settings: ["id", "broker", "password"],
        storage: { trashBytes: 0 },
      });
      expect(facts.modules).toContain("Storage");
      expect(JSON.stringify(facts)).not.toContain("hush");
      await line.close();
      server.close();
    },
  );
});

describe("asking the modem through the board", () => {
  useVirtualTime();
  /** A console whose modem answers from a table. */
  function consoleWith(answers: Readonly<Record<string, string>>): Console {
    let received = "";
    return {
      version: "2v29",
      board: "ESP32",
      onText: () => undefined,
      writeFile: async () => undefined,
      async type(line) {
        const command = /print\("(.*)\\r"\)/.exec(line)?.[1];
        if (command !== undefined) received = answers[command] ?? (answers["AT"] ? "\r\nERROR\r\n" : "");
      },
      evaluate: async () => JSON.stringify(JSON.stringify(received)),
    };
  }
  const answers = {
    AT: "\r\nOK\r\n",
    "AT+CGMM": "\r\nSIM7020E\r\n\r\nOK\r\n",
    "AT+CPIN?": "\r\n+CPIN: READY\r\n\r\nOK\r\n",
    "AT+CEREG=4": "\r\nOK\r\n",
    "AT+CEREG?": '\r\n+CEREG: 4,1,"1A2B","01234567",9,,,"00100001","00000110"\r\n\r\nOK\r\n',
  };

  test("its name, SIM, registration and granted times", async () => {
    expect(await lookAtModem(consoleWith(answers), lilygo)).toEqual(modem);
  });

  test("searching, without PSM, without a SIM", async () => {
    const other = { ...answers, "AT+CPIN?": "\r\n+CME ERROR: 10\r\n", "AT+CEREG?": "\r\n+CEREG: 4,2\r\n\r\nOK\r\n" };
    expect(await lookAtModem(consoleWith(other), lilygo)).toMatchObject({
      sim: undefined,
      registration: 2,
      psm: undefined,
    });
  });

  test("nothing", async () => {
    expect(await lookAtModem(consoleWith({}), lilygo)).toMatchObject({ name: undefined });
  });

  test("a board without one is not asked", async () => {
    expect(await lookAtModem(consoleWith(answers), { ...fireBeetle, uart: {} })).toBeUndefined();
  });
});
