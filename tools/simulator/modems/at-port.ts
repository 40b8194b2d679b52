/**
 * The serial side of an AT modem: baud rate training, echo, command lines in, answers and unsolicited lines out. One
 * command at a time; unsolicited lines come at any moment between lines, also inside an answer.
 */
import type { Clock } from "../clock.ts";
import type { PartContext, Random, SerialLine, SerialTarget } from "../hardware.ts";
import { parseCommandLine } from "./at-syntax.ts";
import type { AtCommand } from "./at-syntax.ts";

/** A final result that ends the command line. */
export class AtFailure {
  constructor(
    /** +CME ERROR code, or undefined for a plain ERROR. */
    readonly code?: number,
    /** Lines that follow the error. */
    readonly after: readonly string[] = [],
  ) {}
}

/** Information lines, the final result, and lines that follow it. */
export interface AtResult {
  readonly lines?: readonly string[];
  /** "OK" when absent. */
  readonly final?: string;
  readonly after?: readonly string[];
}

/** The information lines before OK are enough where nothing else is said. */
export type AtAnswer = readonly string[] | AtResult | AtFailure;

export interface AtPortOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly line: SerialLine;
  readonly fault: PartContext["fault"];
  /** Rates that autobauding recognises. */
  readonly rates: readonly number[];
  readonly answerUs: () => number;
  /** Executes one command; `done` is called once, now or later. */
  readonly execute: (command: AtCommand, done: (answer: AtAnswer) => void) => void;
  /** What the family writes differently. */
  readonly shape?: (line: string) => string;
  /** Bytes arrived: true when the modem was awake enough to hear them. */
  readonly heard: () => boolean;
}

export interface AtSettings {
  /** 0 = autobauding. */
  baud: number;
  echo: boolean;
  /** AT+CMEE: 0 plain ERROR, 1 numeric, 2 words. */
  errors: 0 | 1 | 2;
}

export interface AtPort extends SerialTarget {
  readonly settings: AtSettings;
  /** From now on the port hears and speaks. */
  open(): void;
  /** Dead from now on; a command in progress is forgotten. */
  close(): void;
  /** An unsolicited line; lost while the port is closed or its baud rate unknown. */
  urc(line: string): void;
  /** An unsolicited line and bytes behind it, which end as they end. */
  push(line: string, bytes: Uint8Array): void;
  /** Asks for data: the next `count` bytes are no command line. */
  prompt(count: number, taken: (bytes: Uint8Array) => void, mark?: string): void;
}

const maxLineLength = 2048;
/** How often an unsolicited line is held back to land inside the answer in progress. */
const interleaveShare = 0.5;

export function createAtPort(options: AtPortOptions): AtPort {
  const { clock, random, line, fault } = options;
  const settings: AtSettings = { baud: 0, echo: true, errors: 0 };
  let isOpen = false;
  let trainedBaud = 0;
  let buffer = "";
  let waiting: string[] = [];
  let busy = false;
  /** The answer is about to come; not while a command takes seconds. */
  let answering = false;
  /** Counts openings: an answer of before the last one is not given any more. */
  let session = 0;
  let held: string[] = [];

  const baud = () => settings.baud || trainedBaud;
  const shape = options.shape ?? ((text: string) => text);
  const framed = (text: string) => `\r\n${shape(text)}\r\n`;
  let wanted: { count: number; readonly taken: (bytes: Uint8Array) => void } | undefined;

  function transmit(text: string): void {
    if (!isOpen || !baud() || !text || fault("silent")) return;
    const bytes = Buffer.from(text, "latin1");
    if (fault("garbage")) for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random.next() * 256);
    line.transmit(new Uint8Array(bytes), baud());
  }

  /** Held unsolicited lines go to a random place between the lines of the answer. */
  function answer(lines: readonly string[]): void {
    const all = [...lines];
    for (const urc of held.splice(0)) all.splice(Math.floor(random.next() * (all.length + 1)), 0, urc);
    transmit(all.map(framed).join(""));
  }

  function failure({ code, after }: AtFailure): string[] {
    return [code === undefined || settings.errors === 0 ? "ERROR" : `+CME ERROR: ${code}`, ...after];
  }

  function next(): void {
    const text = waiting.shift();
    busy = text !== undefined;
    if (text === undefined) return answer([]);
    const started = session;
    answering = true;
    clock.after(options.answerUs(), () => {
      if (session !== started) return;
      answering = false;
      runLine(text, started);
    });
  }

  function runLine(text: string, started: number): void {
    // "AT" alone is a command line without commands.
    const commands = text === "" ? [] : text.length > maxLineLength ? undefined : parseCommandLine(text);
    if (!commands) return finish(failure(new AtFailure()));
    const lines: string[] = [];
    const step = (index: number, final: string, after: readonly string[]): void => {
      const command = commands[index];
      if (!command) return finish([...lines, final, ...after]);
      options.execute(command, (result) => {
        if (session !== started) return;
        if (result instanceof AtFailure) return finish([...lines, ...failure(result)]);
        const more: AtResult = Array.isArray(result) ? { lines: result } : (result as AtResult);
        lines.push(...(more.lines ?? []));
        step(index + 1, more.final ?? final, [...after, ...(more.after ?? [])]);
      });
    };
    step(0, "OK", []);
  }

  function finish(lines: readonly string[]): void {
    answer(lines);
    next();
  }

  /** In autobauding the first "AT" at a new rate only teaches the rate. */
  function trains(text: string, atBaud: number): boolean {
    if (settings.baud || atBaud === trainedBaud) return false;
    if (options.rates.includes(atBaud) && /at/i.test(text)) trainedBaud = atBaud;
    return true;
  }

  return {
    settings,
    receive(bytes, atBaud) {
      if (!isOpen || !options.heard() || fault("silent")) return;
      const text = Buffer.from(bytes).toString("latin1");
      if (trains(text, atBaud)) {
        buffer = "";
        return;
      }
      if (atBaud !== baud()) return;
      if (settings.echo) transmit(text);
      buffer += text;
      if (wanted) {
        if (buffer.length < wanted.count) return;
        const { count, taken } = wanted;
        wanted = undefined;
        const data = buffer.slice(0, count);
        // A line's end behind the data belongs to them.
        buffer = buffer.slice(count).replace(/^[\r\n]+/, "");
        taken(new Uint8Array(Buffer.from(data, "latin1")));
      }
      for (let end = buffer.indexOf("\r"); end >= 0; end = buffer.indexOf("\r")) {
        const typed = buffer.slice(0, end).replace(/\n/g, "");
        buffer = buffer.slice(end + 1);
        const command = /^\s*at(.*)$/is.exec(typed);
        // What does not start with AT is not a command line and gets no answer.
        if (command) waiting.push(command[1]!.trim());
      }
      if (buffer.length > 2 * maxLineLength) buffer = "";
      if (!busy && waiting.length) next();
    },
    open() {
      isOpen = true;
      trainedBaud = 0;
      buffer = "";
      wanted = undefined;
    },
    close() {
      isOpen = false;
      session++;
      busy = answering = false;
      waiting = [];
      held = [];
    },
    urc(text) {
      if (!isOpen) return;
      if (answering && random.next() < interleaveShare) held.push(text);
      else transmit(framed(text));
    },
    push(text, bytes) {
      transmit(framed(text) + Buffer.from(bytes).toString("latin1"));
    },
    prompt(count, taken, mark = "\r\n> ") {
      wanted = { count, taken };
      // The line feed behind the command is none of the data.
      buffer = buffer.replace(/^\n/, "");
      transmit(mark);
    },
  };
}
