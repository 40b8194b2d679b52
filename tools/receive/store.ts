/** What a receiver keeps: rows, notices, and what it knows of every device; the three never disagree. */
import type { CollectorState } from "./collect.ts";
import type { SeenIvs } from "./keys.ts";
import type { SenmlTimes } from "./senml-rows.ts";

/** One value, or the fault in its place, as it is kept. */
export interface StoredRow {
  readonly device: string;
  /** Hexadecimal; with `seq` it names the reading for ever. `senml` for what came as SenML: `seq` is its time then, ms. */
  readonly journal: string;
  readonly seq: number;
  /** Sensor and quantity: `cargo.temperature`. */
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly fault: string | null;
  /** ISO 8601, UTC; null while the device had not learned the time. */
  readonly time: string | null;
  /** Seconds of the device's own clock. */
  readonly rawSeconds: number;
  readonly received: string;
}

/** Something that a person should know of a device. */
export interface Notice {
  readonly device: string;
  readonly received: string;
  /**
   * `first`: never heard of before. `new-journal`: it was wiped, and counts from 0 again. `gap`: readings have not come,
   * `closed` with how many are still missing when some or all came later. `skipped`: it gave readings up itself.
   * `rejected`: a message that is none, or that somebody else sent. `answer`: what became of a command. `text`: what
   * SenML told that is no number.
   */
  readonly kind: "first" | "new-journal" | "gap" | "closed" | "skipped" | "rejected" | "answer" | "text";
  readonly text: string;
}

/** What is known of a device. */
export interface DeviceState {
  readonly readings: CollectorState;
  readonly seen: SeenIvs;
  /** Times of SenML records, by name: those that came last. */
  readonly senml?: SenmlTimes;
}

export interface Commit {
  readonly device: string;
  readonly rows: readonly StoredRow[];
  readonly notices: readonly Notice[];
  /** What is known of the device now; undefined when nothing is. */
  readonly state: DeviceState | undefined;
}

export interface Store {
  /** What was known of each device when the store was opened. */
  readonly known: ReadonlyMap<string, DeviceState>;
  /**
   * Keeps all of it or nothing; when this returns, no crash of this program can undo it. Many at once cost hardly more
   * than one. Of a device that is in it several times the last state counts.
   */
  commit(commits: readonly Commit[]): Promise<void> | void;
  close(): Promise<void> | void;
}
