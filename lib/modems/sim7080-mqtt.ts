/** The MQTT client of SIMCom SIM7080G, SIM7070G, SIM7090G: MQTT(S) Application Note V1.03, AT Command Manual V1.05. */
import type { Uart } from "../../boards/types.ts";
import { BROKER_REFUSED, CONNECTION_LOST, NO_ROUTE } from "../faults.ts";
import type { ModemOptions } from "./attach.ts";
import type { Link } from "./driver.ts";
import type { ModemFactory } from "./modem.ts";
import { ANSWER_MS, attachMqtt, OPEN_MS, type MqttWords } from "./own-mqtt.ts";
import { sim7080Family, sim7080Port } from "./sim7080-family.ts";

export function sim7080MqttWords(link: Link): MqttWords {
  let active = false;
  return {
    heard: {},
    longest: 1024,
    connect({ host, port, clientId, user, password, keepAliveSeconds }, done) {
      const set = (key: string, value: string | number) => `AT+SMCONF="${key}",${value}`;
      const settings = [
        "AT+SMDISC",
        set("URL", `"${host}",${port}`),
        set("CLIENTID", `"${clientId}"`),
        set("KEEPTIME", keepAliveSeconds),
        set("CLEANSS", 1),
        // the modem keeps them: an empty one takes back what another firmware has set
        set("USERNAME", `"${user || ""}"`),
        set("PASSWORD", `"${password || ""}"`),
      ];
      link.expect("+APP PDP", OPEN_MS, () => {
        active = true;
        link.askAll(settings, (fault) => {
          if (fault) return done(NO_ROUTE);
          // ERROR says no more: the name, the way, or the broker
          link.ask("AT+SMCONN", OPEN_MS, (refused) => done(refused && BROKER_REFUSED));
        });
      });
      link.ask("AT+CNACT=0,1", OPEN_MS, (fault) => {
        // refused where it is active already
        if (fault) link.tell();
      });
    },
    publish(topic, payload, done) {
      link.ask(`AT+SMPUB="${topic}",${payload.length},1,0\n${payload}`, ANSWER_MS, (fault) =>
        done(fault && CONNECTION_LOST),
      );
    },
    close: () => (active ? ["AT+CRAI=2", "AT+SMDISC", "AT+CNACT=0,0"] : []),
  };
}

/** SIM7080G with its own MQTT client, for `session: modemMqtt` (lib/uplink/modem-mqtt.ts). */
export function sim7080Mqtt(uart: Uart, options?: ModemOptions): ModemFactory {
  return attachMqtt(uart, options, sim7080Family, sim7080MqttWords, sim7080Port);
}
