/**
 * Keeps the interpreter's process from a thread of its own: the main thread stands still while it waits for the child,
 * so somebody else has to start it, to notice that it has ended or fallen silent, and to reap it.
 */
import childProcess from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import threads, { Worker } from "node:worker_threads";

/** Numbers shared between the two threads. */
export const SLOT = {
  /** 1 while the main thread waits for a message of the child. */
  waiting: 0,
  /** Grows with every message: a sign of life. */
  beats: 1,
  /** 1 once the child was told to go: its end is no news. */
  dismissed: 2,
  /** How the child ended, see `ENDED`. */
  ended: 3,
  /** Exit code or signal number. */
  code: 4,
} as const;

export const ENDED = { not: 0, exited: 1, killed: 2, silent: 3, notStarted: 4 } as const;

export interface KeeperOptions {
  readonly program: string;
  readonly folder: string;
  /** Where the child reads its standard input, and where both its outputs go. */
  readonly input: number;
  readonly output: number;
  /** The pipe on which the main thread waits; a line feed there says that the child has ended. */
  readonly wake: number;
  /** Real milliseconds without a message after which the child is killed. */
  readonly silenceMs: number;
}

export interface Keeper {
  readonly slots: Int32Array;
  /** Starts a child as soon as the one before has gone. */
  start(args: readonly string[]): void;
  /** Ends the child, which waits for an answer. */
  end(): void;
  /** Ends the child and the thread. */
  stop(): void;
}

/**
 * Becomes the interpreter, and leaves a watcher behind that ends it when this process is gone: its pipe then closes
 * without a word. An interpreter in an endless loop would not notice by itself.
 */
const LAUNCH = `{ read -r _ <&3 || kill -9 $$; } & exec "$0" "$@" 3<&-`;

/** The thread's program. It is handed over as text, so it may use nothing but its parameters. */
function keep(
  processes: typeof childProcess,
  files: typeof fs,
  { constants }: typeof os,
  { parentPort, workerData }: typeof threads,
  slot: typeof SLOT,
  ended: typeof ENDED,
  launch: string,
): void {
  const { slots, program, folder, input, output, wake, silenceMs } = workerData as KeeperOptions & {
    slots: Int32Array;
  };
  let child: ReturnType<typeof processes.spawn> | undefined;
  let next: string[] | undefined;
  let stopping = false;

  const start = (args: string[]): void => {
    let silent = false;
    let beats = -1;
    slots[slot.dismissed] = slots[slot.ended] = 0;
    const begun = (child = processes.spawn("sh", ["-c", launch, program, ...args], {
      cwd: folder,
      stdio: [input, output, output, "pipe"],
    }));
    const leash = begun.stdio[3] as import("node:stream").Writable;
    leash.on("error", () => {});
    const watch = setInterval(() => {
      const now = Atomics.load(slots, slot.beats);
      silent = Atomics.load(slots, slot.waiting) === 1 && now === beats;
      beats = now;
      if (silent) begun.kill("SIGKILL");
    }, silenceMs);
    const over = (how: number, code: number): void => {
      if (child !== begun) return;
      child = undefined;
      clearInterval(watch);
      leash.end("\n");
      if (!Atomics.load(slots, slot.dismissed)) {
        Atomics.store(slots, slot.code, code);
        Atomics.store(slots, slot.ended, how);
        files.writeSync(wake, "\n");
      }
      if (stopping) parentPort!.close();
      else if (next) start(next);
      next = undefined;
    };
    begun.on("error", () => over(ended.notStarted, 0));
    begun.on("exit", (code, signal) =>
      over(silent ? ended.silent : signal ? ended.killed : ended.exited, code ?? constants.signals[signal!]),
    );
  };

  parentPort!.on("message", (order: string[] | "end" | "stop") => {
    if (typeof order !== "string") {
      if (child) next = order;
      else start(order);
      return;
    }
    stopping ||= order === "stop";
    // Asked to exit, the interpreter would take 50 ms; there is nothing that it has to put in order.
    if (child) child.kill("SIGKILL");
    else if (stopping) parentPort!.close();
  });
}

export function createKeeper(options: KeeperOptions): Keeper {
  const slots = new Int32Array(new SharedArrayBuffer(Object.keys(SLOT).length * 4));
  const parameters = `["child_process", "fs", "os", "worker_threads"].map((name) => require("node:" + name))`;
  const text = `(${keep.toString()})(...${parameters}, ${JSON.stringify(SLOT)}, ${JSON.stringify(ENDED)}, ${JSON.stringify(LAUNCH)})`;
  const worker = new Worker(text, { eval: true, workerData: { slots, ...options } });
  // A run that fails must not be held up by its helper.
  worker.unref();
  return {
    slots,
    start: (args) => worker.postMessage([...args]),
    end() {
      Atomics.store(slots, SLOT.dismissed, 1);
      worker.postMessage("end");
    },
    stop: () => worker.postMessage("stop"),
  };
}
