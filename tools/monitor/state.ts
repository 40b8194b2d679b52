/** What a watched board is doing now, from what it has printed: since when it runs, why it started, what went wrong. */
import { resetCause } from "./annotate.ts";

export interface Seen {
  readonly starts: number;
  readonly faults: number;
  readonly messages: number;
  /** In words: why it last started, or undefined when that was not seen. */
  readonly cause: string | undefined;
  readonly gone: boolean;
}

export class BoardState {
  #seen: Seen = { starts: 0, faults: 0, messages: 0, cause: undefined, gone: false };
  #startedAt: string | undefined;
  #heardAt: string | undefined;

  /** A whole line of the console. @param time as it is shown */
  line(text: string, time: string): void {
    const cause = resetCause(text);
    const { starts, faults } = this.#seen;
    this.#heardAt = time;
    if (cause !== undefined) {
      this.#startedAt = time;
      this.#seen = { ...this.#seen, starts: starts + 1, cause };
    }
    if (/\bfault\b|Uncaught/.test(text)) this.#seen = { ...this.#seen, faults: faults + 1 };
  }

  message(): void {
    this.#seen = { ...this.#seen, messages: this.#seen.messages + 1 };
  }

  port(state: "gone" | "back"): void {
    this.#seen = { ...this.#seen, gone: state === "gone" };
  }

  get seen(): Seen {
    return this.#seen;
  }

  words(): string {
    const { starts, faults, messages, cause, gone } = this.#seen;
    const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
    const now = gone
      ? "asleep, or unplugged"
      : this.#startedAt === undefined
        ? this.#heardAt === undefined
          ? "nothing was heard"
          : `last heard at ${this.#heardAt}, no start seen`
        : `since ${this.#startedAt}: ${cause}; last heard at ${this.#heardAt}`;
    return `${now}; ${count(starts, "start")}, ${count(faults, "fault")}, ${count(messages, "message")}`;
  }
}
