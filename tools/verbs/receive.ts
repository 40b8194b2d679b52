/** `hibernode receive`: what the nodes send, from a broker into a file or a database, each reading once. */
import { withoutLogin } from "../receive/url.ts";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { Command } from "commander";
import { parseDuration } from "../duration.ts";
import { UserError } from "../errors.ts";
import { findFirmware } from "../firmware.ts";
import { readKeys } from "../receive/keys.ts";
import { createMetrics, serveMetrics } from "../receive/metrics.ts";
import { discoveryOf, stateOf } from "../receive/publish-json.ts";
import { Receiver, type Message, type Taken } from "../receive/receiver.ts";
import { readTopicNumbers } from "../receive/mqtt-sn/numbers.ts";
import { serveGateway } from "../receive/mqtt-sn/serve.ts";
import { openStore } from "../receive/stores/open.ts";
import { subscribe, type Subscription } from "../receive/subscription.ts";
import { parseTopic, type TopicPattern } from "../receive/topic.ts";
import type { Output } from "../terminal/output.ts";
import type { Verb } from "./verb.ts";

interface Options {
  readonly topic: string;
  readonly out: string;
  readonly firmware?: string;
  readonly sensors?: string;
  readonly clientId?: string;
  readonly ca?: string;
  readonly keys?: string;
  readonly republish?: string;
  readonly discovery?: string;
  readonly metrics?: string;
  readonly mqttSn?: string;
  readonly mqttSnIds?: string;
  readonly idle?: string;
}

export const receiveVerb: Verb = (run) =>
  new Command("receive")
    .description(
      "write what arrives at a broker to a file or a database, each reading once; runs until it is interrupted",
    )
    .argument("<broker>", "mqtt://host:1883, or mqtts://user:password@host:8883")
    .requiredOption("--topic <TOPIC>", "as in the firmware: cold-chain/{id}/telemetry")
    .requiredOption("--out <STORE>", "FILE.ndjson, FILE.csv, FILE.sqlite, or postgres://user:password@host/database")
    .option("--firmware <DIR>", "folder of the firmware: names the sensors")
    .option("--sensors <NAMES>", "names of the firmware's sensors, in order: cargo,battery")
    .option("--client-id <ID>", "under this name the broker keeps messages while the receiver is away")
    .option("--ca <FILE>", "PEM certificate of the broker's authority")
    .option("--keys <FILE>", "JSON with the keys of the devices that seal their messages")
    .option("--republish <TOPIC>", "publish the newest values there as JSON, retained: sensors/{id}/state")
    .option("--discovery <PREFIX>", "announce them to Home Assistant (its prefix: homeassistant)")
    .option("--metrics <PORT>", "serve counters for Prometheus at http://127.0.0.1:PORT/metrics")
    .option("--mqtt-sn <PORT>", "be a gateway for MQTT-SN on that UDP port as well")
    .option("--mqtt-sn-ids <FILE>", 'JSON with predefined topic ids and their devices: { "17": "truck-17" }')
    .option("--idle <TIME>", "end when nothing has come for that long, for instance 10s")
    .action(run(receive));

const RETRY_MS = 5000;

async function receive(output: Output, broker: string, options: Options): Promise<boolean> {
  const topic = parseTopic(options.topic, "--topic");
  const republish = options.republish === undefined ? undefined : parseTopic(options.republish, "--republish");
  if (options.discovery !== undefined && !republish)
    throw new UserError("--discovery announces what --republish publishes", {
      where: "--discovery",
      fix: "add --republish sensors/{id}/state",
    });
  const idleMs = options.idle === undefined ? undefined : parseDuration(options.idle, "--idle") * 1000;
  const names = await namesOf(options);
  const keys = options.keys === undefined ? undefined : readKeys(options.keys);
  const total = { messages: 0, readings: 0, notices: 0 };
  const announced = new Set<string>();
  const metrics = createMetrics();
  const endMetrics = options.metrics === undefined ? undefined : await serveMetrics(metrics, Number(options.metrics));

  let store = await openStore(options.out);
  let receiver = new Receiver({ store, names, keys });
  /** A store that fails, a database that is restarted say, is opened again; until then nothing is acknowledged. */
  const kept = async (messages: readonly Message[]): Promise<Taken[]> => {
    for (;;) {
      try {
        return await receiver.takeAll(messages);
      } catch (error) {
        output.warn(`${options.out}: ${(error as Error).message}; trying again every ${RETRY_MS / 1000} s`);
      }
      await new Promise((wait) => setTimeout(wait, RETRY_MS));
      try {
        await store.close();
      } catch {
        // of a connection that is gone
      }
      try {
        store = await openStore(options.out);
        receiver = new Receiver({ store, names, keys });
      } catch {
        // still away: the next round says so
      }
    }
  };

  let idle: NodeJS.Timeout | undefined;
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const watch = (): void => {
    clearTimeout(idle);
    if (idleMs !== undefined) idle = setTimeout(stop, idleMs);
  };
  const announce = async ({ device, rows }: Taken): Promise<void> => {
    const state = stateOf(rows);
    if (!republish || !state) return;
    const { publish } = await subscribed;
    const stateTopic = republish.topicOf(device);
    for (const message of options.discovery === undefined
      ? []
      : discoveryOf(options.discovery, device, stateTopic, rows)) {
      if (announced.has(message.topic)) continue;
      announced.add(message.topic);
      await publish(message.topic, message.payload, message);
    }
    await publish(stateTopic, state, { retain: true });
  };
  const subscribed: Promise<Subscription> = subscribe({
    url: broker,
    clientId: options.clientId ?? defaultId(options),
    topic,
    ca: options.ca === undefined ? undefined : readFileSync(options.ca),
    say: (text) => output.warn(text),
    async take(messages) {
      watch();
      const receivedMs = Date.now();
      for (const taken of await kept(messages.map((message) => ({ ...message, receivedMs })))) {
        total.messages++;
        total.readings += taken.readings;
        total.notices += taken.notices.length;
        metrics.count(taken, receiver.devices);
        output.line(`${new Date(receivedMs).toISOString().slice(0, 19)}Z  ${taken.device}  ${summary(taken)}`);
        for (const { kind, text } of taken.notices) output.line(`    ${kind}: ${text.slice(0, 120)}`);
        // after the acknowledgement: publishing from inside would wait for itself
        void announce(taken).catch((error: Error) => output.warn(`republish: ${error.message}`));
      }
    },
  });
  const closed = async (error: unknown): Promise<never> => {
    await store.close();
    endMetrics?.();
    throw error;
  };
  const subscription = await subscribed.catch(closed);
  const gateway = await gatewayOf(broker, options, topic).catch(async (error: unknown) => {
    await subscription.stop();
    return closed(error);
  });
  if (gateway) output.step("gateway", `MQTT-SN on UDP port ${gateway.port}`);
  output.step("receive", `${topic.filter} into ${withoutLogin(options.out)}`);
  watch();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    await Promise.race([stopped, subscription.ended]);
  } finally {
    clearTimeout(idle);
    await gateway?.close();
    await subscription.stop();
    await store.close();
    endMetrics?.();
  }
  output.line(`${total.messages} messages, ${total.readings} new readings, ${total.notices} notices`);
  output.result(total);
  return true;
}

async function gatewayOf(brokerUrl: string, { mqttSn, mqttSnIds, ca }: Options, topic: TopicPattern) {
  if (mqttSn === undefined) return undefined;
  const port = Number(mqttSn);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new UserError(`${mqttSn} is no UDP port`, { where: "--mqtt-sn", fix: "write a number, for instance 1885" });
  const devices = mqttSnIds === undefined ? new Map<number, string>() : readTopicNumbers(mqttSnIds);
  return serveGateway({
    port,
    brokerUrl,
    ca: ca === undefined ? undefined : readFileSync(ca),
    ownTopic: topic.topicOf,
    numbered: new Map([...devices].map(([number, device]) => [number, topic.topicOf(device)])),
  });
}

/** Stable, so that the broker knows the receiver again; another store is another receiver. */
function defaultId({ topic, out }: Options): string {
  const place = out.includes("://") ? out : resolve(out);
  return "hibernode-" + createHash("sha256").update(`${hostname()} ${place} ${topic}`).digest("hex").slice(0, 12);
}

async function namesOf({ firmware, sensors }: Options): Promise<string[]> {
  if (sensors !== undefined) return sensors.split(",");
  if (firmware === undefined) return [];
  return (await import("../sensor-names.ts")).sensorNames(findFirmware(firmware).entry);
}

function summary({ rows, readings }: Taken): string {
  if (!rows.length) return "nothing new";
  const newest = rows.at(-1)!;
  const values = rows
    .filter(({ seq }) => seq === newest.seq)
    .map(({ name, value, unit, fault }) => `${name} ${fault ?? `${value} ${unit}`.trim()}`);
  return `${readings} new, the last of ${newest.time ?? `${newest.rawSeconds} s after power-on`}: ${values.join(", ")}`;
}
