/**
 * AT+QMTOPEN and what follows it, as BG96, BG95 and BG77 have it (BG96 MQTT application note V1.0 by public drivers; figures
 * and formats unverified against the manual).
 */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { keyed, ok } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { Done, ModemCore } from "./core.ts";
import type { FamilySockets } from "./family.ts";
import { createMqttClient } from "./mqtt-client.ts";

const answerUs = 15e6;
const longestMessage = 4096;
/** Of six clients the one that this model has. */
const only = "0";

export function quectelMqtt(core: ModemCore): FamilySockets {
  const { port, settings, radio } = core;
  const failed = new AtFailure();
  const client = createMqttClient(core, answerUs, {
    message: ({ topic, payload }) => port.urc(`+QMTRECV: 0,0,"${topic}","${Buffer.from(payload).toString("latin1")}"`),
    lost: () => port.urc("+QMTSTAT: 0,1"),
  });
  const setting = (key: string, first: number) =>
    integer(settings.flags[`+QMTCFG ${key}`]?.split(",")[1], 0, 65_535) ?? first;

  function open([id, host, portText]: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const remotePort = integer(portText, 1, 65_535);
    if (id !== only || !host || remotePort === undefined || !radio.registered) return failed;
    done(ok);
    // 2: the identifier is occupied, 3: the network could not be opened
    if (client.open) port.urc("+QMTOPEN: 0,2");
    else client.start(host, remotePort, (isOpen) => port.urc(`+QMTOPEN: 0,${isOpen ? 0 : 3}`));
    return undefined;
  }

  function connect(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [id, clientId, username, password] = values;
    if (id !== only || !clientId || !client.open) return failed;
    done(ok);
    const login = { clientId, username, password, keepAliveSeconds: setting("keepalive", 120) };
    client.connect({ ...login, clean: setting("session", 1) === 1 }, (code) =>
      port.urc(code === undefined ? "+QMTCONN: 0,2" : `+QMTCONN: 0,0,${code}`),
    );
    return undefined;
  }

  function publish(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [id, messageId, qosText, retain, topic, lengthText] = values;
    const qos = integer(qosText, 0, 2) as 0 | 1 | 2 | undefined;
    const number = integer(messageId, 0, 65_535);
    const length = integer(lengthText, 1, longestMessage);
    if (id !== only || !client.connected || !topic || qos === undefined || number === undefined) return failed;
    if (length === undefined || (qos === 0) !== (number === 0)) return failed;
    port.prompt(length, (payload) => {
      done(ok);
      client.publish({ topic, payload, qos, retain: retain === "1" }, (isSent) =>
        port.urc(`+QMTPUB: 0,${number},${isSent ? 0 : 2}`),
      );
    });
    return undefined;
  }

  return {
    commands: {
      "+QMTCFG": keyed("+QMTCFG", settings),
      "+QMTOPEN": { test: "", set: open },
      "+QMTCONN": { test: "", read: () => (client.connected ? ["+QMTCONN: 0,3"] : []), set: connect },
      "+QMTPUB": { test: "", set: publish },
      "+QMTSUB": {
        test: "",
        set([id, messageId, topic, qosText], done) {
          const qos = integer(qosText, 0, 2) as 0 | 1 | 2 | undefined;
          if (id !== only || !topic || qos === undefined || !client.connected) return failed;
          done(ok);
          client.subscribe(topic, qos, (isGranted) =>
            port.urc(`+QMTSUB: 0,${messageId},${isGranted ? `0,${qos}` : "2"}`),
          );
          return undefined;
        },
      },
      "+QMTDISC": {
        test: "",
        set([id], done) {
          if (id !== only || !client.open) return failed;
          done(ok);
          client.stop();
          port.urc("+QMTDISC: 0,0");
          return undefined;
        },
      },
      "+QMTCLOSE": {
        test: "",
        set([id], done) {
          if (id !== only || !client.open) return failed;
          done(ok);
          client.stop();
          port.urc("+QMTCLOSE: 0,0");
          return undefined;
        },
      },
    },
    get blockPsm() {
      return client.blockPsm;
    },
    forget: () => client.forget(),
  };
}
