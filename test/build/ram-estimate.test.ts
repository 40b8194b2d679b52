/** The estimate of RAM against what `hibernode ram` measured on the interpreter. */
import { expect, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { estimateRam } from "../../tools/build/ram-estimate.ts";

/** JsVars at the peak: 31 hours, of which 25 without coverage, and then the backlog. */
const MEASURED = { "firmware/cold-chain/node.ts": 1407, "firmware/turbine/node.ts": 1621 };

test("is within 15 % of the measured peak", { timeout: 60_000 }, async () => {
  for (const [entry, measured] of Object.entries(MEASURED)) {
    const { bundle } = await buildFirmware({ entry, budgetBytes: 24_576 });
    expect(Math.abs(estimateRam(bundle).peak / measured - 1), entry).toBeLessThan(0.15);
  }
});

test("more functions take more", () => {
  const node = (extra: string): number => estimateRam(`let a=()=>1;function b(){${extra}}`).peak;
  expect(node("return ()=>2")).toBeGreaterThan(node(""));
});
