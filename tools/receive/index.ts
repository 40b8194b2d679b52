/** `hibernode/receive`: the receiver as a library. */
export { commandMessage, type Command, type CommandSeal } from "./command.ts";
export { decodeBatch, type DecodedBatch, type Row, type Skipped } from "./decode.ts";
export { openMessage, readKeys, type Keys, type Opened, type SeenIvs } from "./keys.ts";
export { readRunning, type Running } from "./running.ts";
export { Receiver, type Message, type ReceiverOptions, type Taken } from "./receiver.ts";
export { openStore } from "./stores/open.ts";
export type { Commit, DeviceState, Notice, Store, StoredRow } from "./store.ts";
export { decodeSenml, type SenmlRecord } from "./senml.ts";
