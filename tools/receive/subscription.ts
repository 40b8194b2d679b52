/**
 * The receiver's end of an MQTT broker. A message is acknowledged only when it has been taken: what this program does not
 * survive comes again, and a store that is slow slows the broker instead of filling the memory. What comes while earlier
 * messages are being taken is taken as one group: a disk that must be waited for is waited for once.
 */
import { withoutLogin } from "./url.ts";
import mqtt from "mqtt";
import type { IPublishPacket, MqttClient, Packet } from "mqtt";
import { UserError } from "../errors.ts";
import type { TopicPattern } from "./topic.ts";

export interface SubscriptionOptions {
  /** mqtt://, mqtts://, ws:// or wss:// with user and password in it */
  readonly url: string;
  /** Under this name the broker keeps what arrives while the receiver is away. */
  readonly clientId: string;
  readonly topic: TopicPattern;
  /** PEM, for a broker with a certificate of an own authority. */
  readonly ca?: Buffer | undefined;
  /** One group at a time, in order. A rejection keeps it unacknowledged and ends the subscription with that error. */
  readonly take: (messages: readonly Arrived[]) => Promise<void>;
  /** Connection lost and found again, in words. */
  readonly say: (text: string) => void;
}

export interface Arrived {
  readonly device: string;
  readonly payload: Uint8Array;
}

export interface Subscription {
  publish(topic: string, payload: string, options?: { readonly retain?: boolean }): Promise<void>;
  /** Ends with the first error of `take`, or when `stop` was called. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const CONNECT_MS = 10_000;

/** Messages in a group at most: bounds what a crash makes the broker send again, and the memory. */
const GROUP = 256;

/** Publishes one retained message, and leaves. @throws UserError when the broker does not take it */
export async function publishRetained(
  url: string,
  topic: string,
  payload: Uint8Array,
  ca: Buffer | undefined,
): Promise<void> {
  const where = checkUrl(url);
  const client = mqtt.connect(url, { connectTimeout: CONNECT_MS, reconnectPeriod: 0, ...(ca && { ca }) });
  await connected(client, where);
  try {
    await client.publishAsync(topic, Buffer.from(payload), { qos: 1, retain: true });
  } catch (error) {
    throw new UserError((error as Error).message, { where, fix: `check that this user may publish to ${topic}` });
  } finally {
    await client.endAsync();
  }
}

function checkUrl(url: string): string {
  const where = `broker ${withoutLogin(url)}`;
  if (!/^(mqtts?|wss?):\/\//.test(url))
    throw new UserError("not the URL of an MQTT broker", {
      where,
      fix: "write mqtt://host:1883, or mqtts://user:password@host:8883",
    });
  return where;
}

/** @throws UserError when the URL is none, or the broker does not answer or refuses */
export async function subscribe(options: SubscriptionOptions): Promise<Subscription> {
  const where = checkUrl(options.url);
  const { ca, clientId } = options;
  const client = mqtt.connect(options.url, {
    clientId,
    clean: false,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: 2000,
    resubscribe: true,
    ...(ca && { ca }),
  });
  let finish: (error?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    finish = (error) => (error ? reject(error) : resolve());
  });
  // the caller may look at it only at the very end
  ended.catch(() => undefined);

  // before anything else: what the broker has kept follows the first CONNACK at once
  client.handleMessage = (packet: IPublishPacket, acknowledge) => {
    const device = options.topic.deviceOf(packet.topic);
    if (device === undefined) return acknowledge();
    arrived({ device, payload: new Uint8Array(packet.payload as Buffer) }, acknowledge);
  };
  const arrived = inGroups(client, options.take, (error) => {
    finish(error);
    client.end(true);
  });
  await connected(client, where);
  client.on("offline", () => options.say("the broker is gone; trying again every 2 s"));
  client.on("connect", () => options.say("connected again"));
  client.on("error", (error) => options.say(error.message));
  const [granted] = await client.subscribeAsync(options.topic.filter, { qos: 1 });
  if (!granted || granted.qos > 2) {
    client.end(true);
    throw new UserError(`the broker does not let ${clientId} subscribe to ${options.topic.filter}`, { where });
  }
  return {
    ended,
    publish: async (topic, payload, { retain = false } = {}) =>
      void (await client.publishAsync(topic, payload, { qos: 1, retain })),
    async stop() {
      await client.endAsync(true);
      finish();
    },
  };
}

interface Held extends Arrived {
  /** Packet id of the acknowledgement; absent with QoS 0, and when the connection was lost meanwhile. */
  id?: number | undefined;
}

/**
 * The client hands over the next message only when the last one is dealt with, and acknowledges it then. Here it may go on at
 * once, and its acknowledgements are held back until the group is taken.
 */
function inGroups(
  client: MqttClient,
  take: SubscriptionOptions["take"],
  failed: (error: Error) => void,
): (message: Arrived, goOn: () => void) => void {
  let waiting: Held[] = [];
  let group: Held[] = [];
  let stalled: (() => void) | undefined;
  let handled: Held | undefined;
  let running = false;

  // not public, and without a type; the tests of kills and restarts would show it gone
  const send = (client["_sendPacket"] as (packet: Packet, ...more: unknown[]) => MqttClient).bind(client);
  client["_sendPacket"] = (packet: Packet, done?: () => void, ...more: unknown[]) => {
    if (packet.cmd !== "puback" || !handled) return send(packet, done, ...more);
    handled.id = packet.messageId;
    done?.();
    return client;
  };
  // the next connection may use the same ids for other messages
  client.on("close", () => [...group, ...waiting].forEach((message) => (message.id = undefined)));

  async function run(): Promise<void> {
    running = true;
    while (waiting.length) {
      // a burst of the broker is handed over packet by packet
      await new Promise(setImmediate);
      group = waiting;
      waiting = [];
      stalled?.();
      stalled = undefined;
      await take(group);
      for (const { id } of group) if (id !== undefined) send({ cmd: "puback", messageId: id });
      group = [];
    }
    running = false;
  }

  return (message, goOn) => {
    const held: Held = { ...message };
    waiting.push(held);
    const next = (): void => {
      handled = held;
      goOn();
      handled = undefined;
    };
    if (waiting.length < GROUP) next();
    else stalled = next;
    if (!running) run().catch(failed);
  };
}

function connected(client: MqttClient, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      clearTimeout(limit);
      client.removeListener("connect", settle as () => void);
      client.removeListener("error", settle);
      client.removeListener("close", closed);
      if (!error) return resolve();
      client.end(true);
      reject(
        new UserError(error.message || String((error as NodeJS.ErrnoException).code), {
          where,
          fix: "check that the broker runs, and its host, port, user, password and certificate",
        }),
      );
    };
    const closed = (): void => settle(new Error("the broker closed the connection"));
    const limit = setTimeout(() => settle(new Error(`no answer within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
    client.once("connect", () => settle());
    client.on("error", settle);
    client.once("close", closed);
  });
}
