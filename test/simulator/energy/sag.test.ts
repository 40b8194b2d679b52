import { beforeAll, describe, expect, test } from "vitest";
import scenario from "../../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../../tools/build/build.ts";
import type { CellName } from "../../../tools/simulator/energy/cells.ts";
import { createSink } from "../../../tools/simulator/network/sink.ts";
import type { CellProfile } from "../../../tools/simulator/network/profiles.ts";
import { run, type Run } from "../../../tools/simulator/run.ts";
import { constant, steps } from "../../../tools/simulator/world/sources.ts";

let bundle: string;
beforeAll(async () => {
  ({ bundle } = await buildFirmware({ entry: "firmware/cold-chain/node.ts", typeCheck: false }));
});

/** The truck leaves a warm hall at 20 °C and is at -20 °C from the fourth day on. */
const truck = (cell: CellName, network?: (profile: CellProfile) => CellProfile): Promise<Run> =>
  run({
    scenario: {
      ...scenario,
      cell,
      world: { cargo: { temperature: steps([["0s", 20], ["4d", -20]]), humidity: constant(50) } },
    },
    bundle,
    closed: true,
    lasts: "4d8h",
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
    ...(network && { network }),
  }); // prettier-ignore

const offBetweenReports = (profile: CellProfile): CellProfile => ({ ...profile, activeTime: "refused" });

describe("a truck at -20 °C", () => {
  test.each([
    ["PSM between reports", undefined],
    ["the modem off between reports", offBetweenReports],
  ])("with a bobbin cell browns out while the modem transmits (%s)", async (_, network) => {
    const { battery, broken } = await truck("er34615", network);
    expect(battery.brownOuts).toBeGreaterThan(0);
    const { cause, celsius, volts, atSeconds } = battery.firstBrownOut!;
    expect(cause).toMatch(/^modem: (transmit|attach)$/);
    expect(celsius).toBe(-20);
    expect(volts).toBeLessThan(2.43);
    expect(atSeconds).toBeGreaterThan(4 * 86400);
    expect(broken.join()).toMatch(/the cell sagged below the chip's brown-out level/);
  });

  test.each([
    ["a hybrid capacitor across it", "er34615-hpc1550", undefined],
    ["a hybrid capacitor and the modem off between reports", "er34615-hpc1550", offBetweenReports],
    ["a spiral cell instead", "er34615m", undefined],
  ] as const)("with %s does not", async (_, cell, network) => {
    const { battery, broken } = await truck(cell, network);
    expect(broken).toEqual([]);
    expect(battery.brownOuts).toBe(0);
    expect(battery.lowestVolts).toBeGreaterThan(2.43);
  });
});

test("a bobbin cell carries the same bursts in the warm", async () => {
  const { battery, broken } = await run({
    scenario: { ...scenario, cell: "er34615", world: { cargo: { temperature: constant(20), humidity: constant(50) } } },
    bundle,
    closed: true,
    lasts: "4d8h",
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
  });
  expect(broken).toEqual([]);
  expect(battery.lowestVolts).toBeGreaterThan(2.43);
  expect(battery.lowestVolts).toBeLessThan(3);
});
