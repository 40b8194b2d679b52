/** Whole nodes that are updated over a simulated modem and network, in both engines. */
import { beforeAll, describe, expect, it } from "vitest";
import { CRASHED } from "../../lib/update/outcomes.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { bundleOf, HOUR, live, packed, type Lived } from "./simulated.ts";

let one: string;
let two: string;
beforeAll(async () => {
  [one, two] = [await bundleOf("2h"), await bundleOf("1h")];
}, 60_000);

const said = ({ heard }: Lived): string[] => heard.map(({ text }) => text.split(",")[0]!);
const holds = ({ story }: Lived): void => {
  expect(story.uncaughtErrors).toBe(0);
  expect(story.collected.gaps).toEqual([]);
  expect(story.stored!.stored - story.collected.readings).toBeLessThan(10);
};

/** A version that the build lets through and that is good for nothing. */
const broken = "throw new Error('version 2 is broken');";

describe("a node in the simulator", () => {
  it("takes a one-line change in one message, and reports twice as often from then on", async () => {
    const update = packed({ number: 10, version: 2, image: two, base: one });
    expect([update.delta, update.pieces.length]).toEqual([true, 1]);
    const lived = await live(12, one, [[3 * HOUR, update]]);
    expect(said(lived)).toEqual(["version 1", "version 1; update 10: begun", "version 2; update 10: runs"]);
    expect(lived.heard[2]!.atSeconds - lived.heard[1]!.atSeconds).toBeLessThan(30);
    const sent = lived.sink.received.map(({ atUs }) => atUs / 1e6).filter((at) => at > 6 * HOUR);
    expect(sent.length).toBeGreaterThanOrEqual(5);
    holds(lived);
  });

  it("takes a whole bundle, in one wake or in many", async () => {
    const update = packed({ number: 10, version: 2, image: two });
    expect(update.delta).toBe(false);
    const lived = await live(12, one, [[3 * HOUR, update]]);
    expect(said(lived).at(-1)).toBe("version 2; update 10: runs");
    holds(lived);
    const pieces = Math.ceil(update.pieces.length / 4);
    const poor = await live(48, one, [[3 * HOUR, update]], { faults: ["broker-silent@4h..40h,0.5"] });
    expect(said(poor).at(-1)).toBe("version 2; update 10: runs");
    expect(pieces).toBeGreaterThan(3);
  });

  it("takes both in a persistent session as well", async () => {
    const [before, after] = [await bundleOf("2h", "persistent"), await bundleOf("1h", "persistent")];
    for (const base of [{ base: before }, {}]) {
      const lived = await live(12, before, [[3 * HOUR, packed({ number: 10, version: 2, image: after, ...base })]]);
      expect(said(lived).at(-1)).toBe("version 2; update 10: runs");
      holds(lived);
    }
  });

  it("returns from a version that throws, by itself", async () => {
    const update = packed({ number: 10, version: 2, image: broken });
    const lived = await live(12, one, [[3 * HOUR, update]]);
    expect(lived.heard.at(-1)).toMatchObject({ version: 1, update: 10, code: CRASHED });
    expect(lived.story.collected.gaps).toEqual([]);
    expect(lived.sink.received.length).toBeGreaterThan(8);
  });
});

const program = process.env["ESPRUINO"];

describe.skipIf(!program)("on the real interpreter", () => {
  it.each([
    ["an update", () => packed({ number: 10, version: 2, image: two, base: one }), 2, []],
    ["a version that throws", () => packed({ number: 10, version: 2, image: broken }), 1, []],
    [
      "an update with power cuts",
      () => packed({ number: 10, version: 2, image: two }),
      2,
      ["power-cut@16561s", "power-cut@16566s", "power-cut@16580s", "power-cut@16640s", "power-cut@5h"],
    ],
  ] as const)(
    "%s goes as in the fast engine",
    async (_, make, ends, faults) => {
      const interpreter = findInterpreter(program!);
      const update = make();
      const fast = await live(8, one, [[3 * HOUR, update]], { faults });
      const real = await live(8, one, [[3 * HOUR, update]], { faults, interpreter });
      expect(said(real)).toEqual(said(fast));
      expect(real.heard.at(-1)!.version).toBe(ends);
      expect(real.story.console.join()).not.toContain("corrupt");
      const sent = ({ sink }: Lived) =>
        sink.received.map(({ atUs, payload }) => [atUs, Buffer.from(payload).toString("hex")]);
      expect(sent(real)).toEqual(sent(fast));
    },
    300_000,
  );

  it("takes no more memory at its peak than without the loader", async () => {
    const interpreter = findInterpreter(program!);
    const update = packed({ number: 10, version: 2, image: two });
    const lived = await live(8, one, [[3 * HOUR, update]], { interpreter, measureMemory: true });
    console.log(`JsVars: ${JSON.stringify(lived.story.memory).slice(0, 600)}`);
  }, 300_000);
});
