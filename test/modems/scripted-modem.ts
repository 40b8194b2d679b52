/** A modem that answers by script, on a virtual clock: lines in, chunks out, as a UART hands them over. */
import { Clock } from "../../tools/simulator/clock.ts";
import type { SerialPort } from "../../lib/platform/ports.ts";
import type { Timers } from "../../lib/modems/modem.ts";

/** What to say to a command (`\r\n` and all), or a function of it; undefined = say nothing. */
export type Answer = string | undefined | ((command: string) => string | undefined);

export const lines = (...text: string[]) => text.map((line) => `\r\n${line}\r\n`).join("");

/** Timers that refuse to cancel what has fired already: on Espruino that number may belong to another timer by then. */
export function virtualTimers(clock: Clock): Timers {
  const pending = new Map<number, ReturnType<Clock["after"]>>();
  let next = 1;
  let firing = 0;
  return {
    after(ms, run) {
      const id = next++;
      const fire = () => {
        pending.delete(id);
        firing = id;
        run();
        firing = 0;
      };
      pending.set(id, clock.after(ms * 1000, fire));
      return id;
    },
    cancel(id) {
      if (id && id !== firing && !pending.has(id))
        throw new Error(`timer ${id} is cancelled after it fired or was cancelled`);
      clock.cancel(pending.get(id));
      pending.delete(id);
    },
  };
}

export class ScriptedModem {
  readonly clock = new Clock();
  readonly timers = virtualTimers(this.clock);
  /** Commands as they came, in order. */
  readonly commands: string[] = [];
  /** False = deaf and dumb. */
  on = true;
  echo = false;
  latencyMs = 10;
  /** Bytes per chunk towards the driver. */
  chunk = Infinity;
  readonly #answers: [pattern: string | RegExp, answer: Answer][] = [];
  #listener: ((data: string) => void) | undefined;
  #line = "";

  readonly port: SerialPort = {
    read: () => undefined,
    write: (data) => {
      if (!this.on) return;
      if (this.echo) this.say(data, 1);
      const parts = (this.#line + data).split("\r");
      this.#line = parts.pop()!;
      for (const command of parts) this.#take(command);
    },
    on: (_, listener) => (this.#listener = listener),
    removeAllListeners: () => (this.#listener = undefined),
  };

  /** The newest rule that matches a command answers it; without one, nobody does. */
  answer(pattern: string | RegExp, answer: Answer): this {
    this.#answers.unshift([pattern, answer]);
    return this;
  }

  say(text: string, delayMs = this.latencyMs): void {
    for (let i = 0; i < text.length; i += this.chunk) {
      this.clock.after((delayMs + i / 1000) * 1000, () => this.#listener?.(text.slice(i, i + this.chunk)));
    }
  }

  run(seconds: number): void {
    this.clock.runUntil(this.clock.nowUs + seconds * 1e6);
  }

  #take(command: string): void {
    this.commands.push(command);
    const rule = this.#answers.find(([pattern]) =>
      typeof pattern === "string" ? pattern === command : pattern.test(command),
    );
    const answer = typeof rule?.[1] === "function" ? rule[1](command) : rule?.[1];
    if (answer) this.say(answer);
  }
}
