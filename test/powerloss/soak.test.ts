/** Random lives of a node, as many operations as there is patience for. */
import { describe, expect, it } from "vitest";
import { geometry, live } from "./life.ts";
import { loadLibrary } from "./library.ts";

const OPERATIONS = process.env.SOAK ? 1_000_000 : 20_000;
const SEEDS = process.env.SOAK ? [1, 2, 3] : [1, 2];

describe("a node's life with power cuts and a bad network", () => {
  for (const seed of SEEDS)
    it(`loses nothing, invents nothing and sends no reading as two (seed ${seed})`, async () => {
      const lib = await loadLibrary(geometry.pageBytes, [
        { file: "lib/journal/journal.ts", from: "DELTAS = 24", to: `DELTAS = ${geometry.deltas}` },
      ]);
      const outcome = live(lib, seed, OPERATIONS);
      console.log(JSON.stringify(outcome));
      expect(outcome.gaps).toBe(0);
      expect(outcome.cuts).toBeGreaterThan(OPERATIONS / 200);
      expect(outcome.ahead).toBeGreaterThan(0);
    }, 3_600_000);
});
