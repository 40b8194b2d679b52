/** Where PSM is refused: asleep with eDRX or switched off between reports, by the report period. Prints joules a day. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { run } from "../../tools/simulator/run.ts";
import { dozing, nodes } from "./modem-nodes.ts";
import { createBroker } from "./mqtt-sn-broker.ts";

const soak = !!process.env["SOAK"];
const days = 5;
const ways = ["sim7020", "sim7020-edrx", "bg96", "bg96-edrx"] as const;
const periods = ["30m", "1h", "2h", "3h", "6h"];

const table = new Table({ head: ["report every", ...ways], style: { head: [], border: [] } });
describe.skipIf(!soak)("where PSM is refused", () => {
  // beside the nodes it comes from: inside the package, whose name it imports
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync("test/stories/nodes/edrx-")));
  afterAll(() => {
    rmSync(folder, { recursive: true });
    console.log(table.toString());
  });

  test.each(periods)("a report every %s: both ways deliver", { timeout: 120_000 }, async (period) => {
    const joules: number[] = [];
    for (const way of ways) {
      const entry = join(folder, `${way}-${period}.ts`);
      const source = readFileSync(`test/stories/nodes/${way}.ts`, "utf8")
        .replace('report: every("6h")', `report: every("${period}")`)
        .replace('sample: every("1h")', 'sample: every("30m")')
        .replace(/(WithEdrx\(.*?), "[^"]*"/, '$1, "656s"');
      writeFileSync(entry, source);
      const { bundle } = await buildFirmware({ entry, budgetBytes: 18 * 1024, typeCheck: false });
      const story = await run({
        scenario: { ...dozing, ...nodes }[way]!("vodafone-es"),
        ...{ bundle, closed: true, lasts: `${days}d`, faults: ["psm-refused@0s"] },
        server: (nowUs, onMessage) => createBroker(nowUs, onMessage, "story/story"),
      });
      const modem = [...story.energy.shareByCause].filter(({ cause }) => cause.startsWith("modem: "));
      joules.push(modem.reduce((sum, cause) => sum + cause.joules, 0) / days);
      expect(story.broken).toEqual([]);
      expect(story.messages.count).toBeGreaterThan(days * 3);
    }
    table.push([period, ...joules.map((value) => value.toFixed(1))]);
    // what `build` warns by: reports that are rare make eDRX the dearer way
    if (period === "6h") expect(joules[1]).toBeGreaterThan(joules[0]!);
  });
});

test.skipIf(soak)("eDRX by the report period (skipped: npm run soak)", () => {});
