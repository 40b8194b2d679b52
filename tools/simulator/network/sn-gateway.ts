/** An MQTT-SN gateway between the device's datagrams and the broker of a run: what `hibernode receive --mqtt-sn` is in the field. */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { createGateway } from "../../receive/mqtt-sn/gateway.ts";
import type { Server, ServerConnection } from "./server.ts";

export interface SnGatewayOptions {
  /** Virtual time in milliseconds. */
  readonly nowMs: () => number;
  /** The topic of predefined id 1. */
  readonly ownTopic: (clientId: string) => string;
  /** Topics of other predefined ids. */
  readonly numbered: ReadonlyMap<number, string>;
}

/** The same server, with ears for datagrams unless it has its own. */
export function withSnGateway(server: Server, { nowMs, ownTopic, numbered }: SnGatewayOptions): Server {
  if (server.datagram) return server;
  let broker: ServerConnection | undefined;
  /** Answers of the broker that are due, by packet id. */
  const awaited = new Map<number, () => void>();
  let lastId = 0;
  /** Turns of the event loop in which promises settle. */
  let settling = 0;

  const gateway = createGateway({
    nowMs,
    ownTopic,
    numbered,
    publish: (topic, payload, qos, retain) =>
      ask((messageId) => ({ cmd: "publish", topic, payload: Buffer.from(payload), qos, retain, dup: false, ...(qos && { messageId }) }), qos > 0), // prettier-ignore
    subscribe: (topic) => ask((messageId) => ({ cmd: "subscribe", messageId, subscriptions: [{ topic, qos: 1 }] })),
  });

  /** One session with the broker, begun anew when it ended. */
  function connected(host: string): ServerConnection | undefined {
    if (broker) return broker;
    const parser = mqttPacket.parser();
    parser.on("packet", (packet) => heard(packet));
    broker = server.connect(host, 1883, {
      data: (bytes) => void parser.parse(Buffer.from(bytes)),
      closed() {
        broker = undefined;
        awaited.clear();
      },
    });
    broker?.write(mqttPacket.generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "gateway", clean: true, keepalive: 0 })); // prettier-ignore
    return broker;
  }

  function heard(packet: Packet): void {
    if (packet.cmd === "publish") {
      // a broker of this process may be in the middle of its own packet
      if (packet.qos) later(() => broker?.write(mqttPacket.generate({ cmd: "puback", messageId: packet.messageId! })));
      gateway.message(packet.topic, new Uint8Array(packet.payload as Buffer), packet.retain);
    } else if (packet.cmd === "puback" || packet.cmd === "suback") {
      awaited.get(packet.messageId!)?.();
      awaited.delete(packet.messageId!);
    }
  }

  let host = "";
  function ask(make: (id: number) => Packet, answered = true): Promise<void> {
    const to = connected(host);
    if (!to) return Promise.reject(new Error("no broker"));
    const id = (lastId = (lastId % 65535) + 1);
    // virtual time stands still until the answer has become a datagram
    return new Promise<void>((resolve) => {
      if (answered) awaited.set(id, resolve);
      to.write(mqttPacket.generate(make(id)));
      if (!answered) resolve();
      later(() => undefined);
    });
  }

  function later(run: () => unknown): void {
    settling++;
    setImmediate(() => {
      run();
      settling--;
    });
  }

  return {
    connect: (to, port, events) => server.connect(to, port, events),
    get busy() {
      return settling > 0 || server.busy;
    },
    async settled() {
      await server.settled();
      while (settling) await new Promise(setImmediate);
    },
    async close() {
      broker?.end();
      await server.close();
    },
    datagram(to, _port, bytes, reply) {
      host = to;
      // a device has one address here, and a port that nobody sees
      gateway.datagram("device", bytes, reply);
    },
  };
}
