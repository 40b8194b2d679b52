/**
 * Every driver on its model, on the interpreter that ESPRUINO names and on the fast engine: the same values from the same
 * bytes on the same wires.
 */
import { describe, expect, test } from "vitest";
import { driverBench, driverCode, endsOf } from "../../tools/bench/sensors/bench.ts";
import { trials } from "../../tools/bench/sensors/trials.ts";
import type { Transaction } from "../../tools/simulator/espruino/machine.ts";
import { findInterpreter, type Interpreter } from "../../tools/simulator/interpreter/probe.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";

// built once, before the clock of the first test runs
await driverCode();

const espruino = process.env["ESPRUINO"];
if (!espruino) console.log("test/sensors/engines: skipped, ESPRUINO does not name an interpreter");

/** The interpreter prints a little less than every digit. */
function expectSame(read: readonly number[] | number, wanted: readonly number[] | number): void {
  const [values, others] = [[read].flat(), [wanted].flat()];
  expect(values).toHaveLength(others.length);
  others.forEach((other, i) =>
    expect(Math.abs(values[i]! - other)).toBeLessThanOrEqual(1e-10 + 1e-9 * Math.abs(other)),
  );
}

describe.skipIf(!espruino)("the engines agree on every driver", () => {
  let interpreter: Interpreter | undefined;

  test.each(trials.map((trial) => [trial.sensor, trial] as const))("%s", async (_, trial) => {
    interpreter ??= findInterpreter(espruino!);
    const seen: { readings: (readonly number[] | number)[]; bytes: string[] }[] = [];
    for (const engine of [undefined, interpreter]) {
      const bytes: string[] = [];
      const observe = ({ bus, kind, address, data }: Transaction): void =>
        void (
          bus.startsWith("flash") || bytes.push(`${bus} ${kind} ${address ?? ""} ${Buffer.from(data).toString("hex")}`)
        );
      const bench = await driverBench(trial, {
        random: randomFor(1, trial.sensor),
        observe,
        ...(engine && { interpreter: engine }),
      });
      const worlds = endsOf(trial).slice(0, 4);
      bytes.length = 0;
      seen.push({ readings: worlds.map((world) => bench.read(world)), bytes });
      bench.close();
    }
    seen[0]!.readings.forEach((wanted, i) => expectSame(seen[1]!.readings[i]!, wanted));
    expect(seen[1]!.bytes).toEqual(seen[0]!.bytes);
  });
});
