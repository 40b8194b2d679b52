/** Our drivers on our models, over random worlds: what is read is what the world says, as near as the part tells. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { driverBench, driverCode, endsOf, type DriverBench } from "../../tools/bench/sensors/bench.ts";
import { trials, type DriverTrial, type Values } from "../../tools/bench/sensors/trials.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";
import { RANGE } from "../../lib/faults.ts";
import { isFault } from "./run.ts";

// built once, before the clock of the first test runs
await driverCode();

const RUNS = process.env["SOAK"] ? 2000 : 30;

const worlds = ({ world }: DriverTrial) =>
  fc.record(
    Object.fromEntries(
      Object.entries(world).map(([name, of]) => [
        name,
        "oneOf" in of ? fc.constantFrom(...of.oneOf) : fc.double({ min: of[0], max: of[1], noNaN: true }),
      ]),
    ),
  );

/** How far a reading is from the truth, each as a share of what is allowed. */
function errors(read: readonly number[], truth: readonly number[], bounds: readonly number[]): number[] {
  return truth.map((value, i) =>
    Number.isNaN(value) ? 0 : Math.abs(read[i]! - value) / (bounds[i]! + 1e-9 * Math.abs(value) + 1e-9),
  );
}

function check(
  bench: DriverBench,
  trial: DriverTrial,
  world: Values,
  bounds: (world: Values) => readonly number[],
  what = "",
) {
  const read = bench.read(world);
  const seen = `${what}${JSON.stringify(world)} read as ${JSON.stringify(read)}`;
  expect(isFault(read), seen).toBe(false);
  const worst = Math.max(...errors(read as readonly number[], trial.truth(world), bounds(world)));
  expect(worst, seen).toBeLessThanOrEqual(1);
}

describe.each(trials.map((trial) => [trial.sensor, trial] as const))("%s", (_, trial) => {
  test("reads an ideal part within its steps, at the ends of its range and anywhere between", async () => {
    const bench = await driverBench(trial);
    for (const world of endsOf(trial)) check(bench, trial, world, trial.step);
    fc.assert(
      fc.property(worlds(trial), (world) => check(bench, trial, world, trial.step)),
      { numRuns: RUNS },
    );
    bench.close();
  });

  test("reads any part within its accuracy", async () => {
    for (const seed of [1, 2, 3]) {
      const bench = await driverBench(trial, { random: randomFor(seed, trial.sensor) });
      fc.assert(
        fc.property(worlds(trial), (world) => {
          check(bench, trial, world, trial.accuracy, `seed ${seed}: `);
        }),
        { numRuns: RUNS },
      );
      bench.close();
    }
  });

  test.runIf(trial.beyond)("gives a fault and no value beyond what the part can measure", async () => {
    const bench = await driverBench(trial);
    for (const world of trial.beyond!) expect(bench.read(world), JSON.stringify(world)).toBe(RANGE);
    check(bench, trial, endsOf(trial)[0]!, trial.step);
    bench.close();
  });
});
