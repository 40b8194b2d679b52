/** A pseudo-terminal, whose other end is a function: what a program finds behind a serial port. */
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";

export interface Terminal {
  readonly name: string;
  /** Killed, the terminal hangs up: as a plug that is pulled. */
  readonly process: ChildProcess;
  write(bytes: Uint8Array | string): void;
}

/** @param receive told what the program writes, and at which speed its end of the terminal is set then */
export function openTerminal(receive: (bytes: Buffer, baud: number) => void): Promise<Terminal> {
  const child = spawn("python3", [path.join(import.meta.dirname, "terminal.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => undefined);
  return new Promise((resolve) => {
    let held = Buffer.alloc(0);
    let name = "";
    child.stdout.on("data", (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      if (!name) {
        const end = held.indexOf("\n");
        if (end < 0) return;
        name = held.toString("latin1", 0, end);
        held = held.subarray(end + 1);
        resolve({ name, process: child, write: (text) => void (child.stdin.writable && child.stdin.write(text)) });
      }
      // each piece has its speed and length in front
      while (held.length >= 8 && held.length >= 8 + held.readUInt32LE(4)) {
        const length = held.readUInt32LE(4);
        receive(Buffer.from(held.subarray(8, 8 + length)), held.readUInt32LE(0));
        held = held.subarray(8 + length);
      }
    });
  });
}
