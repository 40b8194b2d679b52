/**
 * AT+QMTOPEN and what follows it: BC660K-GL and BC950K-GL MQTT application note V1.2; as BG96, BG95, BG77 and BC66 have it by
 * public drivers (their figures and formats unverified against the manuals).
 */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { keyed, ok } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { Done, ModemCore } from "./core.ts";
import type { FamilySockets } from "./family.ts";
import { createMqttClient } from "./mqtt-client.ts";

/** Of several clients the one that this model has. */
const only = "0";

export interface QuectelMqtt {
  /** Longest wait for the broker: <pkt_timeout> without a retry. */
  readonly answerUs: number;
  /** Bytes of a message, as text and as digits. */
  readonly longest: readonly [text: number, digits: number];
  /** The message may stand in AT+QMTPUB, and be digits (AT+QMTCFG="dataformat"). */
  readonly inline: boolean;
  /** Numbers that AT+QMTCFG takes for each key, the lowest and the highest. */
  readonly ranges: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** What +QMTOPEN says where there is no way to the broker. */
  readonly unreachable: number;
}

export const bg96Mqtt: QuectelMqtt = {
  answerUs: 15e6,
  longest: [4096, 0],
  inline: false,
  ranges: { version: [3, 4], keepalive: [0, 3600], session: [0, 1] },
  unreachable: 3,
};

/** 3.3.1, 3.3.2, 3.3.8. */
export const bc660kMqtt: QuectelMqtt = {
  answerUs: 30e6,
  longest: [1460, 730],
  inline: true,
  ranges: { version: [0, 1], keepalive: [0, 3600], session: [0, 1], dataformat: [0, 1] },
  unreachable: -1,
};

export const bc66Mqtt: QuectelMqtt = { ...bc660kMqtt, ranges: { ...bc660kMqtt.ranges, version: [3, 4] } };

export function quectelMqtt(core: ModemCore, form: QuectelMqtt): FamilySockets {
  const { port, settings, radio } = core;
  const failed = new AtFailure();
  const client = createMqttClient(core, form.answerUs, {
    message: ({ topic, payload }) => port.urc(`+QMTRECV: 0,0,"${topic}","${Buffer.from(payload).toString("latin1")}"`),
    lost: () => port.urc("+QMTSTAT: 0,1"),
  });
  const setting = (key: string, first: number) =>
    integer(settings.flags[`+QMTCFG ${key}`]?.split(",")[1], 0, 65_535) ?? first;
  const stored = keyed("+QMTCFG", settings);

  function configure(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [key, id, ...rest] = values;
    const [low, high] = form.ranges[key ?? ""] ?? [];
    if (id !== only) return failed;
    if (low !== undefined && rest.some((value) => integer(value, low, high!) === undefined)) return failed;
    return stored.set!(values, done);
  }

  function open([id, host, portText]: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const remotePort = integer(portText, 1, 65_535);
    if (id !== only || !host || remotePort === undefined || !radio.registered) return failed;
    done(ok);
    // 2: the identifier is occupied, 3: the network could not be opened
    if (client.open) port.urc("+QMTOPEN: 0,2");
    else client.start(host, remotePort, (isOpen) => port.urc(`+QMTOPEN: 0,${isOpen ? 0 : form.unreachable}`));
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
    const [id, messageId, qosText, retain, topic, lengthText, text] = values;
    const qos = integer(qosText, 0, 2) as 0 | 1 | 2 | undefined;
    const number = integer(messageId, 0, 65_535);
    const isDigits = form.inline && setting("dataformat", 0) === 1;
    const length = integer(lengthText, form.inline ? 0 : 1, form.longest[isDigits ? 1 : 0]);
    if (id !== only || !client.connected || !topic || qos === undefined || number === undefined) return failed;
    if (length === undefined || (qos === 0) !== (number === 0)) return failed;
    const send = (payload: Uint8Array) => {
      done(ok);
      client.publish({ topic, payload, qos, retain: retain === "1" }, (isSent) =>
        port.urc(`+QMTPUB: 0,${number},${isSent ? 0 : 2}`),
      );
    };
    if (text === undefined) {
      port.prompt(length, send);
      return undefined;
    }
    if (!form.inline || (isDigits && !/^([0-9a-fA-F]{2})*$/.test(text))) return failed;
    const payload = Buffer.from(text, isDigits ? "hex" : "latin1");
    if (payload.length !== length) return failed;
    send(new Uint8Array(payload));
    return undefined;
  }

  return {
    commands: {
      "+QMTCFG": { test: "", set: configure },
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
