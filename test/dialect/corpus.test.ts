/** Every construct three times: through the checker, in the fast engine, on the interpreter. */
import { beforeAll, describe, expect, test } from "vitest";
import { language } from "./corpus-language.ts";
import { objects } from "./corpus-objects.ts";
import { text } from "./corpus-text.ts";
import { traps } from "./corpus-traps.ts";
import { asScript, ESPRUINO, inFastEngine, isAccepted, onInterpreter } from "./programs.ts";

const corpus = [...language, ...text, ...objects, ...traps];

/** What the checker cannot see, and V8 cannot be made to do. */
const KNOWN: Readonly<Record<string, string>> = {
  "-0 mult": "a zero that a product made has a sign in V8; only a division or its bytes show it",
  "typed methods": "a name that is computed and missing: undefined in V8, an error on the interpreter",
  "typed arrays read past the end": "a negative index: undefined in V8, an error on the interpreter",
  "typed misaligned view": "refused by V8, with an error; the interpreter allows it",
  "JSON parse err": "the wording of JSON's errors",
};

describe.skipIf(!ESPRUINO)("the dialect", () => {
  const scripts = corpus.map(([, code]) => asScript(code));
  let real: string[];
  beforeAll(async () => {
    real = await onInterpreter(scripts);
  }, 300_000);

  test("what passes the checker gives the same result in both engines", { timeout: 300_000 }, () => {
    const differing: string[] = [];
    let accepted = 0;
    let agreeing = 0;
    let cautious = 0;
    corpus.forEach(([name, code], index) => {
      const fast = inFastEngine(scripts[index]!);
      if (!isAccepted(scripts[index]!)) {
        if (fast === real[index] && fast !== "fails") cautious++;
        return;
      }
      accepted++;
      if (fast === real[index]) agreeing++;
      else if (!(name in KNOWN)) differing.push(`${name}: ${code}\n  fast: ${fast}\n  real: ${real[index]}`);
    });
    console.log(
      `dialect: ${corpus.length} constructs; ${accepted} accepted: ${agreeing} agree, ${accepted - agreeing} known to differ; ` +
        `${corpus.length - accepted} refused, ${cautious} of them out of caution`,
    );
    expect(differing).toEqual([]);
    expect(accepted - agreeing).toBeLessThanOrEqual(Object.keys(KNOWN).length);
  });
});

test.skipIf(ESPRUINO)("the dialect on the real interpreter (skipped: set ESPRUINO to its program)", () => {});
