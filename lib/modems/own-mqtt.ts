/** A modem whose own MQTT client carries the messages, in the place of packets that the device makes. */
import type { Uart } from "../../boards/types.ts";
import type { SerialPort } from "../platform/ports.ts";
import { attach, type ModemOptions } from "./attach.ts";
import type { Heard, Link, MakeFamily } from "./driver.ts";
import type { Broker, ModemFactory, OwnMqtt } from "./modem.ts";

/** NB-IoT answers after 2 to 10 s at every coverage level; a TCP retransmission doubles that. */
export const ANSWER_MS = 30000;
/** Activation, name and connection. */
export const OPEN_MS = 60000;

/** What a family says for MQTT. */
export interface MqttWords extends OwnMqtt {
  readonly heard: Readonly<Record<string, Heard>>;
  /** What ends the session: release assistance first, for the packet that follows. */
  close(): readonly string[];
}

/** `,"user","password"` or nothing. */
export const login = ({ user, password }: Broker): string => (user ? `,"${user}","${password || ""}"` : "");

export function attachMqtt(
  uart: Uart,
  options: ModemOptions | undefined,
  makeFamily: MakeFamily,
  words: (link: Link) => MqttWords,
  wrap?: (port: SerialPort) => SerialPort,
  baud?: number,
): ModemFactory {
  return (settings) => {
    let own: MqttWords | undefined;
    const family: MakeFamily = (link, port) => {
      const made = makeFamily(link, port);
      own = words(link);
      return Object.assign(made, { heard: Object.assign(made.heard, own.heard), close: own.close });
    };
    return Object.assign(attach(uart, options, family, wrap, baud)(settings), { mqtt: own });
  };
}
