/**
 * A version and the one after it read each other's journal, state and settings, there and back: a newer one with another
 * sensor, another field in the state and another setting loses nothing, and neither does the older one after a return.
 */
import { expect, it } from "vitest";
import { openJournal } from "../../lib/journal/journal.ts";
import { openState } from "../../lib/journal/state.ts";
import { loadMemory, saveMemory, SETTINGS_BYTES, STATE_BYTES } from "../../lib/memory.ts";
import { openOutbox } from "../../lib/outbox.ts";
import { Collector } from "../../tools/receive/collect.ts";
import { decodeBatch } from "../../tools/receive/decode.ts";
import { NorFlash } from "../twins/flash.ts";

const BASE = 0x310000;
const PAGE = 4096;
/** Two columns, then three. */
const OLD = "\x01\x02\x02\x02";
const NEW = "\x01\x02\x02\x02\x21\x04";

interface Boot {
  readonly schema: string;
  readonly store: number;
  /** Batches that the broker takes. */
  readonly send: number;
  /** What a newer version keeps beside. */
  readonly extra?: number;
}

it("there and back, journal, state, settings and keys are whole", () => {
  const flash = new NorFlash(BASE, 16);
  const settingsOf = () => openState<Record<string, string | number>>(flash, BASE + 2 * PAGE, SETTINGS_BYTES, true);
  settingsOf().save({ id: "n", broker: "b", key: "ab".repeat(16) });
  const collector = new Collector();
  const arrived = new Map<number, string>();
  const stored = new Map<number, string>();
  let produced = 0;
  let kept: unknown;

  const boot = ({ schema, store, send, extra }: Boot): void => {
    flash.boot();
    const state = openState<unknown[]>(flash, BASE, STATE_BYTES, true);
    const memory = loadMemory(state, () => 5);
    const fields = memory as unknown as Record<string, unknown>;
    const names = Object.keys(memory);
    // the field that the older version does not know is carried along by it, in its place
    const unknown = names.at(-1)!;
    if (extra !== undefined) {
      if (kept !== undefined) expect(fields[unknown]).toBe(kept);
      if (kept === undefined) fields["added"] = kept = extra;
    }
    const save = (): boolean => saveMemory(state, memory);
    const journal = openJournal(flash, BASE + 4 * PAGE, 12, schema, memory, save, () => 6, true);
    for (let i = 0; i < store; i++) {
      const values = [produced++ % 500, 100, 7].slice(0, schema.length / 2);
      stored.set(journal.append(1, 900 * produced, values), values.slice(0, 2).join());
    }
    memory.offset = 0;
    const outbox = openOutbox(journal, memory, save, () => 0);
    for (let i = 0; i < send; i++) {
      const message = outbox.next();
      if (!message) break;
      const rows = collector.add(decodeBatch(Buffer.from(message, "latin1")));
      for (const { seq, value } of rows.filter(({ sensor }) => sensor === 0))
        arrived.set(seq, [arrived.get(seq), Math.round(value! * 100)].filter((part) => part !== undefined).join());
      outbox.confirmed();
    }
    save();
  };

  boot({ schema: OLD, store: 40, send: 0 });
  boot({ schema: NEW, store: 30, send: 1, extra: 4711 });
  settingsOf().save({ ...settingsOf().load()!, newName: 7 });
  boot({ schema: OLD, store: 20, send: 0 });
  settingsOf().save({ ...settingsOf().load()!, sample: 600 });
  boot({ schema: NEW, store: 10, send: 9, extra: 0 });
  boot({ schema: OLD, store: 1, send: 9 });
  expect(collector.missing).toBe(0);
  expect(stored.size).toBe(101);
  expect([...arrived.keys()].sort((a, b) => a - b)).toEqual([...stored.keys()]);
  for (const [seq, values] of stored) expect(arrived.get(seq)!.split(",")[0]).toBe(values.split(",")[0]);
  expect(settingsOf().load()).toEqual({ id: "n", broker: "b", key: "ab".repeat(16), newName: 7, sample: 600 });
});
