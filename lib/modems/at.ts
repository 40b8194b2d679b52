/**
 * A conversation with a modem over its UART (ITU-T V.250, 3GPP TS 27.007): commands one at a time, each with a limit,
 * and whatever lines the modem sends in between. Echo may be on or off.
 */
import { MODEM_ERROR, MODEM_SILENT } from "../faults.ts";
import type { Done, SerialPort } from "../platform/ports.ts";
import { toHex } from "./hex.ts";
import type { Timers } from "./modem.ts";

/** A line of 512 received bytes in hex has 1040 characters; what grows beyond this is noise. */
const LONGEST_LINE = 2200;

/** Bytes that are hex digits in RAM at once. */
const HEX_PIECE = 32;

/** Late answers come in one burst, and the UART task hands it over in steps of 5 ms. */
const QUIET_MS = 100;

export interface AtSession {
  /**
   * Sends a command when those before it have ended. `done` gets 0 after OK, MODEM_ERROR after any ERROR, MODEM_SILENT
   * when neither came within `limitMs`. Where there are `bytes`, their hex digits follow the command, and `end` those.
   */
  ask(command: string, limitMs: number, done: Done, bytes?: string, end?: string): void;
  /** Forgets what waits and what is under way; their `done` is not called. */
  abort(): void;
}

/** @param heard gets every line that is neither echo nor final result; true = the line ends the command as OK does */
export function atSession(port: SerialPort, timers: Timers, heard: (line: string) => boolean | void): AtSession {
  let buffer = "";
  let queue: (readonly [command: string, limitMs: number, done: Done, bytes?: string, end?: string])[] = [];
  let current: Done | undefined;
  let timer = 0;
  let silent = false;
  let paused = false;

  const next = () => {
    if (current || paused || !queue.length) return;
    const first = queue.shift()!;
    current = first[2];
    timer = timers.after(first[1], () => end(MODEM_SILENT));
    let command = first[0];
    const bytes = first[3];
    // a line with all of them would take more RAM than all else that a report is made of
    if (bytes) {
      for (let i = 0; i < bytes.length; i += HEX_PIECE) {
        port.write(command);
        command = toHex(bytes.substr(i, HEX_PIECE));
      }
      command += first[4];
    }
    port.write(command + "\r");
  };

  /** Answers to commands that were given up may still come: nothing is sent until they have passed. */
  const pause = () => {
    silent = false;
    paused = true;
    timers.after(QUIET_MS, () => {
      paused = false;
      next();
    });
  };

  const end = (fault: number) => {
    const done = current;
    if (!done) return;
    timers.cancel(timer);
    current = undefined;
    if (fault === MODEM_SILENT) silent = true;
    else if (silent) pause();
    done(fault);
    next();
  };

  port.removeAllListeners("data");
  port.on("data", (data) => {
    const lines = (buffer + data).split("\n");
    buffer = lines.pop()!;
    if (buffer.length > LONGEST_LINE) buffer = "";
    for (const raw of lines) {
      const line = raw.trim();
      if (line === "OK") end(0);
      // not `includes`: Espruino finds the word in a line that ends with its beginning, as "ACTIVE" does
      else if (/ERROR/.test(line)) end(MODEM_ERROR);
      else if (line && !line.startsWith("AT") && heard(line)) end(0);
    }
  });

  return {
    ask(command, limitMs, done, bytes, end) {
      queue.push([command, limitMs, done, bytes, end]);
      next();
    },
    abort() {
      queue = [];
      if (!current) return;
      timers.cancel(timer);
      current = undefined;
      pause();
    },
  };
}
