/** An MQTT session that is not the usual one: persistent, with a last will, or with QoS 0. Only firmware that asks for it carries it. */
import type { Modem } from "../modems/modem.ts";
import type { Done } from "../platform/ports.ts";
import { runSession } from "./mqtt.ts";
import { CLEAN, packet, packetReader, puback, text, u16At } from "./packets.ts";
import { publish } from "./publish.ts";

export interface Will {
  /** `{id}` stands for the device's id. */
  readonly topic: string;
  readonly payload: string;
  readonly retain?: boolean;
}

export interface MqttOptions {
  /** 0: a message counts as sent when the modem has taken it and the broker has taken the node; what is lost then is lost. Default 1. */
  readonly qos?: 0 | 1;
  /**
   * The broker keeps the subscription from wake to wake, and what is published with QoS 1 for the node meanwhile: commands need
   * not be retained. Default false.
   */
  readonly persistent?: boolean;
  /** Published by the broker, QoS 1, when a session ends without DISCONNECT: the node lost power or the network. */
  readonly will?: Will;
  /** Seconds of silence, and half of it, after which the broker gives the node up. Default 60. */
  readonly keepAliveSeconds?: number;
}

const CONNACK_HEADER = 0x20;
const AT_LEAST_ONCE = 0x32;
const AT_MOST_ONCE = 0x30;

/** Of a message; a session reads no packet as long. */
const LONGEST = 65535;

/**
 * Lets a session that asks for QoS 1 run with QoS 0: what it publishes loses its number, and the modem's word stands for the
 * PUBACK, once the broker has let the node in. Packets pass whole, so that nothing is put into the middle of one.
 */
function unanswered(modem: Modem): Modem {
  let connected = false;
  let sent = 0;
  let told = 0;
  let received: (bytes: string) => void;
  const confirm = () => {
    if (!connected || told === sent) return;
    told = sent;
    received(puback(sent));
  };
  return Object.assign({}, modem, {
    open(host: string, port: number, got: typeof received, closed: () => void, done: Done) {
      received = got;
      const reader = packetReader(LONGEST, (header, body) => {
        got(packet(header, body));
        if (header === CONNACK_HEADER) connected = true;
        return true;
      });
      modem.open(
        host,
        port,
        (bytes) => {
          if (!reader(bytes)) got(bytes);
          confirm();
        },
        closed,
        done,
      );
    },
    send(bytes: string, done: Done) {
      let out = "";
      let id = sent;
      packetReader(LONGEST, (header, body) => {
        if (header === AT_LEAST_ONCE) {
          const end = 2 + u16At(body, 0);
          id = u16At(body, end);
          out += packet(AT_MOST_ONCE, body.slice(0, end) + body.slice(end + 2));
        } else out += packet(header, body);
        return true;
      })(bytes);
      modem.send(out, (fault) => {
        done(fault);
        if (fault) return;
        sent = id;
        confirm();
      });
    },
  });
}

/** For `uplink.session` of `node()`. */
export function mqttWith(options: MqttOptions): typeof publish {
  const will = options.will;
  return (modem, settings, topic, outbox, done) =>
    publish(modem, settings, topic, outbox, done, (session) =>
      runSession(
        Object.assign({}, session, {
          modem: options.qos === 0 ? unanswered(modem) : modem,
          keepAliveSeconds: options.keepAliveSeconds || session.keepAliveSeconds,
          flags: (options.persistent ? 0 : CLEAN) | (will ? (will.retain ? 0x2c : 0x0c) : 0),
          will: will && text(will.topic.replace("{id}", "" + settings["id"])) + text(will.payload),
        }),
      ),
    );
}
