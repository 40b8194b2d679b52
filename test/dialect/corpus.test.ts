/** Every construct three times: through the checker, in the fast engine, on the interpreter. */
import { beforeAll, describe, expect, test } from "vitest";
import { language } from "./corpus-language.ts";
import { objects } from "./corpus-objects.ts";
import { text } from "./corpus-text.ts";
import { traps } from "./corpus-traps.ts";
import { asScript, ESPRUINO, inFastEngine, isAccepted, onInterpreter } from "./programs.ts";

const corpus = [...language, ...text, ...objects, ...traps];

/** What the checker cannot see, and V8 cannot be made to do: nothing of it passes without an error. */
const KNOWN: Readonly<Record<string, string>> = {
  "typed misaligned view": "V8 has none; the fast engine refuses it with an error that says so",
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
