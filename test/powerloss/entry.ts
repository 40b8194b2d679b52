/** What the campaigns use of the library. */
export { openJournal } from "../../lib/journal/journal.ts";
export { openState } from "../../lib/journal/state.ts";
export { loadMemory, newSegment, saveMemory, type Memory } from "../../lib/memory.ts";
export { openOutbox } from "../../lib/outbox.ts";
