/**
 * Rows as lines of a file, NDJSON or CSV. Beside it: FILE.notices, and FILE.state, a log whose every line tells what is
 * known of some devices and how long the other two files were then. What lies beyond those lengths when a receiver starts
 * was never acknowledged: it is cut off, and the broker sends it again.
 */
import { csvField } from "../../csv-field.ts";
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs"; // prettier-ignore
import { UserError } from "../../errors.ts";
import type { Commit, DeviceState, Store, StoredRow } from "../store.ts";
import { lock } from "./lock.ts";

const columns = [
  "time",
  "device",
  "name",
  "value",
  "unit",
  "fault",
  "journal",
  "seq",
  "rawSeconds",
  "received",
] as const;

const formats = {
  ndjson: { head: "", line: (row: StoredRow) => JSON.stringify(row) + "\n" },
  csv: {
    head: columns.join() + "\r\n",
    line: (row: StoredRow) => columns.map((name) => csvField(String(row[name] ?? ""))).join() + "\r\n",
  },
};

interface LogLine {
  readonly rows: number;
  readonly notices: number;
  readonly states?: readonly (readonly [device: string, state: DeviceState])[];
}

/** The log is written anew when it has grown this much beyond what it must hold. */
const COMPACT_BYTES = 4 << 20;

export function openLines(file: string, format: keyof typeof formats): Store {
  const { head, line } = formats[format];
  const held = lock(file);
  const known = new Map<string, DeviceState>();
  const logFile = `${file}.state`;
  let end: LogLine = { rows: 0, notices: 0 };
  const past = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
  if (!past && existsSync(file) && readFileSync(file).length) {
    held.release();
    throw new UserError("this file was not written by a receiver, or its .state file is gone", {
      where: file,
      fix: "give another file name, or move this one away",
    });
  }
  for (const text of past.split("\n").slice(0, -1)) {
    try {
      end = JSON.parse(text) as LogLine;
    } catch {
      // torn when the machine lost power: nothing after it was acknowledged
      break;
    }
    for (const [device, state] of end.states ?? []) known.set(device, state);
  }

  const rows = openSync(file, "a");
  const notices = openSync(`${file}.notices`, "a");
  const size = (handle: number): number => fstatSync(handle).size;
  for (const [handle, name, least] of [
    [rows, file, end.rows],
    [notices, `${file}.notices`, end.notices],
  ] as const) {
    if (size(handle) < least) {
      held.release();
      throw new UserError(`the file is shorter, by ${least - size(handle)} bytes, than the receiver left it`, {
        where: name,
        fix: `put it back, or move it away together with ${file}.notices and ${logFile} to begin anew`,
      });
    }
    ftruncateSync(handle, least);
  }
  if (size(rows) === 0 && head) append(rows, head);

  let log = compact();
  let logBytes = 0;

  function compact(): number {
    const lengths = { rows: size(rows), notices: size(notices) };
    const lines = [lengths, ...[...known].map((state) => ({ ...lengths, states: [state] }))];
    writeFileSync(`${logFile}.new`, lines.map((entry) => JSON.stringify(entry) + "\n").join(""), { flush: true });
    renameSync(`${logFile}.new`, logFile);
    return openSync(logFile, "a");
  }

  /** On the disk when it returns. */
  function append(handle: number, text: string): void {
    if (!text) return;
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  }

  return {
    known,
    commit(commits: readonly Commit[]) {
      append(rows, commits.flatMap((commit) => commit.rows.map(line)).join(""));
      append(notices, commits.flatMap(({ notices }) => notices.map((notice) => JSON.stringify(notice) + "\n")).join("")); // prettier-ignore
      const states = new Map<string, DeviceState>();
      for (const { device, state } of commits) if (state) states.set(device, state);
      for (const [device, state] of states) known.set(device, state);
      const entry: LogLine = { rows: size(rows), notices: size(notices), states: [...states] };
      const text = JSON.stringify(entry) + "\n";
      append(log, text);
      logBytes += text.length;
      if (logBytes > COMPACT_BYTES) {
        closeSync(log);
        log = compact();
        logBytes = 0;
      }
    },
    close() {
      for (const handle of [rows, notices, log]) closeSync(handle);
      held.release();
    },
  };
}
