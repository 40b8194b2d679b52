/** What happened when: states and values of a run, for a table (CSV) and for logic-analyser viewers (VCD). */
import { csvField } from "../csv-field.ts";
import type { Clock } from "./clock.ts";

export interface TimelineOptions {
  /** Further lines are counted, not kept: a run of years has millions. */
  readonly limit?: number;
}

interface Line {
  readonly atUs: number;
  readonly signal: string;
  readonly value: string | number;
}

const DEFAULT_LIMIT = 200_000;

export class Timeline {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #lines: Line[] = [];
  #dropped = 0;

  constructor(clock: Clock, { limit = DEFAULT_LIMIT }: TimelineOptions = {}) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** The function that devices and parts are given. */
  readonly trace = (signal: string, value: string | number): void => {
    if (this.#lines.length >= this.#limit) this.#dropped++;
    else this.#lines.push({ atUs: this.#clock.nowUs, signal, value });
  };

  /** Lines that came after the limit. */
  get dropped(): number {
    return this.#dropped;
  }

  get lines(): readonly Line[] {
    return this.#lines;
  }

  /** `time_s,signal,value`; seconds with microseconds, text quoted where CSV needs it. */
  csv(): string {
    const rows = this.#lines.map(
      ({ atUs, signal, value }) => `${(atUs / 1e6).toFixed(6)},${csvField(signal)},${csvField(String(value))}`,
    );
    if (this.#dropped) rows.push(`${this.#end()},timeline,${csvField(this.#remark())}`);
    return ["time_s,signal,value", ...rows, ""].join("\n");
  }

  /**
   * Value change dump with a time scale of 1 µs. Signals that are only ever 0 or 1 are wires, other numbers are reals,
   * anything else is text (GTKWave shows it, PulseView leaves it out).
   */
  vcd(): string {
    const signals = new Map<string, Signal>();
    for (const { signal, value } of this.#lines) {
      let known = signals.get(signal);
      if (!known)
        signals.set(
          signal,
          (known = { id: identifier(signals.size), name: vcdName(signal), kind: "wire", first: value }),
        );
      if (typeof value === "string") known.kind = "string";
      else if (known.kind === "wire" && value !== 0 && value !== 1) known.kind = "real";
    }
    const out = ["$comment Hibernode timeline $end"];
    if (this.#dropped) out.push(`$comment ${this.#remark()} $end`);
    out.push("$timescale 1 us $end", "$scope module node $end");
    for (const { id, name, kind } of signals.values()) out.push(`$var ${kind} ${widths[kind]} ${id} ${name} $end`);
    out.push("$upscope $end", "$enddefinitions $end");
    // Viewers do not take initial values from $dumpvars: every signal gets one at time 0.
    let atUs = 0;
    out.push("#0");
    const started = new Set<Signal>();
    for (const { atUs: lineUs, signal } of this.#lines) if (lineUs === 0) started.add(signals.get(signal)!);
    for (const known of signals.values()) if (!started.has(known)) out.push(unknown(known));
    for (const { atUs: lineUs, signal, value } of this.#lines) {
      if (lineUs !== atUs) out.push(`#${(atUs = lineUs)}`);
      const change = written(signals.get(signal)!, value);
      if (change) out.push(change);
    }
    const endUs = this.#clock.nowUs;
    if (endUs > atUs) out.push(`#${endUs}`);
    return `${out.join("\n")}\n`;
  }

  #end(): string {
    return ((this.#lines.at(-1)?.atUs ?? 0) / 1e6).toFixed(6);
  }

  #remark(): string {
    return `cut off here: ${this.#dropped} more lines were not kept (limit ${this.#limit})`;
  }
}

interface Signal {
  readonly id: string;
  readonly name: string;
  kind: "wire" | "real" | "string";
  readonly first: string | number;
}

const widths = { wire: 1, real: 64, string: 1 };

/** Printable ASCII from `!` on, as many characters as it takes. */
function identifier(index: number): string {
  const base = 94;
  let id = "";
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / base))
    id = String.fromCharCode(33 + ((rest - 1) % base)) + id;
  return id;
}

const vcdName = (signal: string): string => signal.replace(/[^\x21-\x7e]/g, "_");
const vcdText = (text: string): string => text.replace(/[^\x21-\x7e]/g, "_") || "_";

function written({ kind, id }: Signal, value: string | number): string {
  if (kind === "wire") return `${value}${id}`;
  if (kind === "string") return `s${vcdText(String(value))} ${id}`;
  // Not-a-number has no place in a real.
  return Number.isFinite(value) ? `r${value} ${id}` : "";
}

/** Before its first value: an unknown bit, an empty text; a real has no unknown and starts at its first value. */
function unknown(signal: Signal): string {
  if (signal.kind === "wire") return `x${signal.id}`;
  return written(signal, signal.kind === "string" ? "_" : signal.first) || `r0 ${signal.id}`;
}
