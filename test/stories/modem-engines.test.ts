/** Each modem family through a day in both engines: a driver must not behave otherwise on the real interpreter. */
import { describe, expect, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { compareEngines } from "../../tools/simulator/agreement.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { dozing, nodes, ownMqtt, secured, telling } from "./modem-nodes.ts";

const all = { ...nodes, ...dozing, ...ownMqtt, ...telling, ...secured };

const program = process.env["ESPRUINO"];

describe.skipIf(!program)("on the real interpreter", () => {
  test.each(Object.keys(all))("%s: what it sends, keeps and spends is the same", { timeout: 60_000 }, async (name) => {
    const { bundle } = await buildFirmware({ entry: `test/stories/nodes/${name}.ts`, budgetBytes: 18 * 1024 });
    const { differences, compared, interpreter } = await compareEngines({
      scenario: all[name]!("vodafone-es"),
      bundle,
      closed: true,
      lasts: "13h",
      // a search that finds nothing, then a backlog
      faults: ["no-coverage@5h..8h"],
      interpreter: findInterpreter(program!),
    });
    expect(differences).toEqual([]);
    expect(interpreter.uncaughtErrors).toBe(0);
    // a BC95 has no TCP, and so no MQTT: its node gives up each time, in both engines alike
    expect(compared["uplink messages"]).toBeGreaterThan(name === "bc95" ? -1 : 1);
  });
});

test.skipIf(program)("modem families on the real interpreter (skipped: set ESPRUINO to its program)", () => {});
