import { describe, expect, it } from "vitest";
import { campaign, type Options } from "./campaign.ts";
import { loadLibrary } from "./library.ts";
import { geometries, workloads } from "./workloads.ts";

const exhaustive = !!process.env.SOAK;
const options: Options = exhaustive
  ? { depth: 2, every: 1, everySecond: 16, sparse: 499 }
  : { depth: 2, every: 64, everySecond: 256, sparse: 2003 };

/** REPLAY=geometry/workload/path, as a failure prints it. */
const replay = process.env.REPLAY?.split("/");

describe("power cuts", () => {
  let total = 0;
  geometries.forEach((geometry, g) => {
    const { pageBytes, pages, deltas } = geometry;
    workloads(geometry).forEach((workload, w) => {
      if (
        !exhaustive &&
        !replay &&
        pageBytes === 4096 &&
        !["group after group", "wrap with releases"].includes(workload.name)
      )
        return;
      const wanted = !replay || (+replay[0]! === g && +replay[1]! === w);
      it.runIf(wanted)(
        `lose nothing: ${workload.name}, ${pages} pages of ${pageBytes} bytes, groups of ${deltas + 1}`,
        async () => {
          const lib = await loadLibrary(pageBytes, [
            { file: "lib/journal/journal.ts", from: "DELTAS = 24", to: `DELTAS = ${deltas}` },
          ]);
          const { permutations, failure } = campaign(lib, geometry, workload, options, replay?.[2]);
          total += permutations;
          console.log(`${workload.name}: ${permutations} permutations`);
          expect(
            failure && `${failure.message}\nREPLAY=${g}/${w}/${failure.replay} npx vitest run test/powerloss`,
          ).toBeUndefined();
        },
        3_600_000,
      );
    });
  });

  it.runIf(!replay)("are more than littlefs tries", () => {
    console.log(`${total} permutations in all`);
    expect(total).toBeGreaterThan(11_606);
  });
});
