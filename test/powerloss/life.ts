/**
 * Random lives of a node against what the outside knows: it stores, raises alarms, reports over a network that loses
 * messages and confirmations, loses power anywhere, and what arrives must be what was stored, each reading once.
 */
import { Collector } from "../../tools/receive/collect.ts";
import { decodeBatch, type DecodedBatch } from "../../tools/receive/decode.ts";
import { PowerCut, type Tear } from "../twins/flash.ts";
import { BASE, newFlash, reading, type Geometry } from "./device.ts";
import type { Library } from "./library.ts";

export const geometry: Geometry = { pageBytes: 1024, pages: 4, deltas: 5 };
const SCHEMA = "\x01\x02\x02\x02\x03\x02";
const SCALES = [100, 100, 1000];
const KINDS: readonly Tear["rest"][] = ["untouched", "random", "wavering", "sinking", "rising", "backwards"];

/** Readings of a message as text, by number. */
function readingsOf(batch: DecodedBatch): Map<number, string> {
  const out = new Map<number, string[]>();
  for (const row of batch.rows) {
    const cells = out.get(row.seq) ?? [`${row.rawSeconds}`];
    cells.push(row.fault ?? `${Math.round(row.value! * SCALES[cells.length - 1]!)}`);
    out.set(row.seq, cells);
  }
  return new Map([...out].map(([seq, cells]) => [seq, cells.join()]));
}

/** Throws when something is lost, invented, or sent as two. Returns how often what happened. */
export function live(lib: Library, seed: number, operations: number): Record<string, number> {
  let state = seed * 2654435761;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
  const flash = newFlash(geometry);
  /** By number: what `append` confirmed, and what was in flight when the power failed. */
  const stored: (string | undefined)[] = [];
  const possible = new Map<number, string[]>();
  const received = new Map<number, string>();
  const givenUp = new Map<number, string>();
  const collector = new Collector();
  const count = { operations: 0, cuts: 0, messages: 0, repeats: 0, alarms: 0, ahead: 0 };
  let produced = 0;
  let reset = true;

  const deliver = (message: string): void => {
    const batch = decodeBatch(Buffer.from(message, "latin1"));
    count.messages++;
    collector.add(batch);
    for (const [seq, text] of readingsOf(batch)) {
      const known = received.get(seq);
      if (known !== undefined) count.repeats++;
      if (known !== undefined && known !== text) throw new Error(`number ${seq} came as ${known} and as ${text}`);
      if (stored[seq] === undefined ? !possible.get(seq)?.includes(text) : stored[seq] !== text)
        throw new Error(`number ${seq} came as ${text}, stored was ${stored[seq] ?? "nothing"}`);
      received.set(seq, text);
    }
    for (const { first, count: howMany, reason } of batch.skipped)
      for (let seq = first; seq < first + howMany; seq++) givenUp.set(seq, reason);
  };

  const wake = (): void => {
    flash.boot();
    const store = lib.openState<unknown[]>(flash, BASE, geometry.pageBytes / 2, reset);
    const memory = lib.loadMemory(store, () => random(2 ** 32));
    const save = (): void => void lib.saveMemory(store, memory);
    const at = BASE + 2 * geometry.pageBytes;
    const journal = lib.openJournal(flash, at, geometry.pages, SCHEMA, memory, save, () => random(2 ** 32), reset);
    for (let i = random(8); i--;) {
      count.operations++;
      const { at: when, values } = reading(produced++, 3);
      const text = [when, ...values.map((value) => (value < 0x7f000000 ? value : "nak"))].join();
      const number = journal.next();
      possible.set(number, [...(possible.get(number) ?? []), text]);
      if (journal.append(1, when, values) !== number) throw new Error(`append did not give ${number}`);
      if (received.has(number)) throw new Error(`number ${number} had been sent, and was given again`);
      stored[number] = text;
      if (random(60) === 0) {
        count.alarms++;
        memory.aheadFrom = memory.aheadEnd = number;
        save();
      }
    }
    if (random(16)) return;
    const outbox = lib.openOutbox(journal, memory, save, () => 0);
    for (let message = outbox.next(); message && random(12); message = outbox.next()) {
      count.operations++;
      if (random(10) === 0) return;
      const backlog = memory.released;
      deliver(message);
      if (decodeBatch(Buffer.from(message, "latin1")).seq > backlog + 96) count.ahead++;
      if (random(10) === 0) return;
      outbox.confirmed();
    }
  };

  while (count.operations < operations) {
    if (random(12) === 0)
      flash.cut(random(12), {
        done: random(3) ? 4 * random(40) : random(1024),
        rest: KINDS[random(6)]!,
        seed: random(1e9),
      });
    try {
      wake();
      reset = random(20) === 0;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      count.cuts++;
      reset = true;
    }
    flash.powerUp();
  }

  // the network is back for good
  const store = lib.openState<unknown[]>(flash, BASE, geometry.pageBytes / 2, true);
  const memory = lib.loadMemory(store, () => 0);
  const journal = lib.openJournal(
    flash,
    BASE + 2 * geometry.pageBytes,
    geometry.pages,
    SCHEMA,
    memory,
    () => undefined,
    () => 0,
    true,
  );
  const outbox = lib.openOutbox(
    journal,
    memory,
    () => undefined,
    () => 0,
  );
  for (let message = outbox.next(); message; message = outbox.next()) {
    deliver(message);
    outbox.confirmed();
  }
  let dropped = 0;
  for (let number = 0; number < journal.next(); number++) {
    if (received.has(number)) continue;
    const reason = givenUp.get(number);
    if (!reason) throw new Error(`nobody knows what became of number ${number}`);
    if (stored[number] === undefined) continue;
    if (reason !== "dropped") throw new Error(`number ${number} was stored, and is ${reason}`);
    dropped++;
  }
  const report = collector.report();
  return { ...count, stored: stored.length, dropped, gaps: report.gaps.length };
}
