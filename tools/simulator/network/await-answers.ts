/** `busy` and `settled` for a server with real I/O: virtual time stands still while any of its connections awaits. */
import type { PendingAnswers } from "./pending-answers.ts";

/** Real milliseconds after which a missing answer is no longer waited for: the device sees silence. */
export const answerLimitMs = 5000;

export interface AwaitAnswers {
  /** Starts waiting for the answers of one connection until they are there or time is up. */
  add(pending: PendingAnswers): void;
  remove(pending: PendingAnswers): void;
  /** To be called when anything has been answered. */
  check(): void;
  readonly busy: boolean;
  settled(): Promise<void>;
}

/** `settleRounds`: turns of the event loop that an in-process broker needs for messages behind its answers. */
export function createAwaitAnswers(settleRounds: number): AwaitAnswers {
  const connections = new Set<PendingAnswers>();
  const waiting: (() => void)[] = [];
  const awaiting = () => [...connections].some((pending) => pending.awaiting);
  let unsettled = false;

  async function rounds(): Promise<void> {
    for (let round = 0; round < settleRounds; round++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      // An answer of the device's own kind may have been sent meanwhile; then it counts from the start.
      if (awaiting()) return;
    }
  }

  return {
    add: (pending) => void connections.add(pending),
    remove: (pending) => void connections.delete(pending),
    check() {
      if (!awaiting()) for (const resolve of waiting.splice(0)) resolve();
    },
    get busy() {
      if (awaiting()) unsettled = true;
      return unsettled;
    },
    async settled() {
      while (awaiting()) {
        const limit = setTimeout(() => {
          for (const pending of connections) pending.giveUp();
        }, answerLimitMs);
        await new Promise<void>((resolve) => void waiting.push(resolve));
        clearTimeout(limit);
        await rounds();
      }
      unsettled = false;
    },
  };
}
