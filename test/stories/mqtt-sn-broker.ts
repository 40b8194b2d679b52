/** A broker that also hears MQTT-SN 1.2 over UDP, as a modem without TCP speaks it: sessions with QoS 1, topic by number. */
import { readPacket, TYPES, writePacket } from "../../tools/receive/mqtt-sn/packets.ts";
import type { Received, Server } from "../../tools/simulator/network/server.ts";
import { createSink } from "../../tools/simulator/network/sink.ts";

export function createBroker(nowUs: () => number, onMessage: (message: Received) => void, topic: string): Server {
  const sink = createSink({ nowUs, onMessage, keep: false });
  return {
    ...sink,
    datagram(_host, _port, bytes, reply) {
      const packet = readPacket(bytes);
      if (packet?.type === TYPES.CONNECT) reply(writePacket(TYPES.CONNACK));
      else if (packet?.type === TYPES.DISCONNECT) reply(writePacket(TYPES.DISCONNECT));
      else if (packet?.type === TYPES.PUBLISH) {
        onMessage({ atUs: nowUs(), topic, payload: packet.rest, qos: 1, retain: false });
        reply(writePacket(TYPES.PUBACK, { topicId: packet.topicId!, id: packet.id! }));
      }
    },
  };
}
