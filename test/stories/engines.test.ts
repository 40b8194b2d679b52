/** The fast engine against the real interpreter, over the same scenario: nothing that leaves the device may differ. */
import { beforeAll, describe, expect, it, test } from "vitest";
import scenario from "../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { compareEngines } from "../../tools/simulator/agreement.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";

const program = process.env["ESPRUINO"];

describe.skipIf(!program)("cold-chain on the real interpreter", () => {
  let bundle: string;
  beforeAll(async () => {
    ({ bundle } = await buildFirmware({ entry: "firmware/cold-chain/node.ts", typeCheck: false }));
  });

  it.each([
    [1, []],
    [
      2,
      [
        "nak:cargo@6h..12h,0.5",
        "crc:cargo@1d..2d,0.2",
        "no-coverage@1d..1d8h",
        "broker-silent@2d+3h",
        "power-cut@2d9h+20m",
      ],
    ],
    [3, ["modem-silent@7h..14h", "power-cut@6h0m9s", "broker-down@1d+9h"]],
  ])("seed %i, three days, faults %j: same uplinks, transactions, wakes, flash and joules", async (seed, faults) => {
    const { compared, differences, interpreter } = await compareEngines({
      scenario,
      bundle,
      closed: true,
      seed,
      lasts: "3d",
      faults,
      interpreter: findInterpreter(program!),
    });
    expect(differences).toEqual([]);
    expect(compared["uplink messages"]).toBeGreaterThan(5);
    expect(compared["bus transactions"]).toBeGreaterThan(1000);
    expect(interpreter.uncaughtErrors).toBe(0);
    expect(interpreter.broken).toEqual([]);
  });

  test("where the engines part is shown, with what surrounds it on both sides", async () => {
    const script =
      'print("same"); print(process.memory().usage); setTimeout(function () { ESP32.deepSleep(6e8); }, 100);';
    const { differences } = await compareEngines({
      scenario,
      bundle: script,
      lasts: "15m",
      interpreter: findInterpreter(program!),
    });
    expect(differences).toHaveLength(1);
    const [{ what, at, fast, interpreter }] = differences as [(typeof differences)[number]];
    expect([what, at]).toEqual(["printed lines", "entry 2"]);
    expect(fast[0]).toBe(interpreter[0]);
    expect(fast[1]).not.toBe(interpreter[1]);
  });
});

test.skipIf(program)("engines on the real interpreter (skipped: set ESPRUINO to its program)", () => {});
