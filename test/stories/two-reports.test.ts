/** A life in which the chip is not restarted between two reports: what one leaves behind must not stop the next. */
import { expect, it } from "vitest";
import { findFirmware, loadScenario } from "../../tools/firmware.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { run } from "../../tools/simulator/run.ts";

it("presses the modem's power key again after it was let go: the pin is an input no longer", async () => {
  const firmware = findFirmware("firmware/street-node");
  const { bundle } = await buildFirmware({ entry: firmware.entry, typeCheck: false });
  const { messages, wakes, broken } = await run({
    scenario: await loadScenario(firmware),
    bundle,
    closed: true,
    lasts: "6h",
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
  });
  expect(broken).toEqual([]);
  expect(wakes).toBe(1);
  expect(messages.count).toBeGreaterThanOrEqual(6);
});
