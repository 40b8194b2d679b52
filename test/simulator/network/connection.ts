/** A device's end of a connection to a server under test: writes packets, collects what comes back. */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import type { Server } from "../../../tools/simulator/network/server.ts";

export function openConnection(server: Server, host = "broker", port = 1883) {
  const chunks: Uint8Array[] = [];
  const packets: Packet[] = [];
  const parser = mqttPacket.parser();
  parser.on("packet", (packet) => packets.push(packet));
  let closed = false;
  const connection = server.connect(host, port, {
    data(bytes) {
      chunks.push(bytes);
      parser.parse(Buffer.from(bytes));
    },
    closed: () => void (closed = true),
  });
  return {
    refused: connection === undefined,
    packets,
    get closed() {
      return closed;
    },
    get bytes() {
      return Buffer.concat(chunks);
    },
    raw: (bytes: Uint8Array) => connection!.write(bytes),
    end: () => connection!.end(),
    /** Sends packets and waits like the engine does: while the server is busy. */
    async send(...sent: Packet[]): Promise<Packet[]> {
      const before = packets.length;
      for (const packet of sent) connection!.write(new Uint8Array(mqttPacket.generate(packet)));
      while (server.busy) await server.settled();
      return packets.slice(before);
    },
  };
}

export const connectPacket = (clientId: string, clean = true): Packet => ({
  cmd: "connect",
  clientId,
  clean,
  keepalive: 600,
});

export const publishPacket = (topic: string, payload: string, messageId?: number): Packet => ({
  cmd: "publish",
  topic,
  payload: Buffer.from(payload),
  qos: messageId ? 1 : 0,
  retain: false,
  dup: false,
  ...(messageId ? { messageId } : {}),
});

export const subscribePacket = (topic: string, messageId: number, qos: 0 | 1 = 1): Packet => ({
  cmd: "subscribe",
  messageId,
  subscriptions: [{ topic, qos }],
});
