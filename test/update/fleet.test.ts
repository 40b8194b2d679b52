/** A hundred nodes with the device's own code, three of which cannot run the new version: the rollout stops. */
import { expect, it } from "vitest";
import { Receiver } from "../../tools/receive/receiver.ts";
import type { Notice } from "../../tools/receive/store.ts";
import { parseTopic } from "../../tools/receive/topic.ts";
import { isFinished, planRollout, tally, type Rollout } from "../../tools/update/rollout.ts";
import { RolloutServer } from "../../tools/update/serve.ts";
import { loadDevice } from "./device.ts";
import { pack, TOPIC, version, World } from "./world.ts";

const NODES = 100;
/** In the first ten per cent. */
const defective = ["n3", "n6", "n9"];
const ROUND_MS = 7_200_000;

it("stops where it does harm, and the receiver shows who runs what", async () => {
  const code = await loadDevice();
  const one = version(1);
  const two = version(2);
  const base = Buffer.from(one.image, "latin1");
  const names = Array.from({ length: NODES }, (_, i) => `n${i}`);
  const worlds = new Map(
    names.map((name) => {
      const works = !defective.includes(name);
      const world = new World(code, [one, { ...two, conduct: works ? "works" : "restarts after a minute" }], []);
      world.install(one);
      return [name, world];
    }),
  );
  const notices: Notice[] = [];
  const receiver = new Receiver({
    store: {
      known: new Map(),
      commit: (all) => void notices.push(...[all].flat().flatMap((each) => each.notices)),
      close: () => undefined,
    },
  });
  const saved: Rollout[] = [];
  const server = new RolloutServer({
    rollout: planRollout(names, [1, "10%", "100%"], { version: 2, number: 1000, allowed: 1 }),
    topic: parseTopic("t/{id}/update"),
    packageFor: (_, number, whole) => pack({ number, version: 2, to: two, base: whole ? undefined : base }),
    patienceMs: 100 * ROUND_MS,
    save: (rollout) => void saved.push(rollout),
    broker: {
      publish(topic, payload) {
        const [, name, ...rest] = topic.split("/");
        // each world is called n in its own broker
        const own = ["t", "n", ...rest].join("/");
        if (payload.length) worlds.get(name!)!.retained.set(own, payload);
        else worlds.get(name!)!.retained.delete(own);
        return Promise.resolve();
      },
    },
  });
  let rounds = 0;
  for (; rounds < 30 && !isFinished(server.rollout); rounds++) {
    await server.proceed(rounds * ROUND_MS);
    for (const [name, world] of worlds) {
      const before = world.received.length;
      world.boot();
      for (const payload of world.received.slice(before)) {
        await receiver.take({ device: name, payload, receivedMs: rounds * ROUND_MS });
        await server.take(name, payload, rounds * ROUND_MS);
      }
    }
  }
  const { rollout } = server;
  expect(rollout.stopped).toMatch(/devices failed, 1 may/);
  const states = Object.fromEntries(tally(rollout).map(({ state, count }) => [state, count]));
  expect(states["waiting"]).toBe(NODES - 10);
  expect(saved.at(-1)).toEqual(rollout);
  // those that were in the middle of it come to an end too
  for (let i = 0; i < 8; i++)
    for (const [name, world] of worlds) {
      const before = world.received.length;
      world.boot();
      for (const payload of world.received.slice(before))
        await receiver.take({ device: name, payload, receivedMs: rounds * ROUND_MS });
    }
  const runs = new Map(notices.filter(({ kind }) => kind === "version").map(({ device, text }) => [device, text]));
  const count = (pattern: RegExp): number => [...runs.values()].filter((text) => pattern.test(text)).length;
  console.log(
    `${rollout.stopped}; after ${rounds} rounds ${count(/^version 2/)} of ${NODES} run version 2, ${count(/^version 1/)} version 1`,
  );
  for (const name of defective) expect(runs.get(name)).toMatch(/^version 1; update 1000: crashed/);
  expect(count(/^version 2/)).toBe(7);
  expect(count(/^version 1/)).toBe(93);
  for (const world of worlds.values()) world.checkReadings();
  expect(worlds.get("n50")!.retained.has(TOPIC)).toBe(false);
}, 60_000);
