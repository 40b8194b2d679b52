/** A node on MQTT-SN: from its driver through a modem's UDP socket, a network that loses datagrams, a gateway and a broker. */
import { beforeAll, describe, expect, it, test } from "vitest";
import baseScenario from "../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { commandMessage } from "../../tools/receive/command.ts";
import { Receiver } from "../../tools/receive/receiver.ts";
import { compareEngines } from "../../tools/simulator/agreement.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { createSink, type Sink } from "../../tools/simulator/network/sink.ts";
import { run } from "../../tools/simulator/run.ts";
import { constant } from "../../tools/simulator/world/sources.ts";

let bundle: string;
beforeAll(async () => {
  ({ bundle } = await buildFirmware({ entry: "test/stories/nodes/mqtt-sn.ts", budgetBytes: 24_576, typeCheck: false }));
}, 300_000);

const key = new Uint8Array(16).fill(0x11);
const seal = { kind: "encrypted", key, keyId: 1 } as const;
const scenario = {
  ...baseScenario,
  world: { cargo: { temperature: constant(5), humidity: constant(60) } },
  settings: { ...baseScenario.settings, key: Buffer.from(key).toString("hex"), port: 1885 },
};
const COMMANDS = "story/truck-17/command";

async function live(
  hours: number,
  options: {
    loss?: number;
    faults?: readonly string[];
    topicId?: number;
    told?: readonly (readonly [atHours: number, command: Uint8Array])[];
  } = {},
) {
  let sink: Sink | undefined;
  const { loss = 0, faults = [], topicId, told = [] } = options;
  const settings = { ...scenario.settings, topic: "story/{id}/telemetry", ...(topicId && { "topic-id": topicId }) };
  const story = await run({
    scenario: { ...scenario, settings },
    bundle,
    closed: true,
    lasts: `${hours}h`,
    faults,
    network: (profile) => ({ ...profile, lossRatio: { ...profile.lossRatio, value: loss } }),
    server: (nowUs, onMessage) => (sink = createSink({ nowUs, onMessage })),
    probe: (rig) => {
      for (const [at, message] of told) rig.clock.at(at * 3600e6, () => sink!.retained.set(COMMANDS, message));
      return () => undefined;
    },
  });
  const receiver = new Receiver({
    store: { known: new Map(), commit: () => undefined, close: () => undefined },
    keys: new Map([["truck-17", new Map([[1, key]])]]),
  });
  const answers: string[] = [];
  for (const { atUs, payload } of sink!.received) {
    const taken = await receiver.take({ device: "truck-17", payload, receivedMs: atUs / 1000 });
    for (const { kind, text } of taken.notices) if (kind === "answer") answers.push(text.split(",")[0]!);
  }
  return { story, answers, sink: sink!, readings: receiver.report("truck-17")!.readings };
}

describe("a node on MQTT-SN", () => {
  it.each([[undefined], [1], [17]])("brings its readings, topic id %s", async (topicId) => {
    const { story, readings } = await live(24, topicId === undefined ? {} : { topicId });
    expect(story.broken).toEqual([]);
    expect(readings).toBeGreaterThan(85);
    expect(story.collected.readings).toBe(readings);
    const { byLayer, uplinks } = story.bytes;
    // name, CONNECT, REGISTER or not, SUBSCRIBE, PUBLISH, DISCONNECT: a head of 28 bytes each; over TCP it is a dozen of 40
    expect(byLayer.ip.up / uplinks).toBeLessThan(topicId ? 150 : 180);
    expect(byLayer.mqtt.up / uplinks).toBeLessThan(120);
    expect(byLayer.payload.up).toBeGreaterThan(0);
  });

  it("loses no reading through a network that loses every fifth packet, no coverage and no broker", async () => {
    const { story } = await live(72, {
      loss: 0.2,
      faults: ["no-coverage@10h..20h", "broker-down@30h..36h", "power-cut@50h"],
    });
    expect(story.broken).toEqual([]);
    expect(story.stored!.stored - story.stored!.released).toBeLessThan(20);
    expect(story.bytes.byLayer.again.up).toBeGreaterThan(0);
  });

  it("obeys a sealed command once, clears it, and answers", async () => {
    const told = [[5, commandMessage({ set: { sample: 300 } }, 7, seal)]] as const;
    const { story, answers, sink } = await live(24, { told });
    expect(answers).toEqual(["command 7: done"]);
    expect(sink.retained.size).toBe(0);
    expect(story.stored!.stored).toBeGreaterThan(180);
  });

  it("obeys it once as well where datagrams get lost, both ways", async () => {
    const told = [[5, commandMessage({ set: { sample: 300 } }, 7, seal)]] as const;
    const { story, answers } = await live(36, { told, loss: 0.3 });
    expect([...new Set(answers)]).toEqual(["command 7: done"]);
    expect(story.broken).toEqual([]);
    expect(story.stored!.stored).toBeGreaterThan(200);
  });
});

const program = process.env["ESPRUINO"];
test.skipIf(!program)(
  "on the real interpreter: what it sends, keeps and spends is the same",
  { timeout: 120_000 },
  async () => {
    const { differences, compared, interpreter } = await compareEngines({
      scenario,
      bundle,
      closed: true,
      lasts: "13h",
      faults: ["no-coverage@5h..8h"],
      interpreter: findInterpreter(program!),
    });
    expect(differences).toEqual([]);
    expect(interpreter.uncaughtErrors).toBe(0);
    expect(compared["uplink messages"]).toBeGreaterThan(2);
  },
);
