/** The node's MQTT with real brokers, through a network that loses, repeats and cuts. */
import mqtt, { type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BROKER_REFUSED } from "../../lib/faults.ts";
import type { Outbox } from "../../lib/outbox.ts";
import { inletFor } from "../../lib/uplink/inlet.ts";
import { runSession } from "../../lib/uplink/mqtt.ts";
import type { MqttOptions } from "../../lib/uplink/mqtt-with.ts";
import { CLEAN } from "../../lib/uplink/packets.ts";
import { Receiver } from "../../tools/receive/receiver.ts";
import { randomFor } from "../../tools/simulator/world/random.ts";
import { message } from "../receive/messages.ts";
import { brokers, LOGIN, type TestBroker } from "./brokers.ts";
import { socketModem, wayTo, type Trouble } from "./unreliable.ts";

const SOAK = process.env["SOAK"];
const MESSAGES = SOAK ? 400 : 40;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** Messages with two readings each; `sent` counts what the session has confirmed. */
function backlog(count: number, inlet?: Outbox["inlet"]) {
  const outbox = {
    sent: 0,
    next: () => (outbox.sent < count ? text(message(2 * outbox.sent, 2)) : ""),
    confirmed: () => void outbox.sent++,
    ...(inlet && { inlet }),
  };
  return outbox;
}

/** Every message on `topic`, from a client whose session outlives the broker's restarts where the broker can. */
async function listener(port: number, topic: string) {
  const heard: { topic: string; payload: Uint8Array; qos: number; retain: boolean }[] = [];
  const client: MqttClient = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: `listener-${topic.slice(0, 8)}`,
    clean: false,
    reconnectPeriod: 30,
  });
  client.on("message", (to, payload, { qos, retain }) => heard.push({ topic: to, payload: new Uint8Array(payload), qos, retain })); // prettier-ignore
  await client.subscribeAsync(topic, { qos: 1 });
  return {
    heard,
    /** Resolves when this holds. */
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await new Promise((heardMore) => client.once("message", heardMore));
    },
    close: () => client.endAsync(true),
  };
}

const session = (port: number, outbox: Outbox, login: Partial<typeof LOGIN> = {}, answerMs = 150): Promise<number> => {
  const modem = socketModem();
  return new Promise<number>((done) =>
    runSession({
      modem,
      timers: {
        after: (ms, run) => setTimeout(run, ms) as unknown as number,
        cancel: (timer) => clearTimeout(timer),
      },
      ...{ host: "127.0.0.1", port, clientId: "chaos", keepAliveSeconds: 60, flags: CLEAN, topic: "chaos/telemetry" },
      ...login,
      outbox,
      answerMs,
      done,
    }),
  ).finally(() => modem.down(() => undefined));
};

describe.each(Object.keys(brokers))("with %s", (name) => {
  const start = brokers[name];
  let broker: TestBroker;
  beforeAll(async () => {
    if (start) broker = await start();
  });
  afterAll(() => broker?.stop());
  const withBroker = test.skipIf(!start);

  withBroker("each message arrives, and makes its rows once, whatever becomes of the connections", async () => {
    const random = randomFor(name, "troubles");
    const kinds = ["none", "cut", "cut", "half-open", "repeats", "repeats"] as const;
    const drawn = (): Trouble => {
      const kind = kinds[Math.floor(random.next() * kinds.length)]!;
      const up = random.next() < 0.5;
      // a CONNECT is 21 bytes, a PUBLISH some 50, an answer 4
      return {
        kind,
        afterUp: up ? Math.floor(random.next() * 300) : Infinity,
        afterDown: up ? Infinity : Math.floor(random.next() * 30),
      };
    };
    const watching = await listener(broker.port, "chaos/telemetry");
    const way = await wayTo(broker.port, drawn);
    const outbox = backlog(MESSAGES);
    let sessions = 0;
    while (outbox.sent < MESSAGES) {
      if (++sessions > 40 * MESSAGES) throw new Error(`only ${outbox.sent} sent after ${sessions} sessions`);
      await session(way.port, outbox);
    }
    way.close();
    const receiver = new Receiver({ store: { known: new Map(), commit: () => undefined, close: () => undefined } });
    const rows: number[] = [];
    const wanted = 2 * MESSAGES;
    for (let taken = 0; rows.length < wanted; taken++) {
      await watching.until(() => watching.heard.length > taken);
      const { payload } = watching.heard[taken]!;
      rows.push(...(await receiver.take({ device: "n", payload, receivedMs: 1.7e12 })).rows.map(({ seq }) => seq));
    }
    expect(rows).toEqual(Array.from({ length: wanted }, (_, i) => i));
    expect(sessions).toBeGreaterThan(2);
    await watching.close();
  });

  withBroker("a broker that is restarted in the middle costs a session, and no message", async () => {
    const watching = await listener(broker.port, "chaos/telemetry");
    const outbox = backlog(30);
    const confirmed = outbox.confirmed;
    let restarted: Promise<void> | undefined;
    outbox.confirmed = () => {
      confirmed();
      if (outbox.sent === 10) restarted = broker.restart();
    };
    const faults: number[] = [];
    while (outbox.sent < 30) {
      await restarted;
      faults.push(await session(broker.port, outbox));
    }
    expect(faults.length).toBeGreaterThan(1);
    const seen = () => new Set(watching.heard.map(({ payload }) => text(payload)));
    // what aedes had for a listener that was not back yet it has forgotten
    if (name === "mosquitto") await watching.until(() => seen().size === 30);
    await watching.close();
  });

  withBroker("a login that is refused ends the session at once, a good one does not", async () => {
    const outbox = backlog(1);
    expect(await session(broker.port, outbox, { ...LOGIN, password: "guess" })).toBe(BROKER_REFUSED);
    expect(outbox.sent).toBe(0);
    expect(await session(broker.port, outbox, LOGIN, 2000)).toBe(0);
    expect(outbox.sent).toBe(1);
  });

  describe("mqttWith", () => {
    /** One session as `node()` runs it. */
    async function report(options: MqttOptions, outbox: Outbox, id = "hut-1"): Promise<number> {
      vi.stubGlobal("getTime", () => 0);
      const { mqttWith } = await import("../../lib/uplink/mqtt-with.ts");
      const modem = socketModem();
      const settings = { id, broker: "127.0.0.1", port: broker.port };
      const fault = await new Promise<number>((done) => mqttWith(options)(modem, settings, "huts/{id}", outbox, done));
      modem.down(() => undefined);
      vi.unstubAllGlobals();
      return fault;
    }

    withBroker("persistent: what was published while the node was away comes with the next session, once", async () => {
      const taken: string[] = [];
      const inlet = () => inletFor("huts/hut-1/command", (payload) => taken.push(payload));
      const sender = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`);
      const tell = (payload: string) => sender.publishAsync("huts/hut-1/command", payload, { qos: 1 });
      for (const [persistent, expected] of [
        [false, []],
        [true, ["one", "two"]],
      ] as const) {
        expect(await report({ persistent }, backlog(1, inlet()))).toBe(0);
        await tell("one");
        await tell("two");
        expect(await report({ persistent }, backlog(1, inlet()))).toBe(0);
        expect(taken).toEqual(expected);
      }
      await sender.endAsync();
    });

    withBroker("will: told when the node vanishes, not when it says goodbye", async () => {
      const will = { topic: "huts/{id}/state", payload: "gone", retain: true };
      const watching = await listener(broker.port, "huts/+/state");
      expect(await report({ will }, backlog(1), "hut-2")).toBe(0);
      const outbox = backlog(2);
      const modem = socketModem();
      outbox.confirmed = () => void modem.vanish();
      vi.stubGlobal("getTime", () => 0);
      const { mqttWith } = await import("../../lib/uplink/mqtt-with.ts");
      const settings = { id: "hut-3", broker: "127.0.0.1", port: broker.port };
      await new Promise<number>((done) => mqttWith({ will })(modem, settings, "huts/{id}", outbox, done));
      vi.unstubAllGlobals();
      await watching.until(() => watching.heard.length > 0);
      expect(watching.heard.map(({ topic, payload }) => `${topic} ${text(payload)}`)).toEqual([
        "huts/hut-3/state gone",
      ]);
      await watching.close();
    });

    withBroker("QoS 0: every message leaves without a number, and nothing waits for answers", async () => {
      const watching = await listener(broker.port, "huts/hut-4");
      const outbox = backlog(5);
      expect(await report({ qos: 0 }, outbox, "hut-4")).toBe(0);
      expect(outbox.sent).toBe(5);
      await watching.until(() => watching.heard.length === 5);
      expect(watching.heard.map(({ qos, payload }) => [qos, text(payload)])).toEqual(
        Array.from({ length: 5 }, (_, i) => [0, text(message(2 * i, 2))]),
      );
      await watching.close();
    });

    withBroker("QoS 0 at a broker that refuses the node releases nothing", async () => {
      vi.stubGlobal("getTime", () => 0);
      const { mqttWith } = await import("../../lib/uplink/mqtt-with.ts");
      const outbox = backlog(1);
      const settings = { id: "hut-5", broker: "127.0.0.1", port: broker.port, user: LOGIN.user, password: "guess" };
      const modem = socketModem();
      const fault = await new Promise<number>((done) => mqttWith({ qos: 0 })(modem, settings, "t", outbox, done));
      modem.down(() => undefined);
      vi.unstubAllGlobals();
      expect([fault, outbox.sent]).toEqual([BROKER_REFUSED, 0]);
    });
  });
});
