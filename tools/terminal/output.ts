/**
 * Where a verb's words go: lines for people on a terminal or in a log, or one JSON document. Nothing else in the tools
 * writes to the console.
 */
import { SingleBar } from "cli-progress";
import pc from "picocolors";
import { UserError } from "../errors.ts";
import { WIDTH } from "./table.ts";

export interface Output {
  readonly json: boolean;
  /** One finished step: what, with which result, and how long it took. */
  step(name: string, detail: string, ms?: number): void;
  /** A fact with its name in front, in the column of the steps. */
  fact(name: string, text: string, paint?: (name: string) => string): void;
  line(text?: string): void;
  /** To standard error, in JSON too. */
  warn(text: string): void;
  /** Long work, 0 to 1. One bar on a terminal, a line every fifth elsewhere, nothing in JSON. */
  progress(name: string): Progress;
  /** The verb's result. In JSON it is the only thing printed on standard output. */
  result(document: object): void;
}

export interface Progress {
  /** @param note behind the bar, for instance a rate; not shown elsewhere */
  update(share: number, note?: string): void;
  done(): void;
}

/** Width of the names in front of steps and facts. */
const NAME = 12;
const TIME = 10;

export function createOutput({ json }: { json: boolean }): Output {
  const print = (text: string): void => void (json || process.stdout.write(text + "\n"));
  return {
    json,
    step(name, detail, ms) {
      const time = ms === undefined ? "" : `${Math.round(ms).toLocaleString("en")} ms`;
      print(`${pc.cyan(name.padEnd(NAME))}${detail.padEnd(60)}${pc.dim(time.padStart(TIME))}`.trimEnd());
    },
    fact: (name, text, paint = (plain) => plain) => print(paint(name.padEnd(NAME)) + indented(text)),
    line: (text = "") => print(text),
    warn: (text) => void process.stderr.write(`${pc.yellow("warning".padEnd(NAME))}${indented(text)}\n`),
    progress: (name) => (json ? silent : process.stdout.isTTY ? bar(name) : lines(name, print)),
    result(document) {
      if (json) process.stdout.write(JSON.stringify(document, null, 2) + "\n");
    },
  };
}

const silent: Progress = { update: () => undefined, done: () => undefined };

function bar(name: string): Progress {
  const single = new SingleBar({
    format: `${name.padEnd(NAME)}{bar} {percentage} % {note}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 40,
    hideCursor: true,
    clearOnComplete: true,
  });
  single.start(1, 0, { note: "" });
  return { update: (share, note = "") => single.update(share, { note }), done: () => single.stop() };
}

function lines(name: string, print: (text: string) => void): Progress {
  let shown = 0;
  return {
    update(share) {
      if (share < shown + 0.2) return;
      shown = Math.floor(share * 5) / 5;
      print(`${name.padEnd(NAME)}${Math.round(shown * 100)} %`);
    },
    done: () => undefined,
  };
}

/** What, where, and what to do. */
export function describeError(error: UserError): string {
  const lines = [
    `${pc.red("error".padEnd(NAME))}${indented(`${error.where ? `${error.where}: ` : ""}${error.message}`)}`,
  ];
  if (error.fix) lines.push(`${pc.green("fix".padEnd(NAME))}${indented(error.fix)}`);
  return lines.join("\n");
}

/** Wraps a long line at its words, under the column of the text. Texts of several lines (code frames) stay as they are. */
function indented(text: string): string {
  if (text.includes("\n")) return text;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && NAME + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join(`\n${" ".repeat(NAME)}`);
}
