/** Thirty days of a node with each modem family, on its own board where one exists, on each network, with its faults. */
import Table from "cli-table3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildFirmware } from "../../tools/build/build.ts";
import { profiles } from "../../tools/simulator/network/profiles.ts";
import { run } from "../../tools/simulator/run.ts";
import { dozing, nodes, ownMqtt } from "./modem-nodes.ts";
import { createBroker } from "./mqtt-sn-broker.ts";

const soak = !!process.env["SOAK"];
const days = 30;
const REPORTS_A_DAY = 4;

const faults: Readonly<Record<string, readonly string[]>> = {
  "nothing wrong": [],
  "PSM refused": ["psm-refused@0s"],
  "PSM and eDRX refused": ["psm-refused@0s", "edrx-refused@0s"],
  "release ignored": ["rai-ignored@0s"],
  "no coverage for a week": ["no-coverage@10d..17d"],
  "SIM taken out for two days": ["modem-no-sim@5d..7d"],
  "refused by the network for a day": ["attach-rejected@8d..9d"],
  "a clock that is years behind": ["wrong-time@3d..20d"],
};

const bundles = new Map<string, string>();
const table = new Table({
  head: ["modem", "network", "fault", "reports", "J per report", "longest wake", "worst latency", "days without"],
  style: { head: [], border: [] },
});
afterAll(() => console.log(table.toString()));

const all = { ...nodes, ...dozing, ...ownMqtt };
const names = soak ? Object.keys(all) : ["sim7000", "sim7080"];
const networks = soak ? Object.keys(profiles) : ["vodafone-es"];
const kinds = soak ? Object.keys(faults) : ["nothing wrong", "no coverage for a week"];

beforeAll(async () => {
  // the budget is cold-chain's; another modem may take a little more
  const budgetBytes = 18 * 1024;
  for (const name of names)
    bundles.set(name, (await buildFirmware({ entry: `test/stories/nodes/${name}.ts`, budgetBytes })).bundle);
}, 120_000);

describe.each(names)("thirty days with a %s", (name) => {
  test.each(networks.flatMap((network) => kinds.map((kind) => [network, kind] as const)))(
    "on %s, %s: every reading arrives once, waits, or is named as given up",
    async (network, kind) => {
      const seen = new Set<number>();
      let latency = 0;
      const story = await run({
        scenario: all[name]!(network),
        bundle: bundles.get(name)!,
        closed: true,
        lasts: `${days}d`,
        faults: faults[kind]!,
        server: (nowUs, onMessage) => createBroker(nowUs, onMessage, "story/story"),
        received({ atUnix, rows }) {
          seen.add(Math.floor((atUnix - 1_767_225_600) / 86_400));
          for (const { unix = atUnix } of rows) latency = Math.max(latency, atUnix - unix);
        },
      });
      const modem = [...story.energy.shareByCause].filter(({ cause }) => cause.startsWith("modem: "));
      const joules = modem.reduce((sum, cause) => sum + cause.joules, 0);
      table.push([
        name,
        network,
        kind,
        String(story.messages.count),
        (joules / story.messages.count).toFixed(2),
        `${story.longestWakeSeconds.toFixed(0)} s`,
        `${(latency / 3600).toFixed(1)} h`,
        String(days - seen.size),
      ]);
      expect(story.broken).toEqual([]);
      expect(story.messages.count).toBeGreaterThan((kind === "nothing wrong" ? 0.8 : 0.5) * days * REPORTS_A_DAY);
    },
    60_000,
  );
});
