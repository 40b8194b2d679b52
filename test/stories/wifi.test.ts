/** A node on the chip's own Wi-Fi: its session through `net`, the access point, what goes wrong, and both engines. */
import { beforeAll, describe, expect, test } from "vitest";
import baseScenario from "../../firmware/cold-chain/scenario.ts";
import { buildFirmware } from "../../tools/build/build.ts";
import { compareEngines } from "../../tools/simulator/agreement.ts";
import { findInterpreter } from "../../tools/simulator/interpreter/probe.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";
import { run } from "../../tools/simulator/run.ts";
import type { Scenario } from "../../tools/simulator/scenario.ts";
import { constant } from "../../tools/simulator/world/sources.ts";

let bundle: string;
beforeAll(async () => {
  ({ bundle } = await buildFirmware({ entry: "test/stories/nodes/wifi.ts", typeCheck: false }));
}, 300_000);

const { cargo, battery } = baseScenario.parts;
const scenario: Scenario = {
  ...baseScenario,
  parts: { cargo: cargo!, battery: battery! },
  world: { cargo: { temperature: constant(5), humidity: constant(60) } },
  accessPoint: { ssid: "barn", passphrase: "correct horse" },
  settings: { id: "node-1", broker: "broker.example", ssid: "barn", passphrase: "correct horse" },
};

async function live(
  hours: number,
  options: { faults?: readonly string[]; settings?: Scenario["settings"]; ssid?: string } = {},
) {
  const { faults = [], settings = {} } = options;
  let sink: ReturnType<typeof createSink>;
  const story = await run({
    scenario: { ...scenario, settings: { ...scenario.settings, ...settings } },
    ...{ bundle, closed: true, lasts: `${hours}h`, faults },
    server: (nowUs, onMessage) => (sink = createSink({ nowUs, onMessage })),
    timeline: true,
  });
  const states = story.timeline!.lines.filter(({ signal }) => signal === "wifi").map(({ value }) => value);
  return { ...story, sink: sink!, states };
}

test("reports every hour, with the time from the network, and is off between", async () => {
  const { messages, collected, broken, energy, states } = await live(24);
  expect(broken).toEqual([]);
  expect(messages.count).toBeGreaterThan(22);
  expect(states.slice(0, 6)).toEqual(["joining", "joined", "off", "joining", "joined", "off"]);
  expect(collected.readings).toBeGreaterThan(90);
  const joules = Object.fromEntries(energy.shareByCause.map((row) => [row.cause, row.joules]));
  for (const cause of ["wifi: join", "wifi: joined", "wifi: transmit", "wifi: receive"])
    expect(joules[cause]).toBeGreaterThan(0);
  expect(joules["wifi: join"]! / messages.count).toBeLessThan(1);
});

describe("loses nothing", () => {
  test("while the access point is gone: what waited comes when it is back", async () => {
    const { broken, collected, messages } = await live(24, { faults: ["no-coverage@4h..12h"] });
    expect(broken).toEqual([]);
    expect(collected.readings).toBeGreaterThan(80);
    expect(messages.count).toBeGreaterThan(8);
  });

  test.each(["broker-down", "broker-silent"])("with %s for some hours", async (fault) => {
    const { broken, collected } = await live(24, { faults: [`${fault}@4h..8h`] });
    expect(broken).toEqual([]);
    expect(collected.readings).toBeGreaterThan(80);
  });

  test("when power is cut in the middle of a session", async () => {
    const faults = Array.from({ length: 12 }, (_, i) => `power-cut@${i + 3}h5m${i * 3}s`);
    expect((await live(24, { faults })).broken).toEqual([]);
  });
});

test.each([
  ["a wrong passphrase", { passphrase: "wrong" }],
  ["another name", { ssid: "house" }],
])("%s: it goes on measuring, and tries less and less often", async (_, settings) => {
  const { broken, messages, stored, wakes } = await live(24, { settings });
  expect(broken).toEqual([]);
  expect(messages.count).toBe(0);
  expect(stored!.stored).toBeGreaterThan(90);
  expect(wakes).toBeLessThan(140);
});

const program = process.env["ESPRUINO"];
describe.skipIf(!program)("on the real interpreter", () => {
  test("what it sends, keeps and spends is the same", async () => {
    const { differences, compared, interpreter } = await compareEngines({
      ...{ scenario, bundle, closed: true, lasts: "13h" },
      faults: ["no-coverage@5h..8h", "broker-down@10h..11h"],
      interpreter: findInterpreter(program!),
    });
    expect(differences).toEqual([]);
    expect(interpreter.uncaughtErrors).toBe(0);
    expect(compared["uplink messages"]).toBeGreaterThan(5);
  });
});
test.skipIf(program)("Wi-Fi on the real interpreter (skipped: set ESPRUINO to its program)", () => {});
