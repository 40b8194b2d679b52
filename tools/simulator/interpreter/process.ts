/**
 * The interpreter as a child process, seen from the simulation: it asks, we answer, and it stands still meanwhile.
 * Two named pipes carry messages: nine digits (100000000 + length) and that many bytes of JSON, one byte a character.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { UserError } from "../../errors.ts";
import { createKeeper, ENDED, SLOT, type Keeper } from "./keeper.ts";

const HEAD = 9;
const HEAD_BASE = 100_000_000;
/** Of what the child printed last, this much goes into an error. */
const LAST_OUTPUT = 600;

export type Message = readonly unknown[];

/** How the child ended when nobody had told it to. */
export interface Ending {
  readonly how: "exited" | "killed" | "silent" | "not started";
  readonly text: string;
}

export class InterpreterProcess {
  readonly folder: string;
  readonly #program: string;
  readonly #keeper: Keeper;
  readonly #files: Record<"input" | "output" | "toHost" | "toDevice", number>;
  readonly #chunk = Buffer.alloc(65536);
  #received = Buffer.alloc(0);
  #printedUntil = 0;
  #alive = false;

  constructor(program: string, silenceMs: number) {
    this.#program = program;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "hibernode-"));
    const at = (name: string): string => path.join(this.folder, name);
    const pipes = ["stdin", "to-host", "to-device"];
    const made = spawnSync("mkfifo", pipes.map(at));
    if (made.status !== 0)
      throw new UserError("named pipes cannot be made here", {
        where: this.folder,
        fix: "the second engine needs Linux or macOS",
      });
    // Opened for both directions: opening does not wait for the other end, and the child never sees an end of file.
    this.#files = {
      input: fs.openSync(at("stdin"), "r+"),
      toHost: fs.openSync(at("to-host"), "r+"),
      toDevice: fs.openSync(at("to-device"), "r+"),
      output: fs.openSync(at("output"), "a+"),
    };
    const { input, output, toHost } = this.#files;
    this.#keeper = createKeeper({ program, folder: this.folder, input, output, wake: toHost, silenceMs });
  }

  get alive(): boolean {
    return this.#alive;
  }

  start(args: readonly string[]): void {
    this.#received = Buffer.alloc(0);
    this.#alive = true;
    this.#keeper.start(args);
  }

  /** The child's next message, or how it ended. Waits as long as the child computes. */
  receive(): Message | Ending {
    const { slots } = this.#keeper;
    Atomics.store(slots, SLOT.waiting, 1);
    try {
      for (;;) {
        if (this.#received[0] === 10) return this.#ended();
        const length =
          this.#received.length >= HEAD ? Number(this.#received.toString("latin1", 0, HEAD)) - HEAD_BASE : 0;
        if (!(length >= 0)) throw this.error("sends what is no message");
        if (length && this.#received.length >= HEAD + length) return this.#take(length);
        const count = fs.readSync(this.#files.toHost, this.#chunk, 0, this.#chunk.length, null);
        this.#received = Buffer.concat([this.#received, this.#chunk.subarray(0, count)]);
        // A child that dies in the middle of a message leaves its beginning behind.
        if (Atomics.load(slots, SLOT.ended) && this.#received.at(-1) === 10) return this.#ended();
      }
    } finally {
      Atomics.add(slots, SLOT.beats, 1);
      Atomics.store(slots, SLOT.waiting, 0);
    }
  }

  answer(value: unknown): void {
    const text = Buffer.from(JSON.stringify(value), "latin1");
    fs.writeSync(this.#files.toDevice, Buffer.concat([Buffer.from(String(HEAD_BASE + text.length)), text]));
  }

  /** Ends the child, which waits for an answer. */
  dismiss(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#keeper.end();
  }

  /** What the child has printed since the last call. */
  printed(): string {
    let text = "";
    for (;;) {
      const count = fs.readSync(this.#files.output, this.#chunk, 0, this.#chunk.length, this.#printedUntil);
      if (!count) return text;
      this.#printedUntil += count;
      text += this.#chunk.toString("latin1", 0, count);
    }
  }

  error(what: string, fix?: string): UserError {
    const all = fs.readFileSync(path.join(this.folder, "output"), "latin1").trimEnd();
    const last = all ? `; its last output:\n${all.slice(-LAST_OUTPUT)}` : "; it printed nothing";
    return new UserError(`the interpreter ${what}${last}`, { where: this.#program, fix });
  }

  close(): void {
    this.dismiss();
    this.#keeper.stop();
    for (const file of Object.values(this.#files)) fs.closeSync(file);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  #take(length: number): Message {
    const text = this.#received.toString("latin1", HEAD, HEAD + length);
    this.#received = this.#received.subarray(HEAD + length);
    try {
      return JSON.parse(text) as Message;
    } catch {
      throw this.error(`sends what is no message: ${text.slice(0, 80)}`);
    }
  }

  #ended(): Ending {
    const { slots } = this.#keeper;
    this.#alive = false;
    const code = Atomics.load(slots, SLOT.code);
    switch (Atomics.load(slots, SLOT.ended)) {
      case ENDED.silent:
        return { how: "silent", text: "fell silent" };
      case ENDED.killed:
        return { how: "killed", text: `was ended by signal ${code}` };
      case ENDED.notStarted:
        return { how: "not started", text: "could not be started" };
      default:
        return { how: "exited", text: `ended with exit code ${code}` };
    }
  }
}
