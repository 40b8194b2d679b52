import { Duplex } from "node:stream";
import { Aedes } from "aedes";
import mqtt, { type Packet } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { BROKER_GARBLED, BROKER_REFUSED, BROKER_SILENT, CONNECTION_LOST, NO_ROUTE } from "../../lib/faults.ts";
import type { Modem } from "../../lib/modems/modem.ts";
import { inletFor } from "../../lib/uplink/inlet.ts";
import { runSession } from "../../lib/uplink/mqtt.ts";
import { CLEAN } from "../../lib/uplink/packets.ts";
import { Clock } from "../../tools/simulator/clock.ts";
import { virtualTimers } from "../modems/scripted-modem.ts";

/** Whole numbers below a bound, the same for the same seed (mulberry32). */
function prand(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** One session against a broker that the test plays. */
class Wire {
  readonly clock = new Clock();
  #sent = "";
  readonly waiting: string[];
  readonly commands: string[] = [];
  readonly faults: number[] = [];
  confirmed = 0;
  sendFault = 0;
  receive: (bytes: string) => void = () => {};
  close = () => {};

  constructor(waiting: string[], commandTopic?: string, openFault = 0) {
    this.waiting = waiting;
    const modem: Modem = {
      up: (done) => done(0),
      time: () => 0,
      open: (_host, _port, received, closed, done) => {
        this.receive = received;
        this.close = closed;
        this.clock.after(1000, () => done(openFault));
      },
      send: (bytes, done) => {
        this.clock.after(1000, () => {
          if (!this.sendFault) this.#sent += bytes;
          done(this.sendFault);
        });
      },
      down: (done) => done(0),
    };
    runSession({
      modem,
      timers: virtualTimers(this.clock),
      host: "broker",
      port: 1883,
      clientId: "dev1",
      keepAliveSeconds: 60,
      flags: CLEAN,
      topic: "t/dev1",
      outbox: {
        next: () => this.waiting[0] ?? "",
        confirmed: () => {
          this.waiting.shift();
          this.confirmed++;
        },
        ...(commandTopic && { inlet: inletFor(commandTopic, (payload) => this.commands.push(payload)) }),
      },
      answerMs: 30000,
      done: (fault) => this.faults.push(fault),
    });
    this.run(1);
  }

  run(seconds: number): this {
    this.clock.runUntil(this.clock.nowUs + seconds * 1e6);
    return this;
  }

  /** The broker says these packets. */
  says(...packets: Packet[]): this {
    for (const packet of packets) this.receive(mqtt.generate(packet).toString("latin1"));
    return this.run(1);
  }

  /** What the client sent, as mqtt-packet reads it. */
  get sent(): Packet[] {
    const packets: Packet[] = [];
    const parser = mqtt.parser({ protocolVersion: 4 });
    parser.on("packet", (packet) => packets.push(packet));
    parser.on("error", (error) => {
      throw error;
    });
    parser.parse(Buffer.from(this.#sent, "latin1"));
    return packets;
  }

  get kinds(): string[] {
    return this.sent.map((packet) => packet.cmd);
  }
}

const connack = { cmd: "connack", returnCode: 0, sessionPresent: false } as const;
const puback = (messageId: number): Packet => ({ cmd: "puback", messageId });
const suback = (...granted: number[]): Packet => ({ cmd: "suback", messageId: 1, granted });
const message = (payload: string, more = {}): Packet => ({
  ...{
    cmd: "publish",
    topic: "cmd/dev1",
    payload: Buffer.from(payload, "latin1"),
    qos: 1,
    dup: false,
    retain: false,
    messageId: 9,
  },
  ...more,
});

describe("a session", () => {
  test("publishes all that waits, one after the other, and disconnects", () => {
    const wire = new Wire(["one", "two", "three"]);
    expect(wire.kinds).toEqual(["connect", "publish"]);
    wire.says(connack, puback(2));
    expect([wire.confirmed, wire.kinds.length]).toEqual([1, 3]);
    wire.says(puback(3)).says(puback(4));
    expect(wire.kinds).toEqual(["connect", "publish", "publish", "publish", "disconnect"]);
    expect(wire.sent.slice(1, 4)).toMatchObject([
      { topic: "t/dev1", payload: Buffer.from("one"), qos: 1, dup: false, messageId: 2 },
      { payload: Buffer.from("two"), messageId: 3 },
      { payload: Buffer.from("three"), messageId: 4 },
    ]);
    expect([wire.confirmed, wire.faults]).toEqual([3, [0]]);
  });

  test("with nothing to send, still fetches its commands", () => {
    const wire = new Wire([], "cmd/dev1");
    expect(wire.kinds).toEqual(["connect", "subscribe"]);
    wire.says(connack);
    expect(wire.faults).toEqual([]);
    wire.says(message("on"), suback(1));
    expect(wire.kinds).toEqual(["connect", "subscribe", "puback", "disconnect"]);
    expect(wire.sent[2]).toMatchObject({ messageId: 9 });
    expect([wire.commands, wire.faults]).toEqual([["on"], [0]]);
  });

  test("takes commands of QoS 0 and 1 at any moment after CONNACK", () => {
    const wire = new Wire(["one"], "cmd/dev1");
    wire.says(
      connack,
      message("a\xff\0", { qos: 0, messageId: undefined }),
      suback(1),
      message("", { retain: true, messageId: 65535 }),
    );
    wire.says(puback(2));
    // what is empty only clears
    expect(wire.commands).toEqual(["a\xff\0"]);
    expect([wire.faults, wire.confirmed]).toEqual([[0], 1]);
  });

  test.each([1, 2, 3, 4, 5])("says BROKER_REFUSED for return code %d, and keeps what waits", (returnCode) => {
    const wire = new Wire(["one"]).says({ ...connack, returnCode }).says(puback(2));
    expect([wire.faults, wire.waiting]).toEqual([[BROKER_REFUSED], ["one"]]);
  });

  test("publishes although the subscription is refused, and says so", () => {
    const wire = new Wire(["one"], "cmd/dev1").says(connack, suback(0x80), puback(2));
    expect([wire.faults, wire.confirmed]).toEqual([[BROKER_REFUSED], 1]);
  });

  test("is patient for 30 s with each answer, not longer", () => {
    const wire = new Wire(["one", "two"]).run(28.5);
    expect(wire.faults).toEqual([]);
    wire.says(connack, puback(2)).run(28.5);
    expect(wire.faults).toEqual([]);
    wire.run(1);
    expect([wire.faults, wire.confirmed, wire.waiting]).toEqual([[BROKER_SILENT], 1, ["two"]]);
  });

  test("ignores acknowledgements of what it did not send, and repeated ones", () => {
    const wire = new Wire(["one", "two"]).says(connack, puback(7), puback(1), puback(2), puback(2));
    expect([wire.confirmed, wire.faults]).toEqual([1, []]);
  });

  test("ends with the modem's fault when there is no route or the bytes do not leave", () => {
    expect(new Wire(["one"], undefined, NO_ROUTE).faults).toEqual([NO_ROUTE]);
    const wire = new Wire(["one", "two"]).says(connack);
    wire.sendFault = CONNECTION_LOST;
    expect(wire.says(puback(2)).faults).toEqual([CONNECTION_LOST]);
  });

  test("says CONNECTION_LOST when the connection ends, once, and hears nothing after it", () => {
    const wire = new Wire(["one"]).says(connack);
    wire.close();
    wire.says(puback(2)).run(60);
    expect([wire.faults, wire.confirmed]).toEqual([[CONNECTION_LOST], 0]);
  });

  test.each([
    ["HTTP", "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n400 Bad Request"],
    ["a first packet that is not CONNACK", "\x40\x02\0\x02"],
    ["CONNACK of three bytes", "\x20\x03\0\0\0"],
    ["CONNACK twice", "\x20\x02\0\0\x20\x02\0\0"],
    ["PUBACK of three bytes", "\x20\x02\0\0\x40\x03\0\x02\0"],
    ["a message without a topic", "\x20\x02\0\0\x30\x02\0\0"],
    ["a topic longer than its message", "\x20\x02\0\0\x30\x03\0\x09a"],
    ["packet id 0", "\x20\x02\0\0\x32\x05\0\x01a\0\0"],
    ["QoS 2, which was never granted", "\x20\x02\0\0\x34\x05\0\x01a\0\x01"],
    ["a packet that only clients send", "\x20\x02\0\0\x82\x05\0\x01\0\0\0"],
    ["an empty message", "\x20\x02\0\0\x30\0"],
  ])("says BROKER_GARBLED for %s", (_, bytes) => {
    const wire = new Wire(["one"], "cmd/dev1");
    wire.receive(bytes);
    expect(wire.run(1).faults).toEqual([BROKER_GARBLED]);
  });

  test("hears all of this in any chunks", () => {
    const answers = [connack, suback(1), message("on"), puback(2)].map((packet) => mqtt.generate(packet));
    const stream = Buffer.concat(answers).toString("latin1");
    for (let chunk = 1; chunk <= stream.length; chunk++) {
      const wire = new Wire(["one"], "cmd/dev1");
      for (let i = 0; i < stream.length; i += chunk) wire.receive(stream.slice(i, i + chunk));
      expect([wire.run(1).faults, wire.commands.length]).toEqual([[0], 1]);
    }
  });

  test("survives 100,000 random byte strings in random chunks, and always ends in time", () => {
    const random = prand(20200);
    const pieces = [
      "\x30",
      "\x32\x07\0\x01c\0\x05hi",
      "\x40\x02\0\x02",
      "\x90\x03\0\x01\x01",
      "\xd0\0",
      "\xff\xff\xff\xff\x7f",
    ];
    for (let run = 0; run < 100000; run++) {
      const wire = new Wire(["one", "two"], "cmd/dev1");
      let stream = ["", "\x20\x02\0\0", "\x20\x02\0\0\x40\x02\0\x02"][random(3)]!;
      for (let parts = random(6); parts--;) {
        if (random(2)) stream += pieces[random(pieces.length)]!;
        else for (let length = random(24); length--;) stream += String.fromCharCode(random(256));
      }
      for (let i = 0; i < stream.length;) wire.receive(stream.slice(i, (i += 1 + random(30))));
      wire.run(200);
      if (wire.faults.length !== 1)
        throw new Error(`run ${run} ended ${wire.faults.length} times: ${JSON.stringify(stream)}`);
    }
  }, 30000);
});

/** Calls back after so many turns of the event loop. */
function turns(count: number, run: () => void): number {
  setImmediate(() => (count ? turns(count - 1, run) : run()));
  return 0;
}

describe("with a real broker", () => {
  test("one packet train opens, subscribes and publishes; a retained command comes back and is cleared", async () => {
    const broker = await Aedes.createBroker();
    const published: string[] = [];
    broker.on("publish", (packet, client) => client && published.push(`${packet.topic}=${packet.payload.toString()}`));
    const retained = {
      cmd: "publish",
      topic: "cmd/dev1",
      payload: Buffer.from("slow"),
      qos: 1,
      retain: true,
      dup: false,
    } as const;
    await new Promise<void>((done) => broker.publish(retained, () => done()));

    const commands: string[] = [];
    const waiting = ["one", "two"];
    const fault = await new Promise<number>((done) => {
      let stream: Duplex;
      const modem: Modem = {
        up: (end) => end(0),
        time: () => 0,
        open: (_host, _port, received, closed, end) => {
          stream = new Duplex({
            read() {},
            write(chunk: Buffer, _encoding, next) {
              received(chunk.toString("latin1"));
              next();
            },
          });
          stream.on("close", closed);
          broker.handle(stream);
          end(0);
        },
        send: (bytes, end) => {
          stream.push(Buffer.from(bytes, "latin1"));
          setImmediate(end, 0);
        },
        down: (end) => end(0),
      };
      runSession({
        modem,
        timers: { after: (ms, run) => (ms < 1000 ? turns(100, run) : 0), cancel: () => {} },
        host: "",
        port: 0,
        clientId: "dev1",
        keepAliveSeconds: 60,
        flags: CLEAN,
        topic: "t/dev1",
        outbox: {
          next: () => waiting[0] ?? "",
          confirmed: () => void waiting.shift(),
          inlet: inletFor("cmd/dev1", (payload) => commands.push(payload)),
        },
        answerMs: 30000,
        done,
      });
    });
    await new Promise<void>((done) => broker.close(done));
    expect({ fault, waiting, published, commands }).toEqual({
      fault: 0,
      waiting: [],
      published: ["t/dev1=one", "t/dev1=two", "cmd/dev1="],
      commands: ["slow"],
    });
  });
});
