import { beforeAll, describe, expect, it } from "vitest";
import scenario from "../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { run, type Run } from "../../tools/simulator/run.ts";
import { World } from "../../tools/simulator/world/world.ts";

let bundle: string;
beforeAll(async () => {
  ({ bundle } = await buildFirmware({ entry: "firmware/cold-chain/node.ts", typeCheck: false }));
});

const live = (faults: readonly string[], seed = 1, lasts = "30d"): Promise<Run> =>
  run({
    scenario,
    bundle,
    closed: true,
    lasts,
    seed,
    faults,
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage, keep: false }),
  });

/** Readings that were stored, less those that arrived, were given up, or still wait. */
const unaccounted = ({ stored, collected }: Run): number =>
  stored!.stored -
  collected.readings -
  Object.values(collected.skipped).reduce((sum, count) => sum + count, 0) -
  (stored!.stored - stored!.released);

describe("thirty days with", () => {
  it.each([
    ["nothing wrong", []],
    ["a sensor that does not answer for two days", ["nak:cargo@3d..5d"]],
    ["a sensor that answers half of the time", ["nak:cargo@3d..20d,0.5"]],
    ["flipped bits in a tenth of the answers", ["crc:cargo@1d..29d,0.1"]],
    ["a stuck bus line", ["stuck:cargo@3d..4d"]],
    ["no coverage for ten days", ["no-coverage@2d..12d"]],
    ["coverage that comes and goes", ["no-coverage@1d..29d,0.3"]],
    ["a silent modem for a day", ["modem-silent@10d..11d"]],
    ["a broker that is down for three days", ["broker-down@5d..8d"]],
    ["a broker that never answers for a day", ["broker-silent@5d..6d"]],
    ["power cuts", ["power-cut@3d4h", "power-cut@9d+2h", "power-cut@9d3h", "power-cut@20d1m"]],
    [
      "everything at once",
      [
        "crc:cargo@1d..29d,0.05",
        "no-coverage@4d..6d",
        "broker-down@6d..7d",
        "modem-silent@7d..8d",
        "power-cut@5d",
        "power-cut@15d+1d",
      ],
    ],
  ])("%s, every stored reading arrives once and in order, and no wake is too long", async (_, faults) => {
    for (const seed of [1, 2]) {
      const story = await live(faults, seed);
      expect(story.broken).toEqual([]);
      expect(story.uncaughtErrors).toBe(0);
      expect(unaccounted(story)).toBe(0);
      expect(story.stored!.stored - story.stored!.released).toBeLessThan(30);
      expect(story.stored!.stored).toBeGreaterThan(2600);
    }
  });

  it("a power cut at each of many moments of a report, nothing stored is lost", async () => {
    for (let moment = 0; moment < 40; moment++) {
      const story = await live([`power-cut@${21490 + moment * 0.7}s`], 1, "2d");
      expect(story.broken, `cut at ${21490 + moment * 0.7} s`).toEqual([]);
      expect(unaccounted(story)).toBe(0);
    }
  });

  it("no network for ninety days, the oldest readings are dropped by policy, and the receiver is told how many", async () => {
    const story = await live(["no-coverage@1d..91d"], 1, "95d");
    expect(story.broken).toEqual([]);
    expect(story.collected.skipped["dropped"]).toBeGreaterThan(1000);
    expect(unaccounted(story)).toBe(0);
  });
});

describe("what arrives", () => {
  it("is what the world was at that time, within the part's accuracy and the clock's", async () => {
    const world = new World(scenario.world, { seed: 1, now: () => 0 });
    let compared = 0;
    let worst = 0;
    await run({
      scenario,
      bundle,
      closed: true,
      lasts: "20d",
      server: (nowUs, onMessage) => createSink({ nowUs, onMessage }),
      received: ({ rows }) => {
        for (const { quantity, value, unix } of rows) {
          if (quantity !== "temperature" || unix === undefined) continue;
          compared++;
          worst = Math.max(worst, Math.abs(value! - world.at("cargo", "temperature", unix - world.startsAt!)));
        }
      },
    });
    expect(compared).toBeGreaterThan(1900);
    // 0.2 °C accuracy, noise and rounding, and what the air changes while the clock drifts between two reports
    expect(worst).toBeLessThan(0.35);
  });

  it("carries faults as faults, never as values", async () => {
    const faults = new Map<string, number>();
    let hot = 0;
    await run({
      scenario,
      bundle,
      closed: true,
      lasts: "4d",
      faults: ["nak:cargo@1d..2d", "crc:cargo@2d..3d"],
      server: (nowUs, onMessage) => createSink({ nowUs, onMessage }),
      received: ({ rows }) => {
        for (const { fault, value } of rows) {
          if (fault !== undefined) faults.set(fault, (faults.get(fault) ?? 0) + 1);
          if (value !== undefined && value > 61) hot++;
        }
      },
    });
    expect(faults.get("nak")).toBeGreaterThan(180);
    expect(faults.get("crc")).toBeGreaterThan(180);
    expect(hot).toBe(0);
  });
});

describe("the same seed", () => {
  it("gives the same bytes at the broker and the same joules", async () => {
    const payloads: string[][] = [[], []];
    const runs = [];
    for (const list of payloads) {
      runs.push(
        await run({
          scenario,
          bundle,
          closed: true,
          lasts: "5d",
          faults: ["nak:cargo@1d..2d,0.5"],
          server: (nowUs, onMessage) =>
            createSink({
              nowUs,
              onMessage: (message) => {
                list.push(`${message.atUs} ${Buffer.from(message.payload).toString("hex")}`);
                onMessage(message);
              },
            }),
        }),
      );
    }
    expect(payloads[0]).toEqual(payloads[1]);
    expect(payloads[0]!.length).toBeGreaterThan(15);
    expect(runs[0]!.energy).toEqual(runs[1]!.energy);
  });
});
