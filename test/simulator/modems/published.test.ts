/** What the documents say a modem draws while it sleeps, against the simulated one, measured as one would on a bench. */
import Table from "cli-table3";
import { afterAll, describe, expect, test } from "vitest";
import type { ModemName } from "../../../tools/simulator/modems/families.ts";
import { ideal } from "../../../tools/simulator/network/profiles.ts";
import { registered } from "./bench.ts";

const table = new Table({ head: ["modem, state", "published", "ours", "error"], style: { head: [], border: [] } });
afterAll(() => console.log(table.toString()));

const windowCode = (seconds: number) => (Math.round(seconds / 2.56) - 1).toString(2).padStart(4, "0");
const psm = { psmMode: 1, psmTimers: { periodicTau: "00111000", activeTime: "00000000" } } as const;

/** No tracking area update falls into it: without PSM those come every 54 minutes, and cost more than the sleep. */
const SECONDS = 2400;

function compare(what: string, published: number, ours: number, tolerance: number): void {
  const error = ours / published - 1;
  const micro = (amps: number) => `${Math.round(amps * 1e7) / 10} µA`;
  table.push([what, micro(published), micro(ours), `${(error * 100).toFixed(1)} %`]);
  expect(Math.abs(error), what).toBeLessThanOrEqual(tolerance);
}

/** Average current of a registered modem that sleeps between its paging windows. */
function asleep(family: ModemName, cycle: string, window: number, drx: number): number {
  const profile = { ...ideal, pagingCycleSeconds: { ...ideal.pagingCycleSeconds, value: drx } };
  const saved = {
    baud: 115_200,
    slowClock: 2,
    edrxMode: cycle ? 1 : 0,
    edrxCode: cycle || "0000",
    pagingWindowCode: windowCode(window),
  } as const;
  const modem = registered({ family, profile, saved });
  modem.wait(60);
  const before = modem.ledger.batteryJoules();
  modem.wait(SECONDS);
  return (modem.ledger.batteryJoules() - before) / 3.3 / SECONDS;
}

describe("a sleeping modem draws what its data sheet says", () => {
  test.each([
    ["0010", 10.24, 1.28, 230, 0.15],
    ["0010", 10.24, 2.56, 130, 0.05],
    ["0101", 20.48, 2.56, 95, 0.05],
    ["1001", 20.48, 2.56, 77.5, 0.05],
    ["1011", 40.96, 2.56, 69, 0.05],
  ] as const)("SIM7020, eDRX cycle %s, window %d s, DRX %d s: %d µA", (cycle, window, drx, published, tolerance) => {
    compare(
      `SIM7020 eDRX ${cycle} ${window}/${drx} s`,
      published / 1e6,
      asleep("sim7020", cycle, window, drx),
      tolerance,
    );
  });

  test("SIM7070G, both eDRX rows", () => {
    compare("SIM7070G eDRX 81.92 s", 0.6e-3, asleep("sim7080", "0101", 40.96, 2.56), 0.05);
    compare("SIM7070G eDRX 163.84 s", 0.4e-3, asleep("sim7080", "1001", 25.6, 2.56), 0.05);
  });

  test("BG96, eDRX of 20.48 s", () => {
    compare("BG96 eDRX 20.48 s", 1.7e-3, asleep("bg96", "0010", 10.24, 1.28), 0.15);
  });

  test.each([
    ["sim7020", 3.4],
    ["sim7080", 3.2],
    ["sim7000", 9],
    ["bc660k", 0.8],
    ["bg96", 10],
  ] as const)("%s in PSM: %d µA", (family, published) => {
    const modem = registered({ family, saved: { baud: 115_200, ...psm } });
    modem.until(() => modem.modem.state === "psm", 600);
    compare(`${family} PSM`, published / 1e6, modem.ledger.batteryAmps, 1e-9);
  });
});
