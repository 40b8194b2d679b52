import mqttPacket from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { withFaults } from "../../../tools/simulator/network/faults.ts";
import { createSink } from "../../../tools/simulator/network/sink.ts";
import { connectPacket, openConnection, publishPacket, subscribePacket } from "./connection.ts";

describe("the sink", () => {
  it("answers every packet at once", async () => {
    const sink = createSink({ nowUs: () => 42 });
    const device = openConnection(sink);
    const answers = await device.send(
      connectPacket("n1"),
      publishPacket("n1/t", "one", 7),
      publishPacket("n1/t", "two"),
      subscribePacket("n1/config", 8),
      { cmd: "unsubscribe", messageId: 9, unsubscriptions: ["n1/config"] },
      { cmd: "pingreq" },
    );
    expect(answers.map(({ cmd, messageId }) => [cmd, messageId])).toEqual([
      ["connack", undefined],
      ["puback", 7],
      ["suback", 8],
      ["unsuback", 9],
      ["pingresp", undefined],
    ]);
    expect(sink.busy).toBe(false);
    expect(
      sink.received.map(({ topic, payload, qos, atUs }) => [topic, String.fromCharCode(...payload), qos, atUs]),
    ).toEqual([
      ["n1/t", "one", 1, 42],
      ["n1/t", "two", 0, 42],
    ]);
    await device.send({ cmd: "disconnect" });
    expect(device.closed).toBe(true);
  });

  it("takes packets cut at any byte, and several in one piece", () => {
    const bytes = Buffer.concat(
      [connectPacket("n1"), publishPacket("t", "x", 1), publishPacket("t", "y", 2)].map((p) => mqttPacket.generate(p)),
    );
    for (let cut = 0; cut <= bytes.length; cut++) {
      const sink = createSink({ nowUs: () => 0 });
      const device = openConnection(sink);
      device.raw(bytes.subarray(0, cut));
      device.raw(bytes.subarray(cut));
      expect(device.packets.map(({ cmd }) => cmd)).toEqual(["connack", "puback", "puback"]);
    }
  });

  it("closes on what is not MQTT, or out of order", async () => {
    for (const bytes of [Buffer.from("GET / HTTP/1.1\r\n\r\n"), mqttPacket.generate({ cmd: "pingreq" })]) {
      const device = openConnection(createSink({ nowUs: () => 0 }));
      device.raw(bytes);
      expect(device.closed).toBe(true);
    }
    const twice = openConnection(createSink({ nowUs: () => 0 }));
    await twice.send(connectPacket("a"), connectPacket("a"));
    expect(twice.closed).toBe(true);
  });

  it("only counts when asked not to keep", async () => {
    let count = 0;
    const sink = createSink({ nowUs: () => 0, keep: false, onMessage: () => count++ });
    await openConnection(sink).send(connectPacket("n1"), publishPacket("t", "x", 1));
    expect([count, sink.received.length]).toEqual([1, 0]);
  });
});

describe("broker faults", () => {
  const faulty = (name: string) => {
    const sink = createSink({ nowUs: () => 0 });
    return { sink, device: openConnection(withFaults(sink, (fault) => fault === name)) };
  };

  it("down: refuses", () => {
    expect(faulty("down").device.refused).toBe(true);
  });

  it("silent: accepts, never answers", async () => {
    const { device, sink } = faulty("silent");
    expect(await device.send(connectPacket("n1"), publishPacket("t", "x", 1))).toEqual([]);
    expect(sink.received).toEqual([]);
    expect(device.closed).toBe(false);
  });

  it("reject: CONNACK 5, then closes", async () => {
    const { device } = faulty("reject");
    await device.send(connectPacket("n1"));
    expect(device.bytes.toString("hex")).toBe("20020005");
    expect(device.closed).toBe(true);
  });

  it("drop-puback: stores, and loses the confirmation only", async () => {
    const { device, sink } = faulty("drop-puback");
    const answers = await device.send(connectPacket("n1"), publishPacket("t", "x", 1), { cmd: "pingreq" });
    expect(answers.map(({ cmd }) => cmd)).toEqual(["connack", "pingresp"]);
    expect(sink.received.length).toBe(1);
  });
});
