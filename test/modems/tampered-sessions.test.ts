/** Whatever comes instead of an answer to the words of the modem's own MQTT client, and of its TLS. */
import { describe, expect, test } from "vitest";
import { bc660kMqttWords } from "../../lib/modems/bc660k-mqtt.ts";
import { bg95MqttWords } from "../../lib/modems/bg95-mqtt.ts";
import type { Broker } from "../../lib/modems/modem.ts";
import { sim7020MqttWords } from "../../lib/modems/sim7020-mqtt.ts";
import { sim7080MqttWords } from "../../lib/modems/sim7080-mqtt.ts";
import { bg96TlsFamily, bg96TlsPort } from "../../lib/modems/bg96-tls.ts";
import { sim7080TlsFamily, sim7080TlsPort } from "../../lib/modems/sim7080-tls.ts";
import { unixAtStart } from "../simulator/modems/bench.ts";
import { linked, type LinkedOptions } from "./linked.ts";
import { kinds, psm, tamperWith } from "./tamper.ts";

const broker: Broker = {
  host: "broker.example",
  port: 1883,
  clientId: "n1",
  user: "u",
  password: "p",
  keepAliveSeconds: 60,
};
const stride = process.env["SOAK"] ? 1 : 9;
/** As in node.ts, where a wake is cut at three minutes; opening may take a name, a context and a session. */
const [upLimit, openLimit, sendLimit, downLimit] = [270, 240, 60, 90];
type Linked = ReturnType<typeof linked>;
type Wake = (link: Linked) => (number | undefined)[];

const ownMqtt =
  (words: Parameters<Linked["mqttDriver"]>[0]): Wake =>
  (link) => {
    const modem = link.mqttDriver(words);
    const faults = [link.until((done) => modem.up(done), upLimit)];
    if (faults[0] === 0) faults.push(link.until((done) => modem.mqtt!.connect(broker, done), openLimit));
    if (faults[1] === 0) faults.push(link.until((done) => modem.mqtt!.publish("a/b", "payload", done), sendLimit));
    faults.push(link.until((done) => modem.down(done), downLimit));
    return faults;
  };

const tls: Wake = (link) => {
  const modem = link.driver();
  const nothing = (): void => {};
  const faults = [link.until((done) => modem.up(done), upLimit)];
  if (faults[0] === 0)
    faults.push(link.until((done) => modem.open("broker.example", 8883, nothing, nothing, done), openLimit));
  if (faults[1] === 0)
    faults.push(link.until((done) => modem.send("\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02n1", done), sendLimit));
  faults.push(link.until((done) => modem.down(done), downLimit));
  return faults;
};

const ca = ["-----BEGIN CERTIFICATE-----", "MIIDqjCCApKgAwIB".repeat(4), "-----END CERTIFICATE-----", ""].join("\n");
const year = 365 * 86_400;
const certificate = { authority: ca, names: ["broker.example"], from: unixAtStart - year, until: unixAtStart + year };
const secured = (make: NonNullable<LinkedOptions["make"]>): LinkedOptions => ({
  certificate: (_host, port) => (port === 8883 ? certificate : undefined),
  make,
});

describe.each([
  ["sim7020", "MQTT", ownMqtt(sim7020MqttWords), {}],
  ["sim7080", "MQTT", ownMqtt(sim7080MqttWords), {}],
  ["bg95", "MQTT", ownMqtt(bg95MqttWords), {}],
  ["bc660k", "MQTT", ownMqtt(bc660kMqttWords(1, 1)), {}],
  ["sim7080", "TLS", tls, secured({ family: sim7080TlsFamily(ca, true), wrap: sim7080TlsPort })],
  ["bg96", "TLS", tls, secured({ family: bg96TlsFamily(ca, true), wrap: bg96TlsPort })],
] as const)("%s, its own %s", (name, _, wake, extra) => {
  const clean = linked(name, { saved: psm, ...extra });
  test("works when nothing is in the way", () => expect(wake(clean)).toEqual([0, 0, 0, 0]));

  test.each(kinds)("%s in place of an answer: every step ends, and the next wake works", (kind) => {
    for (let at = kinds.indexOf(kind) % stride; at < clean.commands.length; at += stride) {
      const options = tamperWith(kind, at);
      const link = linked(name, { ...extra, ...options });
      options.bind(link);
      const what = `${kind} for ${clean.commands[at]}`;
      const faults = wake(link);
      expect(faults.includes(undefined), `${what}: ${faults.join()}`).toBe(false);
      link.sim.wait(20);
      expect(wake(link), what).toEqual([0, 0, 0, 0]);
    }
  });
});
