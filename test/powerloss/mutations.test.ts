import { describe, expect, it } from "vitest";
import { PowerCut } from "../twins/flash.ts";
import { campaign, type Options } from "./campaign.ts";
import { live, geometry as home } from "./life.ts";
import { loadLibrary, type Replacement } from "./library.ts";
import { mutations } from "./mutations.ts";
import { geometries, workloads } from "./workloads.ts";

/** A fault that the first grid of cuts misses must be caught by the next, which is finer. */
const grids: readonly Options[] = [
  { depth: 2, every: 16, everySecond: 48, sparse: 400 },
  { depth: 2, every: 16, everySecond: 16, sparse: 100 },
];
const geometry = geometries[0]!;

const load = (pageBytes: number, deltas: number, mutation: Replacement) =>
  loadLibrary(pageBytes, [{ file: "lib/journal/journal.ts", from: "DELTAS = 24", to: `DELTAS = ${deltas}` }, mutation]);

/** How the first test that fails says so, or undefined when all pass. */
async function caught(mutation: (typeof mutations)[number]): Promise<string | undefined> {
  const alive = await load(home.pageBytes, home.deltas, mutation);
  const lib = await load(geometry.pageBytes, geometry.deltas, mutation);
  try {
    live(alive, 1, 1500);
    const all = workloads(geometry);
    const first = mutation.first ?? 0;
    for (const options of grids)
      for (const workload of [...all.slice(first), ...all.slice(0, first)]) {
        const { failure } = campaign(lib, geometry, workload, options);
        if (failure) return `${failure.message} (${workload.name})`;
      }
    return undefined;
  } catch (error) {
    // a mutant may also hang itself up
    return error instanceof PowerCut ? undefined : (error as Error).message;
  }
}

describe("a fault in the code is caught", () => {
  for (const mutation of mutations)
    it(mutation.what, async () => {
      const message = await caught(mutation);
      console.log(`${mutation.what}: ${message ?? "NOT caught"}`);
      expect(message).toBeDefined();
    });
});
