/**
 * The same scenario on both engines, and where they part: what reached the broker, what the flash holds, every bus
 * transaction, every state, the joules. Nothing that leaves the device may differ.
 */
import type { BoardFacts } from "../../boards/types.ts";
import type { Interpreter } from "./interpreter/probe.ts";
import type { Received } from "./network/server.ts";
import { createSink } from "./network/sink.ts";
import { run, type Run, type RunOptions } from "./run.ts";

/** The first place where the engines differ, with what surrounds it on both sides. */
export interface Difference {
  readonly what: string;
  /** Number of the entry, an address, or the name of a cause. */
  readonly at: string;
  readonly fast: readonly string[];
  readonly interpreter: readonly string[];
}

export interface Agreement {
  /** What was compared, and how much of it. */
  readonly compared: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
  readonly fast: Run;
  readonly interpreter: Run;
}

export type AgreementOptions = Omit<RunOptions, "interpreter" | "observe" | "timeline" | "server" | "received"> & {
  readonly interpreter: Interpreter;
};

const CONTEXT = 3;
const ROW = 16;
const STATE_PAGES = 2;
const PAGE_BYTES = 4096;
/** Both ledgers add the same numbers in the same order; this is for the last bit. */
const RELATIVE = 1e-9;

export async function compareEngines({ interpreter, ...options }: AgreementOptions): Promise<Agreement> {
  const share = (from: number) => (part: number) => options.progress?.(from + part / 2);
  const fast = await record({ ...options, progress: share(0) });
  const real = await record({ ...options, progress: share(0.5), interpreter });
  const differences: Difference[] = [];
  const compared: Record<string, number> = {};
  for (const what of streams) {
    compared[what] = fast[what].length;
    const found = firstDifference(what, fast[what], real[what]);
    if (found) differences.push(found);
  }
  const journal = journalRegion(options.scenario.board.facts());
  compared["journal bytes"] = journal.length;
  differences.push(...flashDifference(journal, fast.run.flash, real.run.flash), ...joules(fast.run, real.run));
  compared["causes of energy"] = fast.run.energy.shareByCause.length;
  return { compared, differences, fast: fast.run, interpreter: real.run };
}

/** Earliest causes first: a state that differs explains the transaction that differs. */
const streams = ["wakes and states", "bus transactions", "uplink messages", "printed lines"] as const;

type Recording = Record<(typeof streams)[number], string[]> & { readonly run: Run };

async function record(options: RunOptions | Omit<RunOptions, "server">): Promise<Recording> {
  const uplink: string[] = [];
  const transactions: string[] = [];
  const printed: string[] = [];
  const lived = await run({
    ...options,
    timeline: true,
    console: (line, seconds) => void printed.push(`${seconds.toFixed(6)} s  ${line}`),
    observe: ({ atUs, bus, kind, address, data }) => {
      const to = address === undefined ? "" : ` 0x${address.toString(16)}`;
      transactions.push(`${stamp(atUs)}  ${bus} ${kind}${to}  ${hex(data)}`);
    },
    server: (nowUs, onMessage) =>
      createSink({
        nowUs,
        keep: false,
        onMessage(message: Received) {
          uplink.push(`${stamp(message.atUs)}  ${message.topic}  ${hex(message.payload)}`);
          onMessage(message);
        },
      }),
  });
  const states = lived.timeline!.lines.map(({ atUs, signal, value }) => `${stamp(atUs)}  ${signal} = ${value}`);
  return {
    run: lived,
    "wakes and states": states,
    "bus transactions": transactions,
    "uplink messages": uplink,
    "printed lines": printed,
  };
}

const stamp = (atUs: number): string => `${(atUs / 1e6).toFixed(6)} s`;
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

export function firstDifference(
  what: string,
  fast: readonly string[],
  interpreter: readonly string[],
): Difference | undefined {
  const longest = Math.max(fast.length, interpreter.length);
  let at = 0;
  while (at < longest && fast[at] === interpreter[at]) at++;
  if (at === longest) return undefined;
  const around = (list: readonly string[]): string[] => {
    const shown = list.slice(Math.max(0, at - CONTEXT), at + CONTEXT);
    return list.length <= at ? [...shown, `(ends after ${list.length})`] : shown;
  };
  return { what, at: `entry ${at + 1}`, fast: around(fast), interpreter: around(interpreter) };
}

function journalRegion({ journalFlash: { address, pages } }: BoardFacts): { address: number; length: number } {
  return { address, length: Math.max(pages, STATE_PAGES) * PAGE_BYTES };
}

function flashDifference(
  { address, length }: { address: number; length: number },
  fast: Uint8Array,
  interpreter: Uint8Array,
): Difference[] {
  let at = address;
  while (at < address + length && fast[at] === interpreter[at]) at++;
  if (at === address + length) return [];
  const from = Math.max(address, at - (at % ROW) - ROW);
  const rows = (flash: Uint8Array): string[] =>
    [0, 1, 2].map(
      (row) => `0x${(from + row * ROW).toString(16)}  ${hex(flash.subarray(from + row * ROW, from + (row + 1) * ROW))}`,
    );
  return [{ what: "journal bytes", at: `0x${at.toString(16)}`, fast: rows(fast), interpreter: rows(interpreter) }];
}

function joules(fast: Run, interpreter: Run): Difference[] {
  const of = ({ energy }: Run): Map<string, number> =>
    new Map(energy.shareByCause.map(({ cause, joules: j }) => [cause, j]));
  const [one, other] = [of(fast), of(interpreter)];
  const bad = [...new Set([...one.keys(), ...other.keys()])].find((cause) => {
    const [a, b] = [one.get(cause) ?? 0, other.get(cause) ?? 0];
    return Math.abs(a - b) > RELATIVE * Math.max(a, b);
  });
  if (bad === undefined) return [];
  const lines = (map: Map<string, number>): string[] => [...map].map(([cause, value]) => `${cause}: ${value} J`);
  return [{ what: "joules", at: bad, fast: lines(one), interpreter: lines(other) }];
}
