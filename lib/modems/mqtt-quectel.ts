/** Quectel's AT+QMTOPEN and what follows it: BC660K-GL MQTT Application Note V1.2; BG95 and BC66 by public drivers. */
import { BROKER_REFUSED, CONNECTION_LOST, NO_ROUTE } from "../faults.ts";
import type { Link } from "./driver.ts";
import { ANSWER_MS, login, OPEN_MS, type MqttWords } from "./own-mqtt.ts";

/** How a family says it. */
export interface QmtForm {
  /** Bytes of a message. */
  readonly longest: number;
  /** What AT+QMTCFG="version" calls MQTT 3.1.1. */
  readonly version: number;
  /** Before the settings of MQTT. */
  readonly before: (link: Link) => readonly string[];
  /** After them. */
  readonly after: readonly string[];
  /** What follows the message's length. */
  readonly message: (payload: string) => string;
  /** Around what ends the session. */
  readonly release: readonly string[];
  readonly asleep: readonly string[];
}

export const quectelMqttWords =
  (form: QmtForm) =>
  (link: Link): MqttWords => {
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
      longest: form.longest,
      connect(broker, done) {
        const settings = form
          .before(link)
          .concat(
            "AT+QMTCLOSE=0",
            'AT+QMTCFG="version",0,' + form.version,
            'AT+QMTCFG="keepalive",0,' + broker.keepAliveSeconds,
            form.after,
          );
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
        const what = `0,${id},1,0,"${topic}",${payload.length}${form.message(payload)}`;
        run("QMTPUB", what, ANSWER_MS, (answer) => done(answer === `0,${id},0` ? 0 : CONNECTION_LOST));
      },
      close: () => (opened ? form.release.concat("AT+QMTDISC=0", "AT+QMTCLOSE=0", form.asleep) : form.asleep),
    };
  };
