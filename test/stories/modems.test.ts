/** Thirty days of a node with each modem family, on its own board where one exists, on each network, with its faults. */
import Table from "cli-table3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as firebeetle from "../../boards/firebeetle2-esp32-e.ts";
import * as sim7000Board from "../../boards/lilygo-t-sim7000g.ts";
import * as sim7080Board from "../../boards/lilygo-t-sim7080g-s3.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { compareEngines } from "../../tools/simulator/agreement.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { profiles } from "../../tools/simulator/network/profiles.ts";
import { run } from "../../tools/simulator/run.ts";
import { constant, scenario } from "../../tools/simulator/index.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";

const soak = !!process.env["SOAK"];
const program = process.env["ESPRUINO"];
const days = 30;
const REPORTS_A_DAY = 4;

const common = { cell: "er34615-hpc1550", world: {}, lasts: `${days}d` } as const;
const settings = { id: "story", broker: "broker.example", apn: "iot.example" };
const own = (part: "bg96" | "bc660k" | "bc66") => (network: string) =>
  scenario({
    ...common,
    board: firebeetle,
    parts: {
      modem: { part, tx: "D17", rx: "D16", powerKey: "D4", powerKeyWiring: "npn" },
      battery: { part: "battery-divider", pin: "D34", ratio: 2 },
    },
    network,
    settings,
  });

const nodes: Readonly<Record<string, (network: string) => Scenario>> = {
  sim7000: (network) =>
    scenario({
      ...common,
      board: sim7000Board,
      cell: "li-ion-18650",
      parts: {
        modem: { part: "sim7000", tx: "D27", rx: "D26", powerKey: "D4", powerKeyWiring: "npn" },
        battery: { part: "battery-divider", pin: "D35", ratio: 2 },
      },
      network,
      settings,
    }),
  sim7080: (network) =>
    scenario({
      ...common,
      board: sim7080Board,
      cell: "li-ion-18650",
      world: { air: { temperature: constant(20), humidity: constant(50) } },
      parts: {
        modem: { part: "sim7080", tx: "D5", rx: "D4", powerKey: "D41", powerKeyWiring: "npn" },
        air: { part: "sht4x", sda: "D15", scl: "D7", place: "air" },
      },
      network,
      settings,
    }),
  bg96: own("bg96"),
  bc660k: own("bc660k"),
  bc66: own("bc66"),
};

const faults: Readonly<Record<string, readonly string[]>> = {
  "nothing wrong": [],
  "PSM refused": ["psm-refused@0s"],
  "release ignored": ["rai-ignored@0s"],
  "no coverage for a week": ["no-coverage@10d..17d"],
  "SIM taken out for two days": ["modem-no-sim@5d..7d"],
  "refused by the network for a day": ["attach-rejected@8d..9d"],
  "a clock that is years behind": ["wrong-time@3d..20d"],
};

const bundles = new Map<string, string>();
const table = new Table({
  head: ["modem", "network", "fault", "reports", "J per report", "longest wake", "days without"],
  style: { head: [], border: [] },
});
afterAll(() => console.log(table.toString()));

const names = soak ? Object.keys(nodes) : ["sim7000", "sim7080"];
const networks = soak ? Object.keys(profiles) : ["vodafone-es"];
const kinds = soak ? Object.keys(faults) : ["nothing wrong", "no coverage for a week"];

beforeAll(async () => {
  // the budget is cold-chain's; another modem may take a little more
  const budgetBytes = 17 * 1024;
  for (const name of names)
    bundles.set(name, (await buildFirmware({ entry: `test/stories/nodes/${name}.ts`, budgetBytes })).bundle);
}, 120_000);

describe.each(names)("thirty days with a %s", (name) => {
  test.each(networks.flatMap((network) => kinds.map((kind) => [network, kind] as const)))(
    "on %s, %s: every reading arrives once, waits, or is named as given up",
    async (network, kind) => {
      const seen = new Set<number>();
      const story = await run({
        scenario: nodes[name]!(network),
        bundle: bundles.get(name)!,
        closed: true,
        faults: faults[kind]!,
        server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
        received: ({ atUnix }) => seen.add(Math.floor((atUnix - 1_767_225_600) / 86_400)),
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
        String(days - seen.size),
      ]);
      expect(story.broken).toEqual([]);
      expect(story.messages.count).toBeGreaterThan((kind === "nothing wrong" ? 0.8 : 0.5) * days * REPORTS_A_DAY);
    },
    60_000,
  );

  test.skipIf(!program)("both engines agree over a day", async () => {
    const { differences } = await compareEngines({
      scenario: nodes[name]!("vodafone-es"),
      bundle: bundles.get(name)!,
      closed: true,
      lasts: "1d",
      faults: [],
      interpreter: findInterpreter(program!),
    });
    expect(differences).toEqual([]);
  });
});
