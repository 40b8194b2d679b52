/** A broker in a hundred lines that answers at once: for runs of years, where a real broker would cost most of the time. */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import type { Received, Server, ServerConnection, ServerEvents } from "./server.ts";

export interface SinkOptions {
  /** Virtual time in microseconds. */
  readonly nowUs: () => number;
  readonly onMessage?: (message: Received) => void;
  /** Keep the messages in `received` (default); long runs that count in `onMessage` switch it off. */
  readonly keep?: boolean;
}

export interface Sink extends Server {
  /** Every PUBLISH that is not retained, repeats included, in order of arrival. */
  readonly received: readonly Received[];
  /** Retained messages by topic: given to whoever subscribes to exactly that topic, until an empty one clears it. */
  readonly retained: Map<string, Uint8Array>;
}

export function createSink({ nowUs, onMessage, keep = true }: SinkOptions): Sink {
  const received: Received[] = [];
  const retained = new Map<string, Uint8Array>();

  /** The answers to one packet of the device; undefined ends the connection. */
  function answers(packet: Packet): Packet[] | undefined {
    switch (packet.cmd) {
      case "connect":
        return [{ cmd: "connack", returnCode: 0, sessionPresent: false }];
      case "publish": {
        const { topic, payload, qos, retain } = packet;
        if (retain) {
          if (payload.length) retained.set(topic, new Uint8Array(payload as Buffer));
          else retained.delete(topic);
          return qos === 0 ? [] : [{ cmd: "puback", messageId: packet.messageId! }];
        }
        const message = { atUs: nowUs(), topic, payload: new Uint8Array(payload as Buffer), qos, retain };
        if (keep) received.push(message);
        onMessage?.(message);
        if (qos === 0) return [];
        return [{ cmd: qos === 1 ? "puback" : "pubrec", messageId: packet.messageId! }];
      }
      case "pubrel":
        return [{ cmd: "pubcomp", messageId: packet.messageId! }];
      case "subscribe":
        return [
          { cmd: "suback", messageId: packet.messageId!, granted: packet.subscriptions.map(({ qos }) => qos) },
          ...packet.subscriptions.flatMap(({ topic, qos }): Packet[] => {
            const payload = retained.get(topic);
            return payload
              ? [
                  {
                    cmd: "publish",
                    topic,
                    payload: Buffer.from(payload),
                    qos,
                    ...(qos && { messageId: 1 }),
                    retain: true,
                    dup: false,
                  },
                ]
              : [];
          }),
        ];
      case "unsubscribe":
        return [{ cmd: "unsuback", messageId: packet.messageId!, granted: [] }];
      case "pingreq":
        return [{ cmd: "pingresp" }];
      case "puback":
        return [];
      default:
        return undefined;
    }
  }

  function connect(_host: string, _port: number, events: ServerEvents): ServerConnection {
    const parser = mqttPacket.parser();
    let open = true;
    const close = () => {
      if (!open) return;
      open = false;
      events.closed();
    };
    let greeted = false;
    parser.on("packet", (packet) => {
      if (!open) return;
      // The first packet must be CONNECT, and there is only one (MQTT 3.1.1, 3.1.0-1 and 3.1.0-2).
      if ((packet.cmd === "connect") === greeted) return close();
      greeted = true;
      const replies = answers(packet);
      if (!replies) return close();
      for (const reply of replies) events.data(mqttPacket.generate(reply));
    });
    parser.on("error", close);
    return {
      write(bytes) {
        if (open) parser.parse(Buffer.from(bytes));
      },
      end() {
        open = false;
      },
    };
  }

  return { received, retained, connect, busy: false, settled: () => Promise.resolve(), close: () => Promise.resolve() };
}
