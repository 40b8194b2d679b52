/** Runs on the interpreter: time and variables that the journal takes, as lines of JSON. */
import { openJournal } from "../../../lib/journal/journal.ts";
import { openState } from "../../../lib/journal/state.ts";
import { loadMemory, saveMemory, STATE_BYTES } from "../../../lib/memory.ts";
import { openOutbox } from "../../../lib/outbox.ts";
import { openFlash } from "../../../lib/platform/espruino.ts";

const BASE = 0x314000;
const PAGES = 12;
const SCHEMA = "\x01\x02\x02\x02\x23\x02";

let seed = 1;
const random = () => (seed = (seed * 1103515 + 12345) & 0x3fffffff);
const flash = openFlash();
const counted = { reads: 0, bytes: 0 };
const read = flash.read;
flash.read = (length, address) => {
  counted.reads++;
  counted.bytes += length;
  return read(length, address);
};

for (let page = 0; page < 16; page++) flash.erasePage(0x310000 + page * 4096);
const store = openState<unknown[]>(flash, 0x310000, STATE_BYTES, false);
const memory = loadMemory(store, random);
const save = () => saveMemory(store, memory);
const open = (reset: boolean) => openJournal(flash, BASE, PAGES, SCHEMA, memory, save, random, reset);
let temperature = 2150;
let at = 0;
const values = () => {
  const change = (random() % 41) - 20;
  temperature += change;
  return [temperature, 6000 + (random() % 7), 3600];
};

const measure = <T>(name: string, times: number, run: () => T): T => {
  counted.reads = counted.bytes = 0;
  const before = process.memory().usage;
  let kept: T | undefined;
  // the shortest: the machine may be busy with other things
  let shortest = Infinity;
  for (let i = 0; i < times; i++) {
    const began = getTime();
    kept = run();
    shortest = Math.min(shortest, getTime() - began);
  }
  const ms = shortest * 1000;
  const vars = process.memory().usage - before;
  print(JSON.stringify({ name, ms, vars, reads: counted.reads / times, bytes: counted.bytes / times, kept: !!kept }));
  return kept!;
};

const fill = (readings: number) => {
  const journal = open(false);
  for (let i = 0; i < readings; i++) journal.append(0, (at += 900), values());
};

const report = (how: string) => {
  measure("open " + how, 20, () => open(false));
  measure("open after reset " + how, 10, () => open(true));
  const journal = measure("open again " + how, 10, () => open(false));
  measure("append delta " + how, 10, () => journal.append(0, (at += 900), values()));
  measure("append base " + how, 5, () => journal.append(0, (at += 911), values()));
  const outbox = measure("open outbox " + how, 1, () => openOutbox(journal, memory, save, () => at));
  measure("batch " + how, 10, () => outbox.next());
  measure("release " + how, 3, () => outbox.confirmed());
};

measure("load state", 10, () => store.load());
measure("save state", 10, () => saveMemory(store, memory));
report("empty");
fill(4500);
report("half full");
fill(7000);
report("full");
print(JSON.stringify({ name: "end", next: open(false).next(), total: process.memory().total }));
