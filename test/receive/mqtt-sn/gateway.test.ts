/** The device's MQTT-SN session against our gateway, written apart from it: through loss, repetition, sleep and restarts. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BROKER_REFUSED, BROKER_SILENT, CONNECTION_LOST } from "../../../lib/faults.ts";
import type { Modem } from "../../../lib/modems/modem.ts";
import { inletFor } from "../../../lib/uplink/inlet.ts";
import { runMqttSn, type MqttSnSession } from "../../../lib/uplink/mqtt-sn.ts";
import { createGateway, type Gateway } from "../../../tools/receive/mqtt-sn/gateway.ts";
import { Clock } from "../../../tools/simulator/clock.ts";
import { virtualTimers } from "../../modems/scripted-modem.ts";

/** A node, a network and a gateway in virtual time. */
class World {
  readonly clock = new Clock();
  readonly published: string[] = [];
  readonly sent: string[] = [];
  readonly commands: string[] = [];
  waiting: string[] = [];
  gateway: Gateway;
  /** What the network does with each datagram in turn: 0 loses it, 2 brings it twice; then all arrive. */
  fate: number[] = [];
  #port = 4000;

  constructor() {
    this.gateway = this.restarted();
  }

  restarted(): Gateway {
    return (this.gateway = createGateway({
      ownTopic: (id) => `t/${id}`,
      numbered: new Map([[17, "t/truck-17"]]),
      publish: async (topic, payload) =>
        void this.published.push(`${topic} ${Buffer.from(payload).toString("latin1")}`),
      subscribe: async () => undefined,
      nowMs: () => this.clock.nowUs / 1000,
    }));
  }

  #carry(deliver: () => void): void {
    for (let copies = this.fate.shift() ?? 1; copies > 0; copies--) this.clock.after(3e5 * copies, deliver);
  }

  /** Runs a session to its end. @returns how it ended */
  async session(options: Partial<MqttSnSession> = {}): Promise<number> {
    const faults: number[] = [];
    const from = `10.0.0.1:${this.#port++}`;
    let hear: (bytes: string) => void = () => undefined;
    const modem: Modem = {
      up: (done) => done(0),
      time: () => 0,
      open: (_host, _port, received, _closed, done, udp) => {
        expect(udp).toBe(true);
        hear = received;
        this.clock.after(1000, () => done(0));
      },
      send: (bytes, done) => {
        this.sent.push(bytes);
        this.#carry(() =>
          this.gateway.datagram(from, new Uint8Array(Buffer.from(bytes, "latin1")), (answer) =>
            this.#carry(() => hear(Buffer.from(answer).toString("latin1"))),
          ),
        );
        this.clock.after(1000, () => done(0));
      },
      down: (done) => done(0),
    };
    runMqttSn({
      modem,
      timers: virtualTimers(this.clock),
      host: "gateway",
      port: 1885,
      clientId: "truck-17",
      topic: "t/truck-17",
      topicId: 0,
      outbox: { next: () => this.waiting[0] ?? "", confirmed: () => void this.waiting.shift() },
      qos: 1,
      done: (fault) => faults.push(fault),
      ...options,
    });
    for (let i = 0; i < 3000 && !faults.length; i++) {
      this.clock.runUntil(this.clock.nowUs + 1e5);
      // the broker's acknowledgements are promises
      await Promise.resolve().then(() => undefined);
    }
    expect(faults).toHaveLength(1);
    return faults[0]!;
  }
}

const mail = (...messages: string[]) => messages.map((message) => `t/truck-17 ${message}`);

describe("a session over MQTT-SN", () => {
  test("registers its topic, publishes with QoS 1, and leaves", async () => {
    const world = new World();
    world.waiting = ["one", "two"];
    expect(await world.session()).toBe(0);
    expect(world.published).toEqual(mail("one", "two"));
    expect(world.waiting).toEqual([]);
    expect(world.sent.map((bytes) => bytes.charCodeAt(1))).toEqual([0x04, 0x0a, 0x0c, 0x0c, 0x18]);
    expect(world.gateway.clients).toBe(0);
  });

  test.each([1, 17])("spares the registration where the gateway knows the topic as number %d", async (topicId) => {
    const world = new World();
    world.waiting = ["one"];
    expect(await world.session({ topicId })).toBe(0);
    expect(world.published).toEqual(mail("one"));
    expect(world.sent).toHaveLength(3);
  });

  test("with QoS 0 waits for nothing but the session's own answers", async () => {
    const world = new World();
    world.waiting = ["one", "two"];
    expect(await world.session({ qos: 0, topicId: 1 })).toBe(0);
    expect(world.published).toEqual(mail("one", "two"));
  });

  test("with QoS -1 is one datagram and no answer", async () => {
    const world = new World();
    world.waiting = ["one"];
    expect(await world.session({ qos: -1, topicId: 17 })).toBe(0);
    expect(world.sent).toEqual(["\x0a\x0c\x61\0\x11\0\0one"]);
    world.clock.runUntil(world.clock.nowUs + 1e6);
    expect(world.published).toEqual(mail("one"));
    expect(world.gateway.clients).toBe(0);
  });

  test("takes smaller batches where one does not fit a datagram", async () => {
    const world = new World();
    let left = 100;
    let asked = 0;
    const outbox = {
      next: (most = 96) => "x".repeat(10 * (asked = Math.min(most, left))),
      confirmed: () => void (left -= asked),
    };
    expect(await world.session({ outbox, topicId: 1 })).toBe(0);
    expect(left).toBe(0);
    expect(Math.max(...world.sent.map((bytes) => bytes.length))).toBeLessThanOrEqual(512);
  });

  test("ends when the gateway is silent, refuses the topic, or has forgotten the node", async () => {
    const silent = new World();
    silent.waiting = ["one"];
    silent.fate = Array<number>(100).fill(0);
    expect(await silent.session()).toBe(BROKER_SILENT);
    expect(silent.waiting).toEqual(["one"]);
    const strange = new World();
    strange.waiting = ["one"];
    expect(await strange.session({ topicId: 99 })).toBe(BROKER_REFUSED);
    const forgetful = new World();
    const outbox = {
      next: () => {
        forgetful.restarted();
        return "one";
      },
      confirmed: () => undefined,
    };
    expect(await forgetful.session({ outbox })).toBe(CONNECTION_LOST);
  });

  test("brings every message through any loss and repetition, 300 random networks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 1, 1, 1, 2), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (fate, count, registered) => {
          const world = new World();
          const all = Array.from({ length: count }, (_, i) => `m${i}`);
          world.waiting = [...all];
          world.fate = fate;
          for (let session = 0; session < 30 && world.waiting.length; session++)
            await world.session({ topicId: registered ? 0 : 1 });
          expect([...new Set(world.published)]).toEqual(mail(...all));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("hears commands: at once while awake, kept while it sleeps, also from a new address", async () => {
    const world = new World();
    const options = {
      sleepSeconds: 3600,
      topicId: 1,
      outbox: {
        next: () => world.waiting[0] ?? "",
        confirmed: () => void world.waiting.shift(),
        inlet: inletFor("t/truck-17/set", (payload) => void world.commands.push(payload)),
      },
    };
    expect(await world.session(options)).toBe(0);
    world.gateway.message("t/truck-17/set", new Uint8Array(Buffer.from("interval 5m")));
    world.gateway.message("t/other/set", new Uint8Array(Buffer.from("not ours")));
    world.clock.runUntil(world.clock.nowUs + 3000e6);
    expect(world.commands).toEqual([]);
    world.waiting = ["one"];
    expect(await world.session(options)).toBe(0);
    expect(world.commands).toEqual(["interval 5m"]);
    expect(world.published).toEqual(mail("one"));
    world.clock.runUntil(world.clock.nowUs + 6000e6);
    expect(world.gateway.clients).toBe(0);
  });
});
