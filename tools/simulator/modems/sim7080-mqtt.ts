/** AT+SMCONF, AT+SMCONN and what follows them: SIM7080 AT manual V1.05 chapter 11, MQTT(S) application note V1.03. */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { ok } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { Done, ModemCore } from "./core.ts";
import type { FamilySockets } from "./family.ts";
import { createMqttClient } from "./mqtt-client.ts";

const answerUs = 60e6;
const longestMessage = 1024;
const keys = ["CLIENTID", "URL", "KEEPTIME", "CLEANSS", "USERNAME", "PASSWORD", "QOS", "TOPIC", "MESSAGE", "RETAIN", "SUBHEX"]; // prettier-ignore

/** @param isActive the data connection of AT+CNACT stands */
export function sim7080Mqtt(core: ModemCore, isActive: () => boolean): FamilySockets {
  const { port, settings } = core;
  const failed = new AtFailure();
  const client = createMqttClient(core, answerUs, {
    message({ topic, payload }) {
      const bytes = Buffer.from(payload);
      port.urc(`+SMSUB: "${topic}","${setting("SUBHEX") === "1" ? bytes.toString("hex") : bytes.toString("latin1")}"`);
    },
    lost: () => port.urc("+SMSTATE: 0"),
  });
  const setting = (key: string) => settings.flags[`+SMCONF ${key}`] ?? "";

  function connect(done: Done): AtAnswer | undefined {
    const [host, portText] = setting("URL").split(",");
    const remotePort = integer(portText, 1, 65_535);
    if (!isActive() || client.open || !host || remotePort === undefined) return failed;
    const login = {
      clientId: setting("CLIENTID"),
      keepAliveSeconds: integer(setting("KEEPTIME"), 0, 65_535) ?? 60,
      clean: setting("CLEANSS") === "1",
      username: setting("USERNAME"),
      password: setting("PASSWORD"),
    };
    client.start(host, remotePort, (isOpen) => {
      if (!isOpen) return done(failed);
      client.connect(login, (code) => {
        if (code !== 0) client.stop();
        done(code === 0 ? ok : failed);
      });
    });
    return undefined;
  }

  function publish(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [topic, lengthText, qosText, retain] = values;
    const length = integer(lengthText, 0, longestMessage);
    const qos = integer(qosText, 0, 2) as 0 | 1 | 2 | undefined;
    if (!client.connected || !topic || length === undefined || qos === undefined) return failed;
    port.prompt(length, (payload) =>
      client.publish({ topic, payload, qos, retain: retain === "1" }, (isSent) => done(isSent ? ok : failed)),
    );
    return undefined;
  }

  return {
    commands: {
      "+SMCONF": {
        test: "",
        read: () => ["+SMCONF: ", ...keys.map((key) => `${key}: "${setting(key)}"`)],
        set([key, ...values]) {
          if (!key || !keys.includes(key) || values.length === 0) return failed;
          settings.flags = { ...settings.flags, [`+SMCONF ${key}`]: values.map((value) => value ?? "").join(",") };
          return ok;
        },
      },
      "+SMCONN": { test: "", run: connect },
      "+SMPUB": { test: "", set: publish },
      "+SMSUB": {
        test: "",
        set([topic, qosText], done) {
          const qos = integer(qosText, 0, 2) as 0 | 1 | 2 | undefined;
          if (!topic || qos === undefined) return failed;
          client.subscribe(topic, qos, (isGranted) => done(isGranted ? ok : failed));
          return undefined;
        },
      },
      "+SMUNSUB": {
        test: "",
        set([topic], done) {
          if (!topic) return failed;
          client.unsubscribe(topic, (isDone) => done(isDone ? ok : failed));
          return undefined;
        },
      },
      "+SMSTATE": { test: "", read: () => [`+SMSTATE: ${client.connected ? 1 : 0}`] },
      "+SMDISC": {
        test: "",
        run() {
          if (!client.open) return failed;
          client.stop();
          return ok;
        },
      },
    },
    get blockPsm() {
      return client.blockPsm;
    },
    forget: () => client.forget(),
  };
}
