/** A node whose readings tell how its modem hears the cell, and what the receiver makes of it. */
import { expect, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { vodafoneEs } from "../../tools/simulator/network/profiles.ts";
import type { Row } from "../../tools/receive/decode.ts";
import { run } from "../../tools/simulator/run.ts";
import { telling } from "./modem-nodes.ts";
import { createBroker } from "./mqtt-sn-broker.ts";

test.each(Object.keys(telling))("%s: no value before the first report, then what the network has", async (name) => {
  const { bundle } = await buildFirmware({ entry: `test/stories/nodes/${name}.ts`, budgetBytes: 18 * 1024 });
  const rows: Row[] = [];
  const story = await run({
    scenario: telling[name]!("vodafone-es"),
    bundle,
    closed: true,
    lasts: "2d",
    server: (nowUs, onMessage) => createBroker(nowUs, onMessage, "story/story"),
    received: (message) => rows.push(...message.rows),
  });
  expect(story.broken).toEqual([]);
  const of = (quantity: string) => rows.filter((row) => row.quantity === quantity);
  expect(of("signal")[0]!.fault).toBe("unready");
  expect(of("signal").at(-1)).toMatchObject({ value: vodafoneEs.coverage.rsrpDbm.value, unit: "dBm" });
  expect(of("coverage").at(-1)).toMatchObject({ value: 0 });
});
