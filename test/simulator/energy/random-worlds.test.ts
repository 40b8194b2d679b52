import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import coldChain from "../../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../../tools/build/build.ts";
import { createSink } from "../../../tools/simulator/network/sink.ts";
import { run } from "../../../tools/simulator/run.ts";
import { constant, noise, sine, sum } from "../../../tools/simulator/world/sources.ts";

const soak = process.env["SOAK"] !== undefined;

let bundle: string;
beforeAll(async () => {
  ({ bundle } = await buildFirmware({ entry: "firmware/cold-chain/node.ts", typeCheck: false }));
});

const world = fc.record({
  seed: fc.nat(1e6),
  cell: fc.constantFrom("er34615", "er34615-hpc1550", "er34615m", "er14505-hpc1520", "li-ion-18650"),
  network: fc.constantFrom("ideal", "vodafone-es", "ericsson-za", "nokia-za"),
  mean: fc.integer({ min: -5, max: 40 }),
  amplitude: fc.integer({ min: 0, max: 15 }),
  fault: fc.constantFrom([], ["no-coverage@5h..9h"], ["power-cut@7h+2h"], ["nak:cargo@2h..1d,0.5"]),
});

test("the causes sum to the battery's loss to 1e-9 in any world", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ seed, cell, network, mean, amplitude, fault }) => {
      const temperature = sum(sine({ mean, amplitude, period: "1d" }), noise({ deviation: 1, every: "1h" }));
      const { broken, energy } = await run({
        scenario: { ...coldChain, cell, network, world: { cargo: { temperature, humidity: constant(50) } } },
        bundle,
        closed: true,
        seed,
        lasts: "14h",
        faults: fault,
        server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
      });
      expect(broken.filter((text) => text.startsWith("the causes sum"))).toEqual([]);
      expect(energy.joules).toBeGreaterThan(0);
    }),
    { numRuns: soak ? 100 : 8 },
  );
});
