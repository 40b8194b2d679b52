/** A week and three months without a network, an alarm meanwhile, and what arrives when the network is back. */
import { beforeAll, describe, expect, it } from "vitest";
import scenario from "../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { steps } from "../../tools/simulator/index.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { run, type Message } from "../../tools/simulator/run.ts";

let bundle: string;
beforeAll(async () => {
  ({ bundle } = await buildFirmware({ entry: "firmware/cold-chain/node.ts", typeCheck: false }));
});

const DAY = 86_400;

/** Coverage ends after one day and returns `days` later; it gets too hot an hour before that. */
async function outage(days: number) {
  const back = (days + 1) * DAY;
  const messages: Message[] = [];
  const story = await run({
    scenario: {
      ...scenario,
      world: {
        cargo: { ...scenario.world["cargo"], temperature: steps([["0s", 5], [`${back - 3600}s`, 30], [`${back + 7200}s`, 5]]) }, // prettier-ignore
      },
    },
    bundle,
    closed: true,
    lasts: `${days + 3}d`,
    faults: [`no-coverage@1d..${days + 1}d`],
    server: (nowUs, onMessage) => createSink({ nowUs, onMessage }),
    received: (message) => messages.push(message),
  });
  const start = story.startsAtUnix + back;
  const since = messages.filter(({ atUnix }) => atUnix >= start);
  const hot = since.findIndex(({ rows }) =>
    rows.some(({ quantity, value }) => quantity === "temperature" && value! > 27),
  );
  const full = since.findLastIndex(({ rows }) => new Set(rows.map(({ seq }) => seq)).size === 96);
  const catchUpS = since[full + 1]!.atUnix - since[0]!.atUnix;
  console.log(
    `${days} days: back after ${(since[0]!.atUnix - start).toFixed(0)} s, caught up in ${catchUpS.toFixed(0)} s and ` +
      `${full + 2} messages, longest wake ${story.longestWakeSeconds.toFixed(0)} s, ${JSON.stringify(story.collected)}`,
  );
  return { story, since, hot };
}

describe("without a network", () => {
  it("for a week, all readings arrive once; the alarm comes first, then the backlog in order", async () => {
    const { story, since, hot } = await outage(7);
    expect(story.broken).toEqual([]);
    expect(hot).toBe(0);
    expect(story.collected).toMatchObject({ skipped: {}, disordered: 0, gaps: [], duplicates: 0 });
    expect(story.collected.late).toBeGreaterThan(600);
    const numbers = since.slice(1).flatMap(({ rows }) => rows.map(({ seq }) => seq));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    // a backlog knows its times, for the clock ran on
    expect(since.flatMap(({ rows }) => rows).every(({ unix }) => unix !== undefined)).toBe(true);
  });

  it("for ninety days, the same, but for the oldest: the ring holds 74 days when reports keep failing", async () => {
    const { story, hot } = await outage(90);
    expect(story.broken).toEqual([]);
    expect(hot).toBe(0);
    expect(story.collected.readings).toBeGreaterThan(74 * 96);
    expect(story.collected).toMatchObject({ disordered: 0, gaps: [], duplicates: 0 });
    expect(story.collected.readings + (story.collected.skipped["dropped"] ?? 0)).toBe(story.stored!.released);
  });
});

describe("a node that thins out while nobody hears it", () => {
  it.skipIf(!process.env["SOAK"])(
    "loses five days of a hundred and twenty instead of forty-six, and the receiver hears of every reading left out",
    async () => {
      const built = await buildFirmware({
        entry: "test/stories/nodes/sealed.ts",
        budgetBytes: 24_576,
        typeCheck: false,
      });
      const story = await run({
        scenario: {
          ...scenario,
          world: { cargo: { ...scenario.world["cargo"], temperature: steps([["0s", 5]]) } },
          settings: { ...scenario.settings, key: "11".repeat(16) },
        },
        bundle: built.bundle,
        closed: true,
        lasts: "122d",
        faults: ["no-coverage@1d..121d"],
        server: (nowUs, onMessage) => createSink({ nowUs, onMessage }),
      });
      const { readings, thinned, skipped, gaps, duplicates } = story.collected;
      console.log(`120 days: ${readings} readings arrived, ${thinned} left out, dropped ${JSON.stringify(skipped)}`);
      expect(story.broken).toEqual([]);
      expect([gaps, duplicates]).toEqual([[], 0]);
      expect(skipped["dropped"]).toBeLessThan(6 * 96);
      expect(Math.abs(readings + thinned + skipped["dropped"]! - 122 * 96)).toBeLessThan(96);
    },
    300_000,
  );
});
