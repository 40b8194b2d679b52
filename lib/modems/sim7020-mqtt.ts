/** The MQTT client of SIMCom SIM7020: MQTT(S) Application Note V1.05. One instance at a time. */
import type { Uart } from "../../boards/types.ts";
import { BROKER_REFUSED, CONNECTION_LOST, NO_ROUTE } from "../faults.ts";
import type { ModemOptions } from "./attach.ts";
import type { Link } from "./driver.ts";
import { toHex } from "./hex.ts";
import type { ModemFactory } from "./modem.ts";
import { ANSWER_MS, attachMqtt, login, OPEN_MS, type MqttWords } from "./own-mqtt.ts";
import { sim7020Family } from "./sim7020-family.ts";

/** Milliseconds for each command, and bytes of its buffer, at most 1132. */
const LIMITS = "30000,1024";

export function sim7020MqttWords(link: Link): MqttWords {
  let opened = false;
  return {
    heard: {},
    // 1000 hex digits (AT manual 10.2.6)
    longest: 500,
    connect(broker, done) {
      // with synchronisation OK means that the broker has answered; an instance of before would be in the way
      link.askAll(["AT+CMQTSYNC=1", "AT+CMQDISCON=0"], () =>
        link.ask(`AT+CMQNEW="${broker.host}","${broker.port}",${LIMITS}`, OPEN_MS, (fault) => {
          if (fault) return done(NO_ROUTE);
          opened = true;
          const session = `0,4,"${broker.clientId}",${broker.keepAliveSeconds},1,0${login(broker)}`;
          link.ask("AT+CMQCON=" + session, ANSWER_MS, (refused) => done(refused && BROKER_REFUSED));
        }),
      );
    },
    publish(topic, payload, done) {
      const hex = toHex(payload);
      link.ask(`AT+CMQPUB=0,"${topic}",1,0,0,${hex.length},"${hex}"`, ANSWER_MS, (fault) =>
        done(fault && CONNECTION_LOST),
      );
    },
    close: () => (opened ? ["AT+CNBIOTRAI=2", "AT+CMQDISCON=0"] : []),
  };
}

/** SIM7020 with its own MQTT client, for `session: modemMqtt` (lib/uplink/modem-mqtt.ts). */
export function sim7020Mqtt(uart: Uart, options?: ModemOptions): ModemFactory {
  return attachMqtt(uart, options, sim7020Family, sim7020MqttWords);
}
