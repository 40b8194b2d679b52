/** Faults put into the code on purpose, one at a time: each must be caught. `first`: the workload to begin with. */
import type { Replacement } from "./library.ts";

const journal = "lib/journal/journal.ts";
const reading = "lib/journal/reading.ts";
const state = "lib/journal/state.ts";

export const mutations: readonly (Replacement & { readonly what: string; readonly first?: number })[] = [
  {
    what: "a base record is not checked",
    file: journal,
    from: "const sound = !!bodyOf(flash, bytes, page._base);",
    to: "const sound = words[0] !== -1 && words[0] !== 0;",
  },
  {
    what: "a delta is not checked",
    file: reading,
    from: "(word & 31) === zeros(word >>> 5)",
    to: "true",
  },
  {
    what: "a header is not checked",
    file: journal,
    from: "const body = bodyOf(flash, bytes, FIXED + length);",
    to: 'const body = length >= 0 && length < 49 ? flash.text(bytes).slice(4, FIXED + length) : "";',
  },
  {
    what: "a saved state is not checked",
    file: state,
    from: "bodyOf(flash, bytes, HEAD + words[2]! - VERSION * 65536).slice(8)",
    to: 'words[2]! >>> 16 === VERSION ? flash.text(bytes).slice(12, HEAD + words[2]! - VERSION * 65536) : ""',
  },
  {
    what: "the state page in use is erased, not the other one",
    first: 1,
    file: state,
    from: "newest = (newest + 1) % (2 * slots);",
    to: "newest = (newest + 1) % slots;",
  },
  {
    what: "the newest slot wins whatever its counter",
    file: state,
    from: "if (seen >= counter) {",
    to: "{",
  },
  {
    what: "a page is opened without erasing it",
    file: journal,
    from: "flash.erasePage(startOf(index));",
    to: "",
  },
  {
    what: "the header is written before the erase",
    first: 1,
    file: journal,
    from: "flash.write(text + text, startOf(index));",
    to: "flash.erasePage(startOf(index + 1)); flash.write(text + text, startOf(index));",
  },
  {
    what: "the header of a page is not cleared before the page is erased",
    first: 2,
    file: journal,
    from: "spoilHeader(index);\n      flash.erasePage",
    to: "flash.erasePage",
  },
  {
    what: "the place of a cut write is used again",
    file: journal,
    from: "flash.write(le32(SPOILT), addressOf(current, index) + group._end);",
    to: "{}",
  },
  {
    what: "a group that looks erased is used after a reset",
    file: journal,
    from: "if (groups < current._groups) flash.write(VOID, addressOf(current, groups++));",
    to: "",
  },
  {
    what: "a header that a reset finds is not fixed",
    file: journal,
    from: "flash.write(flash.read(HEAD, start), start);",
    to: "",
  },
  {
    what: "readings that a reset finds are not fixed",
    file: journal,
    first: 4,
    from: "if (reset) flash.write(bytes, address);",
    to: "",
  },
  {
    what: "a header that may be written without showing it is left alone",
    first: 4,
    file: journal,
    from: "if (!pageAt(current._index + 1, 0)) spoilHeader(current._index + 1);",
    to: "",
  },
  {
    what: "the page in use is not remembered after a search",
    first: 1,
    file: journal,
    from: "if (!current || memory.page === current._index) return;",
    to: "return;",
  },
  {
    what: "numbers of unreadable readings are given again",
    file: journal,
    from: "_next: used ? number + 1 : 0,",
    to: "_next: sound ? number + 1 : 0,",
  },
  {
    what: "a delta does not end at the group's end",
    first: 0,
    file: journal,
    from: 'if (last._end + text.length > current!._size) text = "";',
    to: "",
  },
  {
    what: "deltas go on after an unreadable one",
    file: journal,
    from: "if (!isWhole(word)) group._open = false;",
    to: "isWhole(word);",
  },
  {
    what: "what a reset finds of the state is not fixed",
    file: state,
    from: "flash.write(flash.read(size, addressOf(newest)), addressOf(newest));\n        write(found);",
    to: "",
  },
  {
    what: "readings are released when they are sent, not when they are confirmed",
    file: "lib/outbox.ts",
    from: "if (!count) skip(limit, UNREADABLE);",
    to: "if (!count) skip(limit, UNREADABLE); memory.released = end;",
  },
  {
    what: "the backlog is released by the confirmation of an alarm",
    file: "lib/outbox.ts",
    from: "if (ahead) memory.aheadEnd = end;",
    to: "if (ahead) memory.released = memory.aheadEnd = end;",
  },
];
