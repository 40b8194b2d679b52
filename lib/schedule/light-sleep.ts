/**
 * Waiting is sleeping: where the build of Espruino has `ESP32.lightSleep` (release 2v29 has not), the processor stops
 * while a part converts and in gaps so short that a boot would cost more. Memory and pins stay; what arrives on a UART is
 * lost and every timer stands still, so it is for times in which nobody talks.
 */
import type { BreakEven } from "../../boards/types.ts";
import { after, deepSleep, lightSleep } from "../platform/espruino.ts";
import type { Extension } from "./extensions.ts";

/** The watchdog goes on counting in light sleep, and fires after 30 s. */
const SLICE_MS = 9000;

/** In light sleep where the build has it, else in the idle loop. */
export function pause(ms: number, run: () => void): void {
  const slice = Math.min(Math.round(ms), SLICE_MS);
  if (slice < 2 || !lightSleep(slice)) after(ms, run);
  else after(0, () => pause(ms - slice, run));
}

/** Takes the cheapest sleep for each gap. @param at the board's own figure: `import board, { breakEven } from …` */
export function cheapestSleep<R>(at: BreakEven): Extension<R> {
  return () => ({
    pause,
    sleep(seconds, again) {
      // a chained sleep adds a boot in 35 minutes, which no light sleep undercuts: one threshold is enough
      if (seconds < (lightSleep(0) ? at.light : at.idle)) pause(seconds * 1000, again);
      else deepSleep(seconds);
    },
  });
}
