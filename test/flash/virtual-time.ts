/** Timers that fire at once, in order: what waits for a board takes no time. Streams and file access stay real. */
import { afterEach, beforeEach, vi } from "vitest";

export function useVirtualTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
    vi.setTimerTickMode("nextTimerAsync");
  });
  afterEach(() => void vi.useRealTimers());
}
