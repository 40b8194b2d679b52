/**
 * The MQTT client of Quectel BG95 and BG77, whose AT+QMTPUB takes the message's length. BG96's ends a message at its first
 * byte 26: readings would be cut, so BG96 has none here.
 */
import type { Uart } from "../../boards/types.ts";
import { BROKER_REFUSED, CONNECTION_LOST, NO_ROUTE } from "../faults.ts";
import type { ModemOptions } from "./attach.ts";
import { BAUD } from "./bg96.ts";
import { bg96Family, bg96Port } from "./bg96-family.ts";
import type { Link } from "./driver.ts";
import type { ModemFactory } from "./modem.ts";
import { ANSWER_MS, attachMqtt, login, OPEN_MS, type MqttWords } from "./own-mqtt.ts";

export function bg95MqttWords(link: Link): MqttWords {
  let opened = false;
  let id = 0;
  /** Asks, and waits for the line that ends it. */
  const run = (name: string, command: string, limitMs: number, then: (rest: string | undefined) => void) => {
    link.expect("+" + name, limitMs, then);
    link.ask(`AT+${name}=${command}`, limitMs, (fault) => {
      if (fault) link.tell();
    });
  };
  return {
    heard: {
      // the link is gone: nobody will answer
      "+QMTSTAT": () => link.tell(),
    },
    // public drivers; the manual of BG95 allows 4096
    longest: 1024,
    connect(broker, done) {
      const settings = [
        `AT+QICSGP=1,1,"${link.apn}"`,
        "AT+QIACT=1",
        "AT+QMTCLOSE=0",
        'AT+QMTCFG="version",0,4',
        'AT+QMTCFG="keepalive",0,' + broker.keepAliveSeconds,
      ];
      link.askAll(settings, () =>
        run("QMTOPEN", `0,"${broker.host}",${broker.port}`, OPEN_MS, (open) => {
          if (open !== "0,0") return done(NO_ROUTE);
          opened = true;
          run("QMTCONN", `0,"${broker.clientId}"` + login(broker), ANSWER_MS, (answer) =>
            done(answer === "0,0,0" ? 0 : BROKER_REFUSED),
          );
        }),
      );
    },
    publish(topic, payload, done) {
      id++;
      const what = `0,${id},1,0,"${topic}",${payload.length}\n${payload}`;
      run("QMTPUB", what, ANSWER_MS, (answer) => done(answer === `0,${id},0` ? 0 : CONNECTION_LOST));
    },
    close: () => (opened ? ["AT+QMTDISC=0", "AT+QMTCLOSE=0"] : []),
  };
}

/** BG95 with its own MQTT client, for `session: modemMqtt` (lib/uplink/modem-mqtt.ts). */
export function bg95Mqtt(uart: Uart, options?: ModemOptions): ModemFactory {
  return attachMqtt(uart, options, bg96Family, bg95MqttWords, bg96Port, BAUD);
}
