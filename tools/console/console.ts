/** A board that runs Espruino, through its console: find it awake, ask it, put files into its Storage. */
import { UserError } from "../errors.ts";
import { FIRST_BAUD } from "../flash/loader.ts";
import type { Line } from "../serial/line.ts";
import { isRisky, packet, packetLength, PacketReader, TYPE, type Event } from "./packets.ts";

export interface Console {
  readonly version: string;
  /** Name of the build: ESP32, ESP32C3_IDF4. */
  readonly board: string;
  /** Value of an expression, as Espruino's E.toJS writes it. Throws a UserError with what the board said instead. */
  evaluate(expression: string, timeoutMs?: number): Promise<string>;
  /** A line as if it were typed, without echo and answer. */
  type(line: string): Promise<void>;
  /** Writes a file into Storage, where it replaces the one of its name. @param progress told the share that is sent */
  writeFile(name: string, data: Uint8Array, progress: (share: number) => void): Promise<void>;
  /** Told what the board prints, from now on. */
  onText: (text: string) => void;
}

export interface ReachOptions {
  /** How long to look for the board, in milliseconds. A node that sleeps answers only after it has woken. */
  readonly waitMs: number;
  /** Pulses the reset line first, so that the board starts now. */
  readonly reset: boolean;
}

const CTRL_C = 0x03;
const ENQUIRY = 0x05;
const ASK_EVERY_MS = 300;
/** Longer than the 5 s after which Espruino gives up a packet that lost bytes on its way, and says so (jsiPacketStart). */
const ANSWER_MS = 6500;
/** Of a packet that Espruino refused without a word: bytes of it were lost. */
const SENDINGS = 3;
/** Of file data: what Espruino's own tools send. */
const CHUNK = 1024;
/** Of a file that is sent as text: Base64 makes 4 characters of 3 bytes. */
const TEXT_CHUNK = 768;

/** Opens the line and waits until a board answers. Throws a UserError when none does. The line stays open. */
export async function reachConsole(line: Line, { waitMs, reset }: ReachOptions): Promise<Console> {
  let take: ((event: Event) => void) | undefined;
  let stopped = false;
  let seen = "";
  const state = { onText: (_: string): void => undefined };
  const reader = new PacketReader((event) => {
    if (event.kind === "stop" || event.kind === "go") stopped = event.kind === "stop";
    if (event.kind === "text") {
      seen = (seen + event.text).slice(-2000);
      state.onText(event.text);
    }
    take?.(event);
  });
  const listen = (): void => {
    line.onData = (bytes) => reader.receive(bytes);
  };
  listen();
  const deadline = Date.now() + waitMs;
  await openBy(line, deadline);
  if (reset) {
    await line.setSignals({ dtr: false, rts: true });
    await wait(100);
    await line.setSignals({ dtr: false, rts: false });
  }
  const identity = await ask();
  let lost: string | undefined;
  line.onLost = (reason) => (lost = reason);
  // the firmware must not go to sleep under our hands
  await send(Buffer.from("\x10reset()\n"));
  await wait(ASK_EVERY_MS);

  /** Asks who is there until somebody answers. */
  async function ask(): Promise<{ version: string; board: string }> {
    let gone = false;
    line.onLost = () => (gone = true);
    for (let tries = 0; ; tries++) {
      if (gone) {
        // its own USB goes away with a board that sleeps
        gone = false;
        await line.close();
        await openBy(line, deadline);
      }
      // a program that is busy gives way to Ctrl-C; two of them in a row end Espruino for Linux
      const bytes = tries % 4 === 2 ? [CTRL_C, 0x0a, ENQUIRY] : [0x0a, ENQUIRY];
      seen = "";
      await line.write(Uint8Array.from(tries ? bytes : [ENQUIRY])).catch(() => (gone = true));
      const until = Date.now() + ASK_EVERY_MS;
      while (Date.now() < until) {
        await wait(20);
        const found = /Espruino (\d+v\d+\S*) (\S+)\r?\n/.exec(seen);
        if (found) return { version: found[1]!, board: found[2]! };
      }
      if (Date.now() >= deadline) throw silent(line.name, seen, waitMs);
    }
  }

  async function send(bytes: Uint8Array): Promise<void> {
    for (const until = Date.now() + ANSWER_MS * 2; stopped;) {
      if (Date.now() > until) throw problem("the board takes no more bytes (XOFF)");
      await wait(10);
    }
    await line.write(bytes);
  }

  const problem = (message: string): UserError =>
    new UserError(lost === undefined ? message : `${message}: ${lost}`, {
      where: line.name,
      fix: "run the same command again; a node that sleeps is caught with --wait SECONDS",
    });

  /** Sends a packet, again where it lost bytes, and waits for what ends it: its ACK, or the response behind that. */
  async function exchange(
    type: number,
    data: Uint8Array,
    wantsResponse: boolean,
    timeoutMs: number,
  ): Promise<Uint8Array> {
    for (let sending = 1; ; sending++) {
      const answer = await exchangeOnce(type, data, wantsResponse, timeoutMs);
      if (typeof answer !== "string") return answer;
      if (answer.trim() || sending === SENDINGS) throw refused(answer);
    }
  }

  /** @returns the response, or what the board said when it refused: nothing where a packet did not arrive whole */
  function exchangeOnce(
    type: number,
    data: Uint8Array,
    wantsResponse: boolean,
    timeoutMs: number,
  ): Promise<Uint8Array | string> {
    return new Promise((resolve, reject) => {
      seen = "";
      const end = (run: () => void): void => {
        take = undefined;
        clearTimeout(timer);
        run();
      };
      const timer = setTimeout(() => end(() => reject(problem("the board stopped answering"))), timeoutMs);
      take = (event) => {
        if (event.kind === "ack" && !wantsResponse) end(() => resolve(new Uint8Array()));
        if (event.kind === "packet" && wantsResponse && event.type === TYPE.response) end(() => resolve(event.data));
        // what it says about an error comes behind the NAK
        if (event.kind === "nak") setTimeout(() => end(() => resolve(seen)), 100);
      };
      send(packet(type, data)).catch((error: unknown) => end(() => reject(error as Error)));
    });
  }

  const refused = (said: string): UserError => {
    const words = said
      .split(/\r?\n/)
      .find((text) => /Error/.test(text))
      ?.trim();
    return problem(`the board refused${words ? `: ${words}` : " a packet"}`);
  };

  async function evaluate(expression: string, timeoutMs = ANSWER_MS): Promise<string> {
    let text = expression;
    while (isRisky(text.length & 255)) text += " ";
    const answer = await exchange(TYPE.evaluate, Buffer.from(text, "latin1"), true, timeoutMs);
    return Buffer.from(answer).toString("latin1");
  }

  async function writeFile(name: string, data: Uint8Array, progress: (share: number) => void): Promise<void> {
    if (data.some(isRisky)) {
      for (let at = 0; at < data.length; at += TEXT_CHUNK) {
        const part = Buffer.from(data.subarray(at, at + TEXT_CHUNK)).toString("base64");
        await evaluate(`require("Storage").write(${JSON.stringify(name)},atob("${part}"),${at},${data.length})`);
        progress(Math.min(1, (at + TEXT_CHUNK) / data.length));
      }
      return;
    }
    let head = JSON.stringify({ fn: name, s: data.length });
    while (isRisky(head.length & 255)) head += " ";
    await exchange(TYPE.sendFile, Buffer.from(head, "latin1"), false, ANSWER_MS);
    for (let at = 0; at < data.length;) {
      const length = packetLength(data.length - at, CHUNK);
      await exchange(TYPE.data, data.subarray(at, at + length), false, ANSWER_MS);
      at += length;
      progress(at / data.length);
    }
  }

  return Object.assign(state, {
    ...identity,
    evaluate,
    writeFile,
    type: (text: string) => send(Buffer.from(`\x10${text}\n`, "latin1")),
  });
}

/** A board that sleeps takes its own USB port with it: the port is opened as soon as it is there. */
async function openBy(line: Line, deadline: number): Promise<void> {
  for (;;) {
    try {
      return await line.open(FIRST_BAUD);
    } catch (error) {
      const absent = error instanceof UserError && /no such port/.test(error.message);
      if (!absent || Date.now() >= deadline) throw error;
      await wait(ASK_EVERY_MS);
    }
  }
}

function silent(where: string, seen: string, waitMs: number): UserError {
  if (/password>|Enter Password/.test(seen))
    return new UserError("the board's console asks for a password", {
      where,
      fix: "write its flash with hibernode flash",
    });
  return new UserError(`no Espruino answered within ${waitMs / 1000} s`, {
    where,
    fix: seen
      ? "something speaks there, but not Espruino: hibernode flash writes it"
      : "a node that sleeps is caught with --wait SECONDS (longer than its sleep), or press its RESET; hibernode flash needs no console",
  });
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
