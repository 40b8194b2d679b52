/** AT+CMQNEW and what follows it: SIM7020 AT manual V1.05 chapter 10, MQTT(S) application note V1.05. */
import { AtFailure } from "./at-port.ts";
import type { AtAnswer } from "./at-port.ts";
import { choice, ok } from "./command-forms.ts";
import { integer } from "./core.ts";
import type { Done, ModemCore } from "./core.ts";
import type { FamilySockets } from "./family.ts";
import { createMqttClient } from "./mqtt-client.ts";

/** Hex digits per message. */
const longestMessage = 1000;
const answerUs = 30e6;

export function sim7020Mqtt(core: ModemCore): FamilySockets {
  const { port, settings } = core;
  const failed = new AtFailure();
  /** AT+CMQTSYNC=1: OK comes with the broker's answer, else with the packet's departure. */
  const mode = { sync: 0 };
  /** There is one instance, whatever its number. */
  let exists = false;
  const client = createMqttClient(core, answerUs, {
    message({ topic, payload, qos, retain }) {
      const shown = raw() ? Buffer.from(payload).toString("latin1") : Buffer.from(payload).toString("hex");
      port.urc(`+CMQPUB: 0,"${topic}",${qos},${retain ? 1 : 0},0,${shown.length},"${shown}"`);
    },
    lost() {
      exists = false;
      port.urc("+CMQDISCON: 0");
    },
  });
  const raw = () => settings.flags["+CREVHEX"] === "0";
  const isOurs = (id: string | undefined) => exists && id === "0";

  function create(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [host, portText, limit, size] = values;
    const remotePort = integer(portText, 1, 65_535);
    if (exists || !host || remotePort === undefined) return failed;
    if (integer(limit, 0, 60_000) === undefined || integer(size, 20, 1132) === undefined) return failed;
    client.start(host, remotePort, (isOpen) => {
      exists = isOpen;
      done(isOpen ? ["+CMQNEW: 0"] : failed);
    });
    return undefined;
  }

  function connect(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [id, version, clientId, keepAlive, clean, will, username, password] = values;
    const keepAliveSeconds = integer(keepAlive, 0, 65_535);
    if (!isOurs(id) || !clientId || keepAliveSeconds === undefined || will !== "0") return failed;
    if (version !== "3" && version !== "4") return failed;
    client.connect({ clientId, keepAliveSeconds, clean: clean === "1", username, password }, (code) =>
      answered(code === 0, done),
    );
    return answers(done);
  }

  /** Without synchronisation OK comes at once. */
  function answers(done: Done): undefined {
    if (!mode.sync) done(ok);
    return undefined;
  }
  const answered = (isOk: boolean, done: Done) => {
    if (mode.sync) done(isOk ? ok : failed);
  };

  function publish(values: readonly (string | undefined)[], done: Done): AtAnswer | undefined {
    const [id, topic, qosText, retain, , lengthText, text] = values;
    const qos = integer(qosText, 0, 2) as 0 | 1 | 2 | undefined;
    const length = integer(lengthText, 2, longestMessage);
    if (!isOurs(id) || !client.connected || !topic || qos === undefined) return failed;
    if (length === undefined || text === undefined || length !== text.length) return failed;
    if (!raw() && (length % 2 || !/^[0-9a-fA-F]+$/.test(text))) return failed;
    const payload = new Uint8Array(Buffer.from(text, raw() ? "latin1" : "hex"));
    client.publish({ topic, payload, qos, retain: retain === "1" }, (isSent) => answered(isSent, done));
    return answers(done);
  }

  return {
    commands: {
      "+CMQTSYNC": choice("+CMQTSYNC", "(0,1)", mode, "sync", 1),
      "+CREVHEX": {
        test: "+CREVHEX: (0,1)",
        set([value]) {
          if (value !== "0" && value !== "1") return failed;
          settings.flags = { ...settings.flags, "+CREVHEX": value };
          return ok;
        },
      },
      "+CMQNEW": {
        test: "",
        read: () => [`+CMQNEW: 0,${exists ? 1 : 0},${client.connected ? 1 : 0}`],
        set: create,
      },
      "+CMQCON": { test: "", set: connect },
      "+CMQPUB": { test: "", set: publish },
      "+CMQSUB": {
        test: "",
        set([id, topic, qosText], done) {
          const qos = integer(qosText, 0, 2) as 0 | 1 | 2 | undefined;
          if (!isOurs(id) || !topic || qos === undefined) return failed;
          client.subscribe(topic, qos, (isGranted) => answered(isGranted, done));
          return answers(done);
        },
      },
      "+CMQUNSUB": {
        test: "",
        set([id, topic], done) {
          if (!isOurs(id) || !topic) return failed;
          client.unsubscribe(topic, (isDone) => answered(isDone, done));
          return answers(done);
        },
      },
      "+CMQDISCON": {
        test: "",
        set([id]) {
          if (!isOurs(id)) return failed;
          exists = false;
          client.stop();
          return ok;
        },
      },
    },
    get blockPsm() {
      return client.blockPsm;
    },
    forget() {
      exists = false;
      mode.sync = 0;
      client.forget();
    },
  };
}
