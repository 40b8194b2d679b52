/** `hibernode update` as a user runs it: at a broker in this process, with devices that say what a script tells them to. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aedes } from "aedes";
import { encode } from "cbor-x";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BEGUN, CRASHED, RUNS } from "../../lib/update/outcomes.ts";
import { plainEnvironment, repository } from "../cli/command.ts";

const folder = mkdtempSync(join(tmpdir(), "hibernode-update-"));
const retained = new Map<string, Buffer>();
const children = new Set<ChildProcess>();
let published = "";
let broker: Aedes;
let url = "";
let stop = (): void => undefined;

/** What the verb reads of a bundle: that it takes updates, and its board. */
const bundle = `var a={id:"firebeetle2-esp32-e",i2c:{main:1}},b="slots";${"f(1);".repeat(400)}`;

beforeAll(async () => {
  broker = await Aedes.createBroker();
  broker.on("publish", ({ topic, payload, retain }) => {
    if (!retain) return;
    if (payload.length) retained.set(topic, payload as Buffer);
    else retained.delete(topic);
    published += `${topic}\n`;
  });
  const server = createServer(broker.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => void server.close(() => broker.close());
  const names = ["a", "b", "c", "d", "e", "f"];
  writeFileSync(join(folder, "keys.json"), JSON.stringify(Object.fromEntries(names.map((n) => [n, { 1: "11".repeat(16) }])))); // prettier-ignore
  writeFileSync(join(folder, "one.js"), bundle);
  writeFileSync(join(folder, "two.js"), bundle.replace("f(1)", "f(2)"));
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  stop();
  rmSync(folder, { recursive: true });
});

function start(...more: string[]): { readonly child: ChildProcess; readonly out: () => string; readonly ended: Promise<number | null> } {
  const words = ["--topic", "t/{id}/u", "--telemetry", "t/{id}/r", "--keys", "keys.json", "--release", "2", "--from", "one.js"];
  const child = spawn(process.execPath, [join(repository, "dist/tools/cli.js"), "update", "two.js", url, ...words, ...more], {
    cwd: folder,
    env: plainEnvironment(),
  });
  children.add(child);
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (out += text));
  return { child, out: () => out, ended: once(child, "close").then(([status]) => status as number | null) };
} // prettier-ignore

const until = (what: () => boolean): Promise<void> => expect.poll(what, { timeout: 30_000, interval: 20 }).toBe(true);

interface State {
  readonly stopped?: string;
  readonly devices: Record<string, { readonly state: string; readonly number: number }>;
}
const kept = (): State => JSON.parse(readFileSync(join(folder, "update-2.json"), "utf8")) as State;
const states = (): string => Object.values(kept().devices).map(({ state }) => state).join(" "); // prettier-ignore

/** A device tells what became of the update that it was offered. */
const says = (device: string, code: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const payload = encode([-1, code === RUNS ? 2 : 1, kept().devices[device]!.number, code]);
    const packet = { cmd: "publish", topic: `t/${device}/r`, payload, qos: 1, retain: false, dup: false } as const;
    broker.publish(packet, (error) => (error ? reject(error) : resolve()));
  });

it("offers to one cohort after the other, goes on after a kill, stops on failures and takes back what it offered", async () => {
  const before = start("--cohorts", "1,3,100%");
  await until(() => retained.has("t/a/u"));
  expect([...retained.keys()].sort()).toEqual(["t/a/u", "t/a/u/0"]);
  // the manifest last: who finds it finds the pieces
  expect(published).toBe("t/a/u/0\nt/a/u\n");
  expect(retained.get("t/a/u/0")!.length).toBeLessThan(1024);
  expect(states()).toBe("offered waiting waiting waiting waiting waiting");
  await says("a", BEGUN);
  await until(() => states().startsWith("begun"));
  const { number } = kept().devices["a"]!;

  before.child.kill("SIGKILL");
  await before.ended;
  // said while nobody listens: the broker keeps it for the command
  await says("a", RUNS);
  const after = start();
  await until(() => retained.has("t/b/u") && retained.has("t/c/u") && !retained.has("t/a/u"));
  expect(after.out()).toMatch(/a {2}version 2; update \d+: runs/);
  expect(kept().devices["a"]!.number).toBe(number);
  expect(states()).toBe("runs offered offered waiting waiting waiting");

  await says("b", CRASHED);
  expect(await after.ended).toBe(2);
  expect(after.out()).toMatch(/1 runs, 1 offered, 3 waiting, 1 failed/);
  expect(after.out()).toMatch(/stopped: 1 devices failed, 0 may/);
  expect(states()).toBe("runs failed offered waiting waiting waiting");
  expect([...retained.keys()]).toEqual([]);
  expect(published).not.toMatch(/t\/[def]/);
});
