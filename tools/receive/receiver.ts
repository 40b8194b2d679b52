/** The receiver's core: messages in, rows and notices out, each reading once, whatever is repeated, late or lost. */
import { UserError } from "../errors.ts";
import { readAnswer } from "./answer.ts";
import { Collector } from "./collect.ts";
import { decodeBatch, type DecodedBatch, type Row } from "./decode.ts";
import { openMessage, type Keys, type SeenIvs } from "./keys.ts";
import { isSenml } from "./senml.ts";
import { senmlRows, type SenmlTimes } from "./senml-rows.ts";
import type { Commit, Notice, Store, StoredRow } from "./store.ts";

export interface Message {
  readonly device: string;
  readonly payload: Uint8Array;
  readonly receivedMs: number;
}

export interface Taken {
  readonly device: string;
  /** Only of readings that had not come before. */
  readonly rows: readonly StoredRow[];
  /** Different readings among the rows. */
  readonly readings: number;
  readonly notices: readonly Notice[];
}

export interface ReceiverOptions {
  readonly store: Store;
  /** Names of the firmware's sensors, in order; a sensor without one goes by its number. */
  readonly names?: readonly string[];
  /** Of devices that seal their messages. */
  readonly keys?: Keys | undefined;
}

const iso = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

interface Device {
  readonly collector: Collector;
  readonly seen: SeenIvs;
  readonly senml: SenmlTimes | undefined;
}

/** Receives for any number of devices. Not reentrant: wait for one call before the next. */
export class Receiver {
  readonly #devices = new Map<string, Device>();
  readonly #options: ReceiverOptions;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    for (const [device, { readings, seen, senml }] of options.store.known)
      this.#devices.set(device, { collector: new Collector(readings), seen, senml });
  }

  get devices(): number {
    return this.#devices.size;
  }

  report(device: string): ReturnType<Collector["report"]> | undefined {
    return this.#devices.get(device)?.collector.report();
  }

  /** When this returns, everything is stored; a message that is none is stored as a notice. */
  async take(message: Message): Promise<Taken> {
    return (await this.takeAll([message]))[0]!;
  }

  /** Several messages in one commit, which costs hardly more than one: all of them are stored when this returns, or none. */
  async takeAll(messages: readonly Message[]): Promise<Taken[]> {
    // a commit that fails must leave no trace: the same messages come again
    const changed = new Map<string, Device>();
    const commits = messages.map((message) => this.#read(message, changed));
    await this.#options.store.commit(commits);
    for (const [device, state] of changed) this.#devices.set(device, state);
    return commits.map(({ device, rows, notices }) => ({
      device,
      rows,
      readings: new Set(rows.map(({ seq }) => seq)).size,
      notices,
    }));
  }

  /** What one message brings, and in `changed` what is known of its device then. */
  #read({ device, payload, receivedMs }: Message, changed: Map<string, Device>): Commit {
    const { names = [], keys } = this.#options;
    const received = iso(receivedMs);
    const known = changed.get(device) ?? this.#devices.get(device);
    // of a device that has only answered commands so far, no reading is known
    const before = known?.collector.isNew ? undefined : known?.collector;
    let seen = known?.seen ?? {};
    let senml = known?.senml;
    const collector = known?.collector.copy() ?? new Collector();
    const notices: Notice[] = [];
    const notice = (kind: Notice["kind"], text: string) => void notices.push({ device, received, kind, text });
    let rows: StoredRow[] = [];
    const take = (batch: DecodedBatch): void => {
      const journal = batch.journal.toString(16).padStart(8, "0");
      if (!before) notice("first", `journal ${journal}`);
      else if (!before.knows(batch.journal)) notice("new-journal", `journal ${journal}: the device was wiped`);
      const gapsBefore = before?.missing ?? 0;
      rows = collector.add(batch).map((row) => stored(row, device, journal, names, received));
      for (const { first, count, reason } of batch.skipped)
        notice("skipped", `${count} from ${first} of journal ${journal}: ${reason}`);
      const gaps = collector.missing;
      if (gaps > gapsBefore) notice("gap", `${gaps} readings are missing`);
      else if (gaps < gapsBefore) notice("closed", `${gaps} readings are missing still`);
    };
    try {
      const opened = openMessage(payload, device, keys, seen);
      const answer = readAnswer(opened.payload);
      if (answer) notice("answer", answer.text);
      else if (isSenml(opened.payload)) {
        const read = senmlRows(opened.payload, device, receivedMs, received, senml);
        if (!senml) notice("first", "SenML");
        ({ rows, times: senml } = read);
        for (const text of read.texts) notice("text", text);
      } else take(decodeBatch(opened.payload));
      seen = opened.seen;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notice("rejected", `${error.message}: ${Buffer.from(payload.subarray(0, 1024)).toString("hex")}`);
    }
    const isKnown = known !== undefined || !notices.some(({ kind }) => kind === "rejected");
    if (!isKnown) return { device, rows, notices, state: undefined };
    changed.set(device, { collector, seen, senml });
    return { device, rows, notices, state: { readings: collector.state(), seen, ...(senml && { senml }) } };
  }
}

function stored(row: Row, device: string, journal: string, names: readonly string[], received: string): StoredRow {
  return {
    device,
    journal,
    seq: row.seq,
    name: `${names[row.sensor] ?? row.sensor}.${row.quantity}`,
    value: row.value ?? null,
    unit: row.unit,
    fault: row.fault ?? null,
    time: row.unix === undefined ? null : iso(row.unix * 1000),
    rawSeconds: row.rawSeconds,
    received,
  };
}
