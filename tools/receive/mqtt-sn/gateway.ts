/**
 * An MQTT-SN 1.2 gateway without sockets: datagrams in and out, messages to and from a broker. It joins all clients in one
 * connection to the broker (section 4.2, aggregating); an acknowledgement goes back only when the broker has given its own.
 */
import {
  ACCEPTED,
  INVALID_TOPIC,
  NOT_SUPPORTED,
  readPacket,
  TOPIC_NORMAL,
  TOPIC_PREDEFINED,
  TYPES,
  writePacket,
  type Packet,
} from "./packets.ts";

export interface GatewayOptions {
  /** The topic that a client means by predefined id 1: that of its own readings. */
  readonly ownTopic: (clientId: string) => string;
  /** Predefined ids above 1: the topic of one device, also for what comes without a session (QoS -1). */
  readonly numbered: ReadonlyMap<number, string>;
  /** Resolves when the broker has acknowledged. */
  readonly publish: (topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean) => Promise<void>;
  /** Asks the broker for a topic; resolves when it has agreed. */
  readonly subscribe: (filter: string) => Promise<void>;
  readonly nowMs: () => number;
}

export interface Gateway {
  /** @param from names the sender: address and port  @param reply sends a datagram there */
  datagram(from: string, bytes: Uint8Array, reply: (bytes: Uint8Array) => void): void;
  /** What the broker sends for a subscribed topic. */
  message(topic: string, payload: Uint8Array, retain?: boolean): void;
  /** Clients with a session, asleep ones included. */
  readonly clients: number;
}

interface Client {
  readonly id: string;
  reply: (bytes: Uint8Array) => void;
  asleep: boolean;
  heardMs: number;
  /** Keep-alive while awake, the announced sleep while asleep. */
  durationS: number;
  readonly topics: Map<number, string>;
  readonly filters: Set<string>;
  /** Kept while it sleeps, newest last. */
  readonly waiting: { readonly topic: string; readonly payload: Uint8Array; readonly retain: boolean }[];
  /** Numbers of messages on their way to the broker. */
  readonly underWay: Set<number>;
  lastId: number;
  /** Acknowledged last: a repetition of it is not published again. */
  taken?: { readonly id: number; readonly payload: Uint8Array };
}

/** A client may be late by half its time (section 7.2: 50 %). */
const TOLERANCE = 1.5;
/** Bounds what one sleeping client can make the gateway keep. */
const MOST_WAITING = 100;
const FIRST_REGISTERED = 1;

/** Section 4: topic filters as in MQTT. */
function fits(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  const open = wanted.indexOf("#");
  const count = open < 0 ? wanted.length : open;
  if (open < 0 ? levels.length !== count : levels.length < count) return false;
  return wanted.slice(0, count).every((level, i) => level === "+" || level === levels[i]);
}

export function createGateway(options: GatewayOptions): Gateway {
  /** By sender, and by client id: a node that wakes has another port. */
  const bySender = new Map<string, Client>();
  const byId = new Map<string, Client>();
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

  function forget(client: Client): void {
    byId.delete(client.id);
    for (const [sender, other] of bySender) if (other === client) bySender.delete(sender);
  }

  function sweep(): void {
    for (const client of byId.values())
      if (options.nowMs() - client.heardMs > client.durationS * 1000 * TOLERANCE) forget(client);
  }

  function topicOf(client: Client | undefined, { flags, topicId }: Packet): string | undefined {
    const id = topicId!;
    if (flags!.topicType === TOPIC_PREDEFINED)
      return id === 1 && client ? options.ownTopic(client.id) : options.numbered.get(id);
    if (flags!.topicType === TOPIC_NORMAL) return client?.topics.get(id);
    return String.fromCharCode(id >> 8, id & 255);
  }

  /** The number of a topic for this client; new ones are told with REGISTER first. */
  function numberOf(client: Client, topic: string): number {
    for (const [id, name] of client.topics) if (name === topic) return id;
    const id = FIRST_REGISTERED + client.topics.size;
    client.topics.set(id, topic);
    client.reply(writePacket(TYPES.REGISTER, { topicId: id, id: nextId(client), rest: Buffer.from(topic) }));
    return id;
  }

  const nextId = (client: Client): number => (client.lastId = (client.lastId % 65535) + 1);

  function deliver(client: Client, topic: string, payload: Uint8Array, retain: boolean): void {
    if (client.asleep) {
      client.waiting.push({ topic, payload, retain });
      if (client.waiting.length > MOST_WAITING) client.waiting.shift();
      return;
    }
    const topicId = numberOf(client, topic);
    client.reply(writePacket(TYPES.PUBLISH, { flags: { qos: 0, retain }, topicId, rest: payload }));
  }

  function flush(client: Client): void {
    client.asleep = false;
    for (const { topic, payload, retain } of client.waiting.splice(0)) deliver(client, topic, payload, retain);
  }

  function connect(from: string, packet: Packet, reply: Client["reply"]): void {
    const id = text(packet.rest);
    if (packet.flags!.will || !/^[^+#/\0]{1,23}$/.test(id))
      return reply(writePacket(TYPES.CONNACK, { code: NOT_SUPPORTED }));
    let client = byId.get(id);
    if (client && packet.flags!.clean) forget(client);
    if (!client || packet.flags!.clean)
      client = { id, reply, asleep: false, heardMs: 0, durationS: 0, topics: new Map(), filters: new Set(), waiting: [], underWay: new Set(), lastId: 0 }; // prettier-ignore
    for (const [sender, other] of bySender) if (other === client) bySender.delete(sender);
    byId.set(id, client);
    bySender.set(from, client);
    Object.assign(client, { reply, heardMs: options.nowMs(), durationS: packet.duration! });
    reply(writePacket(TYPES.CONNACK, { code: ACCEPTED }));
    flush(client);
  }

  function publish(client: Client | undefined, packet: Packet, reply: Client["reply"]): void {
    const { flags, topicId, id, rest } = packet;
    const answer = (code: number): void => {
      if (flags!.qos > 0) reply(writePacket(TYPES.PUBACK, { topicId: topicId!, id: id!, code }));
    };
    if (flags!.qos === 2) return answer(NOT_SUPPORTED);
    const topic = topicOf(client, packet);
    if (topic === undefined || /[+#\0]/.test(topic)) return answer(INVALID_TOPIC);
    if (flags!.qos < 1 || !client) {
      if (flags!.qos < 1) options.publish(topic, rest, 0, flags!.retain).catch(() => undefined);
      return;
    }
    if (flags!.dup && client.taken?.id === id && Buffer.compare(client.taken!.payload, rest) === 0)
      return answer(ACCEPTED);
    // a repetition while the broker has not answered yet
    if (client.underWay.has(id!)) return;
    client.underWay.add(id!);
    options.publish(topic, rest, 1, flags!.retain).then(
      () => {
        client.taken = { id: id!, payload: rest };
        answer(ACCEPTED);
      },
      // no acknowledgement: the client sends it again
      () => undefined,
    ).finally(() => client.underWay.delete(id!)); // prettier-ignore
  }

  function subscribe(client: Client, packet: Packet): void {
    const filter = packet.flags!.topicType === TOPIC_NORMAL ? text(packet.rest) : undefined;
    const done = (topicId: number, code: number): void =>
      client.reply(writePacket(TYPES.SUBACK, { flags: { qos: 0 }, topicId, id: packet.id!, code }));
    if (!filter) return done(0, NOT_SUPPORTED);
    let topicId = 0;
    if (!/[+#]/.test(filter)) {
      topicId = [...client.topics].find(([, name]) => name === filter)?.[0] ?? FIRST_REGISTERED + client.topics.size;
      client.topics.set(topicId, filter);
    }
    // before the broker agrees: what it has retained follows at once
    client.filters.add(filter);
    options.subscribe(filter).then(
      () => done(topicId, ACCEPTED),
      () => {
        client.filters.delete(filter);
        done(0, NOT_SUPPORTED);
      },
    );
  }

  return {
    get clients() {
      sweep();
      return byId.size;
    },
    datagram(from, bytes, reply) {
      sweep();
      const packet = readPacket(bytes);
      if (!packet) return;
      if (packet.type === TYPES.SEARCHGW) return reply(writePacket(TYPES.GWINFO));
      if (packet.type === TYPES.CONNECT) return connect(from, packet, reply);
      let client = bySender.get(from);
      if (packet.type === TYPES.PUBLISH && (client || packet.flags!.qos === -1)) {
        if (client) client.heardMs = options.nowMs();
        return publish(client, packet, reply);
      }
      if (packet.type === TYPES.PINGREQ && packet.rest.length) {
        client = byId.get(text(packet.rest));
        if (client) bySender.set(from, client);
      }
      // a client that the gateway does not know, after a restart say, has to connect (6.1)
      if (!client) return reply(writePacket(TYPES.DISCONNECT));
      client.reply = reply;
      client.heardMs = options.nowMs();
      switch (packet.type) {
        case TYPES.REGISTER: {
          const name = text(packet.rest);
          const topicId =
            [...client.topics].find(([, topic]) => topic === name)?.[0] ?? FIRST_REGISTERED + client.topics.size;
          client.topics.set(topicId, name);
          return reply(writePacket(TYPES.REGACK, { topicId, id: packet.id!, code: ACCEPTED }));
        }
        case TYPES.SUBSCRIBE:
          return subscribe(client, packet);
        case TYPES.UNSUBSCRIBE:
          client.filters.delete(text(packet.rest));
          return reply(writePacket(TYPES.UNSUBACK, { id: packet.id! }));
        case TYPES.PINGREQ: {
          const slept = client.asleep;
          if (slept) flush(client);
          client.asleep = slept;
          return reply(writePacket(TYPES.PINGRESP));
        }
        case TYPES.DISCONNECT:
          if (packet.rest.length === 2) {
            client.asleep = true;
            client.durationS = Buffer.from(packet.rest).readUInt16BE(0);
          } else forget(client);
          return reply(writePacket(TYPES.DISCONNECT));
      }
    },
    message(topic, payload, retain = false) {
      sweep();
      for (const client of byId.values())
        if ([...client.filters].some((filter) => fits(filter, topic))) deliver(client, topic, payload, retain);
    },
  };
}
