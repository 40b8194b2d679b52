/** A node, its broker and its host, as far as updates go: boot after boot, and what must be true at each of them. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Hooks } from "../../lib/schedule/extensions.ts";
import type { Modem } from "../../lib/modems/modem.ts";
import { Collector } from "../../tools/receive/collect.ts";
import { decodeBatch } from "../../tools/receive/decode.ts";
import { readRunning } from "../../tools/receive/running.ts";
import { createSink, type Sink } from "../../tools/simulator/network/sink.ts";
import { packageUpdate, type Package, type Update } from "../../tools/update/package.ts";
import { nodeCrypto } from "../seal/node-crypto.ts";
import { NorFlash } from "../twins/flash.ts";
import { PAGE_BYTES, type DeviceCode, type Natives } from "./device.ts";

export class Violation extends Error {}

export function demand(condition: boolean, what: () => string): void {
  if (!condition) throw new Violation(what());
}

/** What a version does once it runs. */
export type Conduct =
  "works" | "throws at once" | "restarts after a minute" | "hangs awake" | "never reports" | "throws in a timer";

export interface Version {
  readonly version: number;
  readonly conduct: Conduct;
  readonly image: string;
}

export const BASE = 0x310000;
export const BLOCK_BYTES = 256;
const PAGES = 17 + 2 + 2 * 2;
export const KEY = "ab".repeat(16);
const SETTINGS = { id: "n", broker: "b", key: KEY, keyId: 1 };
export const TOPIC = "t/n/update";
const keys = { key: Buffer.from(KEY, "hex"), keyId: 1 };
/** One quantity of two bytes. */
const SCHEMA = "\x01\x02";
const TIMER = 4;

/** A text of that version, of some blocks, most of which other versions share. */
export function version(number: number, conduct: Conduct = "works", bytes = 900): Version {
  let text = `version ${number} ${conduct};`;
  for (let i = 0; text.length < bytes; i++) text += `f${i}=(a,b)=>a*${(i * 7919) % 1000}+b${i === 9 ? number : ""};`;
  return { version: number, conduct, image: text.slice(0, bytes) };
}

export const pack = (
  update: Omit<Update, "image" | "board"> & { readonly to: Version; readonly board?: string },
): Package =>
  packageUpdate(
    { ...update, board: update.board ?? "board", image: Buffer.from(update.to.image, "latin1") },
    keys,
    BLOCK_BYTES,
    300,
  );

/** What the host offers, one after the other: each once the one before is over. */
export interface Offer {
  readonly number: number;
  readonly to: Version;
  readonly package: Package;
}

export interface Status {
  readonly version: number;
  readonly number: number;
  readonly code: number;
}

export class World {
  readonly flash: NorFlash;
  readonly code: DeviceCode;
  readonly versions: readonly Version[];
  readonly offers: readonly Offer[];
  retained = new Map<string, Uint8Array>();
  received: Uint8Array[] = [];
  /** What the broker hands out for a topic. */
  mangle: (topic: string, payload: Uint8Array | undefined) => Uint8Array | undefined = (_, payload) => payload;
  /** Versions that were booted. */
  booted: number[] = [];
  cause = 0;
  time = 0;
  stored = new Map<number, number>();
  produced = 0;
  covered = true;
  hooks: ((hooks: Hooks<never>) => void) | undefined;
  most = Infinity;

  constructor(code: DeviceCode, versions: readonly Version[], offers: readonly Offer[], from?: World) {
    this.code = code;
    this.versions = versions;
    this.offers = offers;
    this.flash = from ? from.flash.clone() : new NorFlash(BASE, PAGES, PAGE_BYTES);
    if (!from) return;
    this.retained = new Map(from.retained);
    this.received = [...from.received];
    this.booted = [...from.booted];
    this.stored = new Map(from.stored);
    ({
      cause: this.cause,
      time: this.time,
      produced: this.produced,
      mangle: this.mangle,
      covered: this.covered,
      most: this.most,
    } = from);
  }

  clone(): World {
    return new World(this.code, this.versions, this.offers, this);
  }

  /** All that the boots to come depend on: worlds with the same digest live on alike. */
  digest(): string {
    const hash = createHash("md5");
    this.flash.digest(hash);
    for (const [topic, payload] of this.retained) hash.update(`${topic} ${payload.length} `).update(payload);
    for (const payload of this.received) hash.update(`${payload.length} `).update(payload);
    hash.update(JSON.stringify([this.cause, this.time, this.produced, [...this.stored], this.covered, this.most]));
    return hash.digest("base64");
  }

  /** Writes the first version, as at flashing. */
  install(first: Version): void {
    const { layout } = this.code.library(this.natives({ cause: 0 }));
    const image = Buffer.from(first.image + "\xff".repeat(-first.image.length & 3), "latin1");
    this.flash.write(image, layout.SLOTS_AT + layout.imageAt(0));
    layout.writeHead(this.flash, 0, {
      size: first.image.length,
      crc: crc32(Buffer.from(first.image, "latin1")) | 0,
      version: first.version,
      board: crc32(Buffer.from("board")) | 0,
      number: 0,
    });
  }

  get statuses(): Status[] {
    return this.received.flatMap((payload) =>
      payload[0] === 0x84 && payload[1] === 0x20 ? [readStatus(payload)] : [],
    );
  }

  /** The last that the host heard. */
  get status(): Status | undefined {
    return this.statuses.at(-1);
  }

  /** Puts the next update at the broker once the one before is over. */
  host(): void {
    const told = this.statuses.filter(({ code }) => code !== 1).map(({ number }) => number);
    const next = this.offers.find(({ number }) => !told.includes(number));
    const over = this.offers.filter(({ number }) => told.includes(number));
    if (over.length) this.retained.clear();
    if (next) offer(this.retained, next.package);
  }

  natives(given: { cause: number; timers?: Timers; end?: (cause: number) => void }): Natives {
    const { timers = new Timers(this.time), end = () => undefined } = given;
    return {
      flash: this.flash,
      crypto: nodeCrypto,
      after: (ms, run) => timers.after(ms, run),
      cancel: (id) => timers.cancel(id),
      now: () => timers.now,
      cause: given.cause,
      restart: () => end(0),
      deepSleep: () => end(TIMER),
      storedPart: (name, at, length) =>
        name === "slots" ? this.flash.text(this.flash.read(length, BASE + 17 * PAGE_BYTES + at)) : undefined,
    };
  }

  /** One boot, up to the next sleep or restart. Throws PowerCut when the flash does, Violation when something is wrong. */
  boot(): void {
    this.host();
    this.flash.boot();
    const timers = new Timers(this.time);
    let next: number | undefined;
    const natives = this.natives({ cause: this.cause, timers, end: (cause) => (next ??= cause) });
    const until = (): void => {
      timers.run(() => next !== undefined);
      demand(timers.now - this.time < 3600, () => "a wake lasts for more than an hour");
      this.time = timers.now + 900;
      demand(next !== undefined, () => "the node stays awake for ever");
      this.cause = next!;
    };
    const { text, failed } = this.code.boot(natives);
    const chosen = this.versions.find(({ image }) => image === text);
    demand(!!chosen, () => `boots what is no version: ${JSON.stringify(text.slice(0, 40))}`);
    this.booted.push(chosen!.version);
    switch (chosen!.conduct) {
      case "works":
        this.#wake(natives, chosen!, () => (next ??= TIMER));
        break;
      case "throws at once":
        failed(new Error("at once"));
        break;
      case "restarts after a minute":
        timers.after(60_000, () => (next ??= 0));
        break;
      case "never reports":
        next = TIMER;
        break;
      case "hangs awake":
      case "throws in a timer":
        break;
    }
    until();
  }

  #wake(natives: Natives, running: Version, slept: () => void): void {
    const lib = this.code.library(natives);
    const reset = natives.cause === 0;
    const { flash } = this;
    const store = lib.openState<unknown[]>(flash, BASE, lib.STATE_BYTES, reset);
    const memory = lib.loadMemory(store, () => 77);
    const save = (): boolean => lib.saveMemory(store, memory);
    const journal = lib.openJournal(flash, BASE + 4 * PAGE_BYTES, 12, SCHEMA, memory, save, () => 99, reset);
    const hooks = lib.updates<never>("t/{id}/update")(
      {
        kept: memory.kept,
        save,
        time: (raw) => raw,
        cause: natives.cause,
        changed: { load: () => undefined, save: () => true },
        end: () => undefined,
      },
      { most: () => this.most },
    );
    this.hooks?.(hooks);
    demand(!!hooks.outbox, () => "a version that works takes no updates");
    const value = this.produced++ % 1000;
    const expected = journal.next();
    const number = journal.append(1, natives.now() | 0, [value]);
    demand(number === expected, () => `append gave ${number}`);
    this.stored.set(number, value);
    memory.offset = 0;
    const end = (): void => void natives.after(0, () => hooks.sleep!(900, slept));
    if (!this.covered) return end();
    const outbox = hooks.outbox!(lib.openOutbox(journal, memory, save, natives.now), SETTINGS);
    lib.runSession({
      modem: this.#modem(natives),
      timers: natives,
      host: "b",
      port: 1883,
      clientId: "n",
      keepAliveSeconds: 60,
      flags: lib.CLEAN,
      topic: "t/n/telemetry",
      outbox,
      answerMs: 30_000,
      done: (fault) => {
        demand(fault === 0 || fault === 21, () => `version ${running.version}: the session ended with ${fault}`);
        end();
      },
    });
  }

  #modem(natives: Natives): Modem {
    const sink: Sink = createSink({
      nowUs: () => 0,
      keep: false,
      onMessage: ({ payload }) => void this.received.push(payload),
    });
    sink.retained.get = (topic) => this.mangle(topic, this.retained.get(topic));
    sink.retained.delete = (topic) => this.retained.delete(topic);
    let connection: ReturnType<Sink["connect"]>;
    return {
      up: (done) => done(0),
      time: () => 0,
      open(host, port, received, _closed, done) {
        connection = sink.connect(host, port, {
          data: (bytes) => void natives.after(1, () => received(Buffer.from(bytes).toString("latin1"))),
          closed: () => undefined,
        } as Parameters<Sink["connect"]>[2]);
        natives.after(0, () => done(0));
      },
      send(bytes, done) {
        connection!.write(Buffer.from(bytes, "latin1"));
        natives.after(0, () => done(0));
      },
      down: (done) => done(0),
    };
  }

  /** Everything that was stored has arrived, once the node has nothing left to send. */
  checkReadings(): void {
    const collector = new Collector();
    const arrived = new Map<number, number>();
    for (const payload of this.received) {
      if (payload[1] === 0x20) continue;
      for (const row of collector.add(decodeBatch(payload))) arrived.set(row.seq, row.value!);
    }
    demand(collector.missing === 0, () => `${collector.missing} readings are missing`);
    for (const [seq, value] of this.stored)
      demand(
        arrived.get(seq) !== undefined && Math.abs(arrived.get(seq)! * 100 - value) < 0.5,
        () => `reading ${seq} was stored as ${value}, and arrived as ${arrived.get(seq)}`,
      );
  }
}

/** A package at the broker. */
export function offer(retained: Map<string, Uint8Array>, { manifest, pieces }: Package): void {
  retained.set(TOPIC, manifest);
  pieces.forEach((piece, i) => retained.set(`${TOPIC}/${i}`, piece));
}

function readStatus(payload: Uint8Array): Status {
  const { version, update, code } = readRunning(payload)!;
  return { version, number: update, code };
}

/** Virtual time and its timers. */
class Timers {
  #next = 1;
  readonly #waiting = new Map<number, { at: number; run: () => void }>();
  constructor(public now: number) {}

  after(ms: number, run: () => void): number {
    this.#waiting.set(this.#next, { at: this.now + ms / 1000, run });
    return this.#next++;
  }

  cancel(id: number): void {
    this.#waiting.delete(id);
  }

  run(over: () => boolean): void {
    while (!over()) {
      let first: number | undefined;
      for (const [id, { at }] of this.#waiting)
        if (first === undefined || at < this.#waiting.get(first)!.at) first = id;
      if (first === undefined) return;
      const { at, run } = this.#waiting.get(first)!;
      this.#waiting.delete(first);
      this.now = Math.max(this.now, at);
      run();
    }
  }
}
