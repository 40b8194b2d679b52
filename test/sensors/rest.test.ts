/** After every reading, and after a failed one, a part is in its lowest state: one-shot measurements only. */
import { describe, expect, test } from "vitest";
import { driverBench, driverCode, middleOf, type DriverBench } from "../../tools/bench/sensors/bench.ts";
import { trials, type DriverTrial } from "../../tools/bench/sensors/trials.ts";
import { loadSensors } from "../../tools/sensors.ts";
import { isModemPart } from "../../tools/simulator/scenario.ts";
import { isFault } from "./run.ts";

// built once, before the clock of the first test runs
await driverCode();

const facts = await loadSensors();

/** Currents of a model's states, µA: the first figure of each cause. */
const currents = ({ part }: DriverBench): number[] => [...part.causes.values()].map(([first]) => first?.value ?? 0);

function atRest(bench: DriverBench, { leaves, because, sensor }: DriverTrial): void {
  expect(bench.state || leaves).toBe(leaves);
  if (because === undefined) expect(bench.microamps, sensor).toBeLessThanOrEqual(Math.min(...currents(bench)) + 1e-6);
}

describe.each(trials.map((trial) => [trial.sensor, trial] as const))("%s", (_, trial) => {
  test(`rests after each reading${trial.because ? `, but for this: ${trial.because}` : ""}`, async () => {
    const bench = await driverBench(trial);
    for (let i = 0; i < 3; i++) {
      expect(isFault(bench.read(middleOf(trial)))).toBe(false);
      atRest(bench, trial);
    }
    bench.close();
  });

  test("draws at rest what its driver's data say, within what documents differ", async () => {
    const bench = await driverBench(trial);
    bench.read(middleOf(trial));
    const { sleepMicroamps } = facts[trial.sensor]!;
    // a part without supply, or whose own current is not the node's; a modem's current is the modem's
    if (!["off", "open", ""].includes(trial.leaves) && !isModemPart(trial.wiring))
      expect(Math.abs(bench.microamps - sleepMicroamps.value)).toBeLessThanOrEqual(0.5 * sleepMicroamps.value + 0.1);
    bench.close();
  });

  test.runIf("sda" in trial.wiring)("rests after a reading that failed on the way", async () => {
    let failing = false;
    let transfers = 0;
    const bench = await driverBench(trial, {
      observe: () => void transfers++,
      fault: (name) => name === "nak" && failing && transfers % 3 === 2,
    });
    bench.read(middleOf(trial));
    failing = true;
    for (let i = 0; i < 4; i++) bench.read(middleOf(trial));
    failing = false;
    bench.read(middleOf(trial));
    atRest(bench, trial);
    bench.close();
  });
});
