/**
 * No nonce comes twice on the interpreter that ESPRUINO names: its own flash, crypto and starts, one process per start. The power
 * fails in every operation of the flash, states are wiped, keys change; a receiver opens whatever was sealed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bundle } from "../../tools/bench/sensors/code.ts";
import { openMessage, type SeenIvs } from "../../tools/receive/keys.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";
import { ESPRUINO } from "../build/interpreters.ts";

if (!ESPRUINO) console.log("nonces are not counted on the interpreter: set ESPRUINO");

const hexKeys = ["849b57219dae48de646d07dbb533566e", "00112233445566778899aabbccddeeff"] as const;
const keys = new Map([["a", new Map(hexKeys.map((hex, i) => [i + 1, new Uint8Array(Buffer.from(hex, "hex"))]))]]);

interface Start {
  readonly key: 1 | 2;
  readonly messages: number;
  /** Both pages of the state are erased first: a factory reset. */
  readonly wiped: boolean;
  /** Operation of the flash in which the power fails, from 1; 0 = none. So many bytes of it are done; `torn`: some bits of the rest. */
  readonly cut: number;
  readonly done: number;
  readonly torn: boolean;
  /** What the chip's noise gives. */
  readonly noise: readonly number[];
}

/** What runs at each start, after `StartPlan`. */
const device = `
import { openState } from "../journal/state.ts";
import { openCrypto, openFlash, random32 } from "../platform/espruino.ts";
import { seal } from "../seal/encrypted.ts";
const BASE = 0x310000;
const plan = (global as any).StartPlan;
const chip = openFlash();
const wiped = plan["wiped"];
if (wiped) { chip.erasePage(BASE); chip.erasePage(BASE + 4096); }
let operation = 0;
const cut = (bytes: any, address: number) => {
  const old = chip.read(bytes.length, address);
  for (let i = 0; i < bytes.length; i++) {
    const some = plan["torn"] ? (i * 97 + plan["noise"][0]) & 255 : 255;
    bytes[i] = old[i] & (i < plan["done"] ? bytes[i] : bytes[i] | some);
  }
  chip.write(bytes, address);
  throw "CUT";
};
const flash = Object.assign({}, chip, {
  write(data: any, address: number) {
    if (++operation === plan["cut"]) cut(E.toUint8Array(data), address);
    else chip.write(data, address);
  },
  erasePage(address: number) {
    const before = chip.read(4096, address);
    chip.erasePage(address);
    if (++operation !== plan["cut"]) return;
    if (plan["done"] < 4096) chip.write(new Uint8Array(before.map((byte: number, i: number) => i < plan["done"] ? 255 : byte)), address);
    throw "CUT";
  },
});
const hex = (text: string) => text.split("").map((c) => (c.charCodeAt(0) + 256).toString(16).slice(1)).join("");
const outbox = { next: () => "\\x86ab", confirmed() {} };
try {
  const store = openState<number[][]>(flash, BASE, 512, true);
  const kept = store.load() || [];
  const sealed = seal(openCrypto()!, random32)(outbox, { key: plan["key"], keyId: plan["keyId"] }, kept, () => store.save(kept))!;
  for (let i = plan["messages"]; i--; ) print("M" + hex(sealed.next()));
  print("END" + operation);
} catch (e) {
  print(e);
}
quit();
declare const E: any, global: any, print: any, quit: any;`;

let folder: string;
let code: string;
beforeAll(async () => {
  if (ESPRUINO) code = await bundle(device);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hibernode-nonces-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Messages that left, and how the start ended. */
async function start(plan: Start): Promise<{ messages: Uint8Array[]; ended: string }> {
  const { key, ...rest } = plan;
  const settings = JSON.stringify({ ...rest, key: hexKeys[key - 1], keyId: key });
  // the interpreter for Linux has no such register: to read it would be its end
  const noise = "global.peek32=function(at){if(at!==0x3ff75144)throw at;return StartPlan.noise.shift()};";
  writeFileSync(join(folder, "start.js"), `var StartPlan=${settings};${noise}\n${code}`, "latin1");
  const child = spawn(ESPRUINO!, ["start.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("latin1").on("data", (part: string) => {
    text += part;
    if (/ncaught/.test(text)) child.kill("SIGKILL");
  });
  await once(child, "close");
  const ended = /^(CUT|END\d+)/m.exec(text)?.[0];
  if (ended === undefined) throw new Error(text.slice(-600));
  return {
    messages: [...text.matchAll(/^M([0-9a-f]+)/gm)].map(([, hex]) => new Uint8Array(Buffer.from(hex!, "hex"))),
    ended,
  };
}

const nonceOf = (message: Uint8Array): string => Buffer.from(message.slice(12, 25)).toString("hex");
const plain: Start = { key: 1, messages: 3, wiped: false, cut: 0, done: 0, torn: false, noise: [] };

/** Runs the starts over one flash. @returns how many messages, cuts and wipes there were */
async function live(starts: Iterable<Start>): Promise<{ messages: number; cuts: number; wiped: number }> {
  const nonces = new Set<string>();
  let seen: SeenIvs = {};
  let cuts = 0;
  let wiped = 0;
  for (const plan of starts) {
    const { messages, ended } = await start(plan);
    if (ended === "CUT") cuts++;
    if (plan.wiped) wiped++;
    for (const message of messages) {
      const nonce = nonceOf(message);
      if (nonces.has(nonce)) throw new Error(`${nonce} came twice: ${JSON.stringify(plan)}`);
      nonces.add(nonce);
      seen = openMessage(message, "a", keys, seen).seen;
    }
  }
  return { messages: nonces.size, cuts, wiped };
}

const random = randomFor(1, "nonces");
const below = (bound: number): number => Math.floor(random.next() * bound);
const noise = (): number[] => Array.from({ length: 6 }, () => below(2 ** 32));

/** The power fails in each of the first six operations: there, with nothing, a part and all of it done. */
function* everyOperation(): Generator<Start> {
  for (const torn of [false, true])
    for (const done of [0, 4, 40, 512, 4096])
      for (const cut of [1, 2, 3, 4, 5, 6]) yield { ...plain, messages: 130, cut, done, torn, noise: noise() };
}

/** Anything, and from some start on with the other key. */
function* anything(starts: number): Generator<Start> {
  for (let i = 0; i < starts; i++)
    yield {
      key: i < starts / 2 ? 1 : 2,
      messages: below(150),
      wiped: below(8) === 0,
      cut: below(5),
      done: below(520),
      torn: below(2) === 0,
      noise: noise(),
    };
}

const STARTS = process.env["SOAK"] ? 2000 : 25;
describe.skipIf(!ESPRUINO)("on the interpreter", { timeout: process.env["SOAK"] ? 1_800_000 : 120_000 }, () => {
  test("power cuts in every operation of the flash repeat no nonce", async () => {
    const { messages, cuts } = await live(everyOperation());
    console.log(`${messages} messages, ${cuts} cuts`);
    expect(cuts).toBeGreaterThan(30);
  });

  test("neither do cuts, factory resets and another key together", async () => {
    const counts = await live(anything(STARTS));
    console.log(`${STARTS} starts: ${counts.messages} messages, ${counts.cuts} cuts, ${counts.wiped} wipes`);
    expect(counts.cuts).toBeGreaterThan(STARTS / 5);
    expect(counts.wiped).toBeGreaterThan(0);
  });

  test("a noise that began anew at every start would repeat them after a factory reset: E.hwRand() does", async () => {
    const same = [1, 2, 3, 4];
    await expect(
      live([
        { ...plain, noise: same },
        { ...plain, wiped: true, noise: same },
      ]),
    ).rejects.toThrow("came twice");
    const script = (name: string): string => join(folder, name);
    writeFileSync(script("random.js"), 'print("R"+E.hwRand());quit();');
    const first = async (): Promise<string | undefined> => {
      const child = spawn(ESPRUINO!, ["random.js"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
      const chunks: string[] = [];
      child.stdout.on("data", (chunk: Buffer) => chunks.push(String(chunk)));
      await once(child, "close");
      return /R\d+/.exec(chunks.join(""))?.[0];
    };
    expect(await first()).toBe(await first());
  });
});
