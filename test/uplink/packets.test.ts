import fc from "fast-check";
import mqtt, { type Packet } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import {
  CLEAN,
  connect,
  DISCONNECT,
  packetReader,
  puback,
  publish,
  subscribe,
  text,
  type Connect,
} from "../../lib/uplink/packets.ts";

const hex = (bytes: string) => Buffer.from(bytes, "latin1").toString("hex");

/** What mqtt-packet makes of our bytes. */
function read(bytes: string): Packet[] {
  const packets: Packet[] = [];
  const parser = mqtt.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => packets.push(packet));
  parser.on("error", (error) => {
    throw error;
  });
  expect(parser.parse(Buffer.from(bytes, "latin1"))).toBe(0);
  return packets;
}

const node = { clientId: "dev1", keepAliveSeconds: 60, flags: CLEAN };
const will = text("w") + text("x");
const WILL = 0x0c;
const RETAINED_WILL = 0x2c;

describe("packets that we write", () => {
  test.each([
    ["CONNECT", connect(node), "101000044d5154540402003c000464657631"],
    [
      "CONNECT with everything",
      connect({ ...node, keepAliveSeconds: 300, flags: RETAINED_WILL, will, user: "u", password: "p" }),
      "101c00044d51545404ec012c000464657631000177000178000175000170",
    ],
    ["CONNECT without an id", connect({ ...node, clientId: "", keepAliveSeconds: 0 }), "100c00044d515454040200000000"],
    ["PUBLISH", publish("a/b", "hi", 10), "32090003612f62000a6869"],
    ["PUBLISH of two length bytes", publish("a/b", "x".repeat(198), 10).slice(0, 8), "32cd010003612f62"],
    ["SUBSCRIBE", subscribe("a/+/#", 11), "820a000b0005612f2b2f2301"],
    ["PUBACK", puback(10), "4002000a"],
    ["DISCONNECT", DISCONNECT, "e000"],
  ])("%s", (_, bytes, expected) => {
    expect(hex(bytes)).toBe(expected);
  });

  test("are read by mqtt-packet", () => {
    const [opening, topic, message, ack, end] = read(
      connect({ ...node, flags: CLEAN | RETAINED_WILL, will, user: "u", password: "p" }) +
        subscribe("cmd/dev1", 1) +
        publish("t/dev1", "\x86\x01\xff", 2) +
        puback(3) +
        DISCONNECT,
    );
    expect(opening).toMatchObject({
      ...{ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId: "dev1", keepalive: 60 },
      ...{
        username: "u",
        password: Buffer.from("p"),
        will: { topic: "w", payload: Buffer.from("x"), qos: 1, retain: true },
      },
    });
    expect(topic).toMatchObject({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "cmd/dev1", qos: 1 }] });
    expect(message).toMatchObject({ cmd: "publish", topic: "t/dev1", messageId: 2, qos: 1, dup: false, retain: false });
    expect(message).toMatchObject({ payload: Buffer.from([0x86, 0x01, 0xff]) });
    expect([ack, end]).toMatchObject([{ cmd: "puback", messageId: 3 }, { cmd: "disconnect" }]);
  });

  test("keep any payload and any length, 2000 random ones", () => {
    const name = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(..."abcdefghij/-_0123456789") });
    fc.assert(
      fc.property(
        name,
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 0, max: 20000 }),
        fc.integer({ min: 1, max: 65535 }),
        (topic, start, extra, id) => {
          const payload = Buffer.concat([start, Buffer.alloc(extra, 0xe0)]);
          const [packet] = read(publish(topic, payload.toString("latin1"), id));
          return (
            packet?.cmd === "publish" &&
            packet.topic === topic &&
            packet.messageId === id &&
            payload.equals(packet.payload as Buffer)
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("open sessions in every combination", () => {
    for (let bits = 0; bits < 16; bits++) {
      const options: Connect = {
        ...node,
        flags: (bits & 1 ? 0 : CLEAN) | (bits & 2 ? WILL : 0),
        will: bits & 2 ? will : undefined,
        user: bits & 4 ? "u" : undefined,
        password: bits & 8 ? "p" : undefined,
      };
      const [packet] = read(connect(options));
      expect(packet).toMatchObject({ clean: !(bits & 1), clientId: "dev1" });
      expect([packet].map((p) => (p as { username?: string }).username)).toEqual([options.user]);
    }
  });
});

describe("the reader", () => {
  const collect = (limit = 1024) => {
    const got: string[] = [];
    const feed = packetReader(limit, (header, body) => {
      got.push(header.toString(16) + ":" + hex(body));
      return true;
    });
    return { got, feed };
  };

  test("cuts a stream into the same packets, wherever it is split", () => {
    const stream =
      "\x20\x02\0\0" + "\x90\x03\0\x01\x01" + "\xd0\0" + publish("c", "y".repeat(300), 7) + "\x40\x02\0\x02";
    const whole = collect();
    expect(whole.feed(stream)).toBe(true);
    expect(whole.got.length).toBe(5);
    for (let split = 1; split < stream.length; split++) {
      const { got, feed } = collect();
      expect(feed(stream.slice(0, split)) && feed(stream.slice(split))).toBe(true);
      expect(got).toEqual(whole.got);
    }
    const bytewise = collect();
    for (const byte of stream) expect(bytewise.feed(byte)).toBe(true);
    expect(bytewise.got).toEqual(whole.got);
  });

  test("passes over a message that is too long, and goes on behind it", () => {
    for (const size of [1200, 70000, 2097160]) {
      const { got, feed } = collect();
      const stream = publish("c", "z".repeat(size), 7) + "\x40\x02\0\x02";
      for (let i = 0; i < stream.length; i += 1000) expect(feed(stream.slice(i, i + 1000))).toBe(true);
      expect(got).toEqual(["40:0002"]);
    }
  });

  test.each([
    ["a fifth length byte", "\x30\xff\xff\xff\xff\x01"],
    ["a long packet that is no message", "\x20\xff\xff\x03"],
  ])("refuses %s", (_, bytes) => {
    expect(collect().feed(bytes)).toBe(false);
  });
});
