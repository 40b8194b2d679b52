/** What the campaigns use of the library. */
export { openJournal } from "../../lib/journal/journal.ts";
export { openState } from "../../lib/journal/state.ts";
export { PAGE } from "../../lib/journal/slots.ts";
export { loadMemory, saveMemory, STATE_BYTES } from "../../lib/memory.ts";
export { openOutbox } from "../../lib/outbox.ts";
export { runSession } from "../../lib/uplink/mqtt.ts";
export { CLEAN } from "../../lib/uplink/packets.ts";
export { BLOCK } from "../../lib/update/blocks.ts";
export * as layout from "../../lib/update/layout.ts";
export { updates } from "../../lib/update/updates.ts";
