/** What the device's journal holds, read from its flash after a run with the library's own code, to compare with what arrived. */
import { crc32 } from "node:zlib";
import { openJournal } from "../../lib/journal/journal.ts";
import { PAGE } from "../../lib/journal/slots.ts";
import { openState } from "../../lib/journal/state.ts";
import { loadMemory, STATE_BYTES } from "../../lib/memory.ts";
import type { FlashPort } from "../../lib/platform/ports.ts";

export interface StoredReadings {
  /** Undefined when the flash holds no state: the firmware is not a Hibernode node, or never ran. */
  readonly journal: number;
  /** Readings ever stored: the number that the next one gets. */
  readonly stored: number;
  /** Number of the oldest one that the broker has not confirmed. */
  readonly released: number;
}

/** @param flash the whole chip @param address of the state's two pages, which two for settings and the journal's follow @param pages of the journal */
export function storedReadings(flash: Uint8Array, address: number, pages: number): StoredReadings | undefined {
  const port: FlashPort = {
    read: (length, at) => flash.slice(at, at + length),
    write: readOnly,
    erasePage: readOnly,
    sum: (bytes) => bytes.reduce((total, byte) => total + byte, 0),
    text: (bytes) => Buffer.from(bytes).toString("latin1"),
    crc32: (data) => crc32(typeof data === "string" ? Buffer.from(data, "latin1") : data),
  };
  const store = openState<unknown[]>(port, address, STATE_BYTES, false);
  if (!store.load()) return undefined;
  const memory = loadMemory(store, () => 0);
  // the run may have ended in a power cut: look for the newest page, whatever the memory says
  memory.page = -1;
  const nothing = (): number => 0;
  const journal = openJournal(port, address + 4 * PAGE, pages, "", memory, nothing, nothing, false);
  return { journal: memory.id >>> 0, stored: journal.next(), released: memory.released };
}

function readOnly(): never {
  throw new Error("the flash of a finished run is not written");
}
