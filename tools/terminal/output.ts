/**
 * Where a verb's words go: lines for people on a terminal or in a log, or one JSON document. Nothing else in the tools
 * writes to the console.
 */
import { SingleBar } from "cli-progress";
import pc from "picocolors";
import { UserError } from "../errors.ts";

export interface Output {
  readonly json: boolean;
  /** One finished step: what, with which result, and how long it took. */
  step(name: string, detail: string, ms?: number): void;
  line(text?: string): void;
  warn(text: string): void;
  /** Long work, 0 to 1. One bar on a terminal, a line every fifth elsewhere, nothing in JSON. */
  progress(name: string): Progress;
  /** The verb's result. In JSON it is the only thing printed on standard output. */
  result(document: object): void;
}

export interface Progress {
  update(share: number, detail?: string): void;
  done(): void;
}

export function createOutput({ json }: { json: boolean }): Output {
  const print = (text: string): void => void (json || process.stdout.write(text + "\n"));
  return {
    json,
    step(name, detail, ms) {
      const time = ms === undefined ? "" : `${Math.round(ms).toLocaleString("en")} ms`;
      print(`${pc.cyan(name.padEnd(10))}${detail.padEnd(56)}${pc.dim(time.padStart(10))}`.trimEnd());
    },
    line: (text = "") => print(text),
    warn: (text) => void process.stderr.write(`${pc.yellow("warning")}   ${text}\n`),
    progress: (name) => (json ? silent : process.stdout.isTTY ? bar(name) : lines(name, print)),
    result(document) {
      if (json) process.stdout.write(JSON.stringify(document, null, 2) + "\n");
    },
  };
}

const silent: Progress = { update: () => undefined, done: () => undefined };

function bar(name: string): Progress {
  const single = new SingleBar({
    format: `${name.padEnd(10)}[{bar}] {percentage} %  {detail}`,
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
  });
  single.start(1, 0, { detail: "" });
  return {
    update: (share, detail = "") => single.update(share, { detail }),
    done: () => single.stop(),
  };
}

function lines(name: string, print: (text: string) => void): Progress {
  let shown = 0;
  return {
    update(share, detail = "") {
      if (share < shown + 0.2) return;
      shown = Math.floor(share * 5) / 5;
      print(`${name.padEnd(10)}${Math.round(shown * 100)} %  ${detail}`.trimEnd());
    },
    done: () => undefined,
  };
}

/** What, where, and what to do. */
export function describeError(error: UserError): string {
  const lines = [`${pc.red("error")}     ${error.where ? `${error.where}: ` : ""}${error.message}`];
  if (error.fix) lines.push(`${pc.green("fix")}       ${error.fix}`);
  return lines.join("\n");
}
