/** Options that nobody gives leave the bundle, and what a program does stays what it was. */
import { describe, expect, test } from "vitest";
import { lowerToEspruino } from "../../tools/build/lower.ts";
import { ESPRUINO, runInNode, runOnEspruino } from "./interpreters.ts";

const cases: readonly [what: string, source: string, printed: readonly string[], gone?: string][] = [
  [
    "an option that the only call leaves out",
    `function start(options) { print(options.given, options.left ? "left " + options.left : "none"); }
     start({ given: 1 });`,
    ["1 none"],
    "left",
  ],
  [
    "options || {} without options",
    `function start(options) { const given = options || {}; print(given.first || "default", given.second || 2); }
     start();`,
    ["default 2"],
    "first",
  ],
  [
    "options that are handed on",
    `function inner(options) { const given = options || {}; print(given.a, given.absent ? "there" : "not there"); }
     function outer(options) { inner(options); }
     outer({ a: 5 });`,
    ["5 not there"],
    "absent",
  ],
  [
    "a member that is written later",
    `function start(options) { const given = options || {}; given.count = 3; given.count++; print(given.count); }
     start();`,
    ["4"],
  ],
  [
    "a member of the given object that is written later",
    `function start(options) { options.late = 7; print(options.late, options.early); }
     start({ early: 1 });`,
    ["7 1"],
  ],
  [
    "a member that is deleted",
    `function start(options) { delete options.a; print(typeof options.a, options.b); }
     start({ a: 1, b: 2 });`,
    ["undefined 2"],
  ],
  [
    "session || publish",
    `function publish() { return "published"; }
     function report(options) { print((options.session || publish)()); }
     report({ topic: "t" });`,
    ["published"],
    "session",
  ],
];

describe("does what it did before", () => {
  test.each(cases)("%s", async (_, source, printed, gone) => {
    const { code } = lowerToEspruino(source, "x.js");
    expect(await runInNode(code)).toEqual(printed);
    if (gone) expect(code).not.toContain(gone);
    if (ESPRUINO) expect(await runOnEspruino(code)).toEqual(printed);
  });
});
