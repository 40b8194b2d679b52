/** For nodes on mains, which must answer a pin within milliseconds: between two jobs the interpreter waits in its idle loop. */
import { after } from "../platform/espruino.ts";
import type { Extension } from "./extensions.ts";

/** The node never sleeps: what runs at the top of the firmware (watches, timers) goes on. Some 45 mA, days on a cell. */
export function stayAwake<R>(): Extension<R> {
  return () => ({
    longest: 1e9,
    sleep(wanted, again) {
      after(wanted * 1000, again);
    },
  });
}
