/** Watches a board for as long as it is wanted, over its sleeps: the port of a chip's own USB goes away with it. */
import { FIRST_BAUD } from "../flash/loader.ts";
import { UserError } from "../errors.ts";
import type { Line } from "../serial/line.ts";

export interface MonitorOptions {
  readonly onText: (text: string) => void;
  /** The port went away, or is back. */
  readonly onState: (state: "gone" | "back") => void;
  /** Ends the watching. */
  readonly signal: AbortSignal;
}

const RETRY_MS = 500;

/** Resolves when `signal` says so. Rejects when the port cannot be opened in the first place. */
export async function monitor(line: Line, { onText, onState, signal }: MonitorOptions): Promise<void> {
  let changed: () => void = () => undefined;
  let gone = false;
  const change = (): Promise<void> => new Promise((resolve) => (changed = resolve));
  signal.addEventListener("abort", () => changed());
  line.onData = (bytes) => onText(Buffer.from(bytes).toString("latin1"));
  line.onLost = () => {
    gone = true;
    changed();
  };
  await line.open(FIRST_BAUD);
  // both lines off: the board runs
  await line.setSignals({ dtr: false, rts: false });
  while (!signal.aborted) {
    if (!gone) await change();
    if (!gone) continue;
    onState("gone");
    while (gone && !signal.aborted) {
      const timer = setTimeout(() => changed(), RETRY_MS);
      await change();
      clearTimeout(timer);
      if (signal.aborted) break;
      await line.open(FIRST_BAUD).then(
        () => (gone = false),
        (error: unknown) => {
          if (!(error instanceof UserError)) throw error;
        },
      );
    }
    if (!gone) onState("back");
  }
  await line.close();
}
