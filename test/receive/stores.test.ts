/** Every kind of store, over every kind of end: what was taken is there once, and nothing else. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import sqlite from "node-sqlite3-wasm";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Receiver, type Message } from "../../tools/receive/receiver.ts";
import { openStore } from "../../tools/receive/stores/open.ts";
import { message } from "./messages.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "hibernode-receive-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (device: string, payload: Uint8Array): Message => ({ device, payload, receivedMs: 1_700_100_000_000 });

/** `device seq value` of every row, in the order of the store. */
const readers: Readonly<Record<string, (target: string) => string[]>> = {
  ndjson: (file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .map(({ device, seq, value }) => `${device} ${seq} ${value}`),
  csv: (file) =>
    (parse(readFileSync(file), { columns: true }) as Record<string, string>[]).map(
      ({ device, seq, value }) => `${device} ${seq} ${value}`,
    ),
  sqlite(file) {
    const database = new sqlite.Database(file, { readOnly: true });
    const rows = database.all("select device, seq, value from readings order by rowid");
    database.close();
    return rows.map(({ device, seq, value }) => `${device} ${seq} ${value}`);
  },
};

async function receiveAll(target: string, messages: readonly Message[]): Promise<void> {
  const store = await openStore(target);
  const receiver = new Receiver({ store, names: ["cargo"] });
  for (const each of messages) await receiver.take(each);
  await store.close();
}

describe.each(Object.keys(readers))("%s", (kind) => {
  const target = () => join(folder, `rows.${kind}`);
  const rows = () => readers[kind]!(target());

  test("keeps each reading once, over restarts, repeats and late messages", async () => {
    await receiveAll(target(), [at("a", message(0, 2)), at("b", message(0, 1)), at("a", message(4, 1))]);
    await receiveAll(target(), [at("a", message(0, 3)), at("a", message(3, 2)), at("b", message(0, 1))]);
    expect(rows()).toEqual(["a 0 0", "a 1 0.01", "b 0 0", "a 4 0.04", "a 2 0.02", "a 3 0.03"]);
  });

  test("a message that is none changes nothing but the notices", async () => {
    const store = await openStore(target());
    const receiver = new Receiver({ store });
    const { notices } = await receiver.take(at("stranger", Uint8Array.of(1, 2, 3)));
    expect(notices.map(({ kind }) => kind)).toEqual(["rejected"]);
    expect(receiver.devices).toBe(0);
    await store.close();
    expect(rows()).toEqual([]);
    const again = await openStore(target());
    expect([...again.known]).toEqual([]);
    await again.close();
  });

  test("several messages in one commit make the same rows as one after the other", async () => {
    const store = await openStore(target());
    const receiver = new Receiver({ store, names: ["cargo"] });
    const all = [at("a", message(0, 2)), at("b", message(0, 1)), at("a", message(1, 2)), at("c", Uint8Array.of(1))];
    const taken = await receiver.takeAll(all);
    await store.close();
    expect(taken.map(({ device, readings }) => [device, readings])).toEqual([["a", 2], ["b", 1], ["a", 1], ["c", 0]]); // prettier-ignore
    expect(rows()).toEqual(["a 0 0", "a 1 0.01", "b 0 0", "a 2 0.02"]);
    const again = await openStore(target());
    expect([...again.known.keys()].sort()).toEqual(["a", "b"]);
    await again.close();
    await receiveAll(target(), all);
    expect(rows()).toHaveLength(4);
  });

  test("a commit that fails leaves no trace: the same messages make the same rows", async () => {
    const store = await openStore(target());
    let fails = true;
    const receiver = new Receiver({
      store: { ...store, commit: (commits) => (fails ? Promise.reject(new Error("full")) : store.commit(commits)) },
      names: ["cargo"],
    });
    const all = [at("a", message(0, 2)), at("a", message(2, 1))];
    await expect(receiver.takeAll(all)).rejects.toThrow("full");
    fails = false;
    expect((await receiver.takeAll(all)).map(({ readings }) => readings)).toEqual([2, 1]);
    await store.close();
    expect(rows()).toHaveLength(3);
  });

  test("two receivers on one store: the second is told", async () => {
    const store = await openStore(target());
    // a process that is certainly alive, and not this one
    writeFileSync(`${target()}.pid`, String(process.ppid));
    await expect(openStore(target())).rejects.toThrow(/another receiver/);
    await store.close();
  });

  test("the lock of a receiver that was killed is taken over", async () => {
    const store = await openStore(target());
    await store.close();
    writeFileSync(`${target()}.pid`, "999999999");
    await receiveAll(target(), [at("a", message(0, 1))]);
    expect(rows()).toEqual(["a 0 0"]);
  });

  test("a file of something else is refused and stays as it is", async () => {
    writeFileSync(target(), "my thesis\n".repeat(1000));
    await expect(openStore(target())).rejects.toMatchObject({ name: "UserError", where: target() });
    expect(readFileSync(target(), "utf8")).toBe("my thesis\n".repeat(1000));
  });
});

test.each(["rows.txt", "rows", "mysql://x"])("an unknown kind of store is refused: %s", async (target) => {
  await expect(openStore(target)).rejects.toThrow("unknown kind of store");
});

describe.each(["ndjson", "csv"] as const)("%s after a power cut", (kind) => {
  test("at any byte of any write: what comes again after the last acknowledgement completes it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.nat(20), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 8 }), // prettier-ignore
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 1, max: 4 }),
        async (stories, chosen, cut, stage, group) => {
          const messages = stories.map(([device, seq, count]) => at(device, message(seq, count)));
          const whole = join(folder, `whole-${fc.stringify(stories).length}-${chosen}.${kind}`);
          const torn = join(folder, `torn.${kind}`);
          const files = ["", ".notices", ".state"] as const;
          const clean = (file: string) => files.forEach((end) => rmSync(file + end, { force: true }));
          clean(whole);
          clean(torn);

          // the files as they are before and after one commit of some messages; the cut leaves its writes done in order up to a byte
          const cutAt = chosen % messages.length;
          const store = await openStore(whole);
          const receiver = new Receiver({ store, names: ["cargo"] });
          for (const each of messages.slice(0, cutAt)) await receiver.take(each);
          const sizes = files.map((end) => readFileSync(whole + end).length);
          await receiver.takeAll(messages.slice(cutAt, cutAt + group));
          await store.close();
          files.forEach((end, i) => {
            copyFileSync(whole + end, torn + end);
            const grown = readFileSync(torn + end).length - sizes[i]!;
            if (i > stage) truncateSync(torn + end, sizes[i]);
            else if (i === stage) truncateSync(torn + end, sizes[i]! + (grown ? cut % grown : 0));
          });

          await receiveAll(torn, messages.slice(cutAt));
          await receiveAll(whole, messages.slice(cutAt));
          expect(readFileSync(torn, "utf8")).toBe(readFileSync(whole, "utf8"));
        },
      ),
      { numRuns: process.env["SOAK"] ? 2000 : 60 },
    );
  });

  test("a file that somebody shortened is not continued as if nothing were", async () => {
    const file = join(folder, `rows.${kind}`);
    await receiveAll(file, [at("a", message(0, 2))]);
    truncateSync(file, 3);
    await expect(openStore(file)).rejects.toThrow(/shorter, by \d+ bytes/);
  });
});

test("the state log is written anew before it grows without bound", async () => {
  const file = join(folder, "rows.ndjson");
  const store = await openStore(file);
  const receiver = new Receiver({ store });
  for (let i = 0; i < 300; i++) await receiver.take(at(`device-${i % 3}`, message(2 * i, 1)));
  await store.close();
  const before = readFileSync(`${file}.state`).length;
  await (await openStore(file)).close();
  expect(readFileSync(`${file}.state`).length).toBeLessThan(before / 10);
  const again = await openStore(file);
  expect([...again.known.keys()].sort()).toEqual(["device-0", "device-1", "device-2"]);
  await again.close();
});

const url = process.env["POSTGRES_URL"];
if (!url) console.log("Postgres is not tried: set POSTGRES_URL to a database that may be written to");
test.skipIf(!url)("postgres keeps each reading once, over restarts and repeats", async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("drop table if exists readings, notices, receiver_state");
  await receiveAll(url!, [at("a", message(0, 2)), at("b", message(0, 1))]);
  await receiveAll(url!, [at("a", message(0, 3)), at("b", Uint8Array.of(9))]);
  const { rows } = await client.query<{ row: string }>(
    "select device || ' ' || seq || ' ' || value as row from readings order by device, seq",
  );
  expect(rows.map(({ row }) => row)).toEqual(["a 0 0", "a 1 0.01", "a 2 0.02", "b 0 0"]);
  expect((await client.query("select kind from notices order by kind")).rows).toEqual([
    { kind: "first" },
    { kind: "first" },
    { kind: "rejected" },
  ]);
  const held = await openStore(url!);
  await expect(openStore(url!)).rejects.toThrow("another receiver");
  await held.close();
  await client.end();
});
