/** `hibernode command`: what reaches the broker, and what is refused before it does. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Aedes } from "aedes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEncrypt0, openMac0 } from "../../lib/seal/cose.ts";
import { readAnswer } from "../../tools/receive/answer.ts";
import { commandMessage } from "../../tools/receive/command.ts";
import { nodeCrypto } from "../seal/node-crypto.ts";

const cli = fileURLToPath(new URL("../../dist/tools/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hibernode-command-"));
const retained = new Map<string, Buffer>();
let url = "";
let stop = (): void => undefined;

beforeAll(async () => {
  const broker = await Aedes.createBroker();
  broker.on("publish", ({ topic, payload, retain }) => retain && retained.set(topic, payload as Buffer));
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => void server.close(() => broker.close());
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ a: { 1: "11".repeat(16), 2: "22".repeat(16) } }));
  writeFileSync(join(folder, "new.json"), '{ "apn": "iot", "port": 1884 }');
});
afterAll(() => {
  stop();
  rmSync(folder, { recursive: true });
});

const hibernode = (...words: string[]): Promise<{ status: number; out: string; error: string }> =>
  new Promise((resolve) =>
    execFile(
      process.execPath,
      [cli, "command", url, "--topic", "t/{id}/command", "--device", "a", ...words],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1", CI: "" } },
      (failure, out, error) => resolve({ status: failure ? Number(failure.code) : 0, out, error }),
    ),
  );
const key = (byte: number): string => String.fromCharCode(byte).repeat(16);
const arrived = (): string => retained.get("t/a/command")!.toString("latin1");

describe("a command", () => {
  test("in the clear, with a warning", async () => {
    const { status, out, error } = await hibernode("--sample", "10m", "--report", "2h", "--now");
    expect([status, out + error]).toEqual([0, expect.stringContaining("not sealed")]);
    expect(JSON.parse(arrived())).toEqual({
      n: expect.any(Number) as unknown,
      set: { sample: 600, report: 7200 },
      now: 1,
    });
  });

  test("sealed with the newest key, or with the one before the new one", async () => {
    expect((await hibernode("--stay", "10m", "--keys", "keys.json")).status).toBe(0);
    expect(JSON.parse(openEncrypt0(nodeCrypto, key(0x22), 2, arrived()))).toMatchObject({ stay: 600 });
    const { out } = await hibernode("--change-key", "2", "--settings", "new.json", "--keys", "keys.json");
    expect(out).not.toContain("2222");
    expect(JSON.parse(openEncrypt0(nodeCrypto, key(0x11), 1, arrived()))).toMatchObject({
      set: { apn: "iot", port: 1884, key: "22".repeat(16), keyId: 2 },
    });
    await hibernode("--now", "--authenticated", "--keys", "keys.json", "--key", "1");
    expect(JSON.parse(openMac0(nodeCrypto, key(0x11), 1, arrived()))).toMatchObject({ now: 1 });
  });

  test.each([
    ["that says nothing", [], /says nothing/],
    ["with a key that others could read", ["--change-key", "2", "--keys", "keys.json", "--authenticated"], /encrypted commands only/],
    ["with a key that is not there", ["--now", "--keys", "keys.json", "--key", "3"], /no key 3/],
    ["with a period without a unit", ["--sample", "600"], /no unit/],
  ])("%s is refused", async (_, words, message) => {
    const { status, error } = await hibernode(...words);
    expect([status, error]).toEqual([1, expect.stringMatching(message)]);
  }); // prettier-ignore

  test("rises in number, and fits a node's packet", () => {
    expect(() => commandMessage({ set: { password: "x".repeat(900) } }, 1)).toThrow(/a node takes 800/);
  });
});

describe("an answer", () => {
  test.each([
    ["8300" + "1b0000018bcfe5687b" + "00", /^command 1700000000123: done/],
    ["83000002", /^a command: forged/],
    ["8300070c", /^command 7: code 12, unknown/],
  ])("%s is read", (hex, words) => {
    expect(readAnswer(Buffer.from(hex, "hex"))!.text).toMatch(words);
  });

  test("that is damaged is refused, and anything else is none", () => {
    expect(readAnswer(Buffer.from("8701", "hex"))).toBeUndefined();
    for (const hex of ["8300", "830007", "8300f6f6", "83000707ff", "83001bffffffffffffffff00"])
      expect(() => readAnswer(Buffer.from(hex, "hex"))).toThrow(/not an answer/);
  });
});
