/** The MQTT client inside a modem, whatever its commands look like: one session over one of the modem's own sockets. */
import mqttPacket from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import type { ModemCore } from "./core.ts";
import type { FamilySockets } from "./family.ts";
import { createSocketPool } from "./socket-pool.ts";

export interface MqttLogin {
  readonly clientId: string;
  readonly keepAliveSeconds: number;
  readonly clean: boolean;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface MqttMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

export interface MqttClient {
  /** There is a connection to a broker's port. */
  readonly open: boolean;
  readonly connected: boolean;
  /** `done` gets false where nobody listens, or the name is unknown. */
  start(host: string, port: number, done: (isOpen: boolean) => void): void;
  /** `done` gets the code of CONNACK, or undefined when none came. */
  connect(login: MqttLogin, done: (code: number | undefined) => void): void;
  /** `done` gets true when the broker has confirmed, with QoS 0 at once. */
  publish(message: MqttMessage, done: (isSent: boolean) => void): void;
  subscribe(topic: string, qos: 0 | 1 | 2, done: (isGranted: boolean) => void): void;
  unsubscribe(topic: string, done: (isDone: boolean) => void): void;
  /** DISCONNECT, where connected, and the end of the connection. */
  stop(): void;
  readonly blockPsm: boolean;
  forget(): void;
}

export interface MqttEvents {
  message(message: MqttMessage): void;
  /** The connection is gone, and nobody asked for that. */
  lost(): void;
}

/** @param answerUs longest wait for the broker */
export function createMqttClient(core: ModemCore, answerUs: number, events: MqttEvents): MqttClient {
  let connected = false;
  let messageId = 0;
  let parser = mqttPacket.parser();
  /** What is waited for: an answer ends it, or its time, or the end of the connection. */
  const waiting = new Map<string, (packet: Packet | undefined) => void>();

  const pool = createSocketPool(core, 1, {
    received: (_id, _socket, bytes) => parser.parse(Buffer.from(bytes)),
    ended() {
      pool.close(0);
      over();
      events.lost();
    },
  });

  function over(): void {
    connected = false;
    for (const answer of [...waiting.values()]) answer(undefined);
    waiting.clear();
  }

  function listen(): void {
    parser = mqttPacket.parser();
    parser.on("error", () => pool.close(0));
    parser.on("packet", (packet) => {
      if (packet.cmd === "publish") {
        const { topic, payload, qos, retain } = packet;
        if (qos === 1) send({ cmd: "puback", messageId: packet.messageId! });
        events.message({ topic, payload: new Uint8Array(payload as Buffer), qos, retain });
      } else {
        const key = `${packet.cmd} ${packet.messageId ?? ""}`.trim();
        waiting.get(key)?.(packet);
      }
    });
  }

  const send = (packet: Packet): boolean =>
    pool.find(0)?.state === "connected" && pool.send(0, new Uint8Array(mqttPacket.generate(packet)));

  function ask(packet: Packet, answer: string, done: (packet: Packet | undefined) => void): void {
    if (!send(packet)) return done(undefined);
    const finish = (packet: Packet | undefined) => {
      if (!waiting.delete(answer)) return;
      core.clock.cancel(limit);
      done(packet);
    };
    waiting.set(answer, finish);
    const limit = core.clock.after(answerUs, () => finish(undefined));
  }

  return {
    get open() {
      return pool.find(0)?.state === "connected";
    },
    get connected() {
      return connected;
    },
    start(host, port, done) {
      if (!core.radio.registered || pool.create(true, 0) === undefined) return done(false);
      listen();
      pool.connect(0, host, port, (result) => {
        if (result !== "connected") pool.close(0);
        done(result === "connected");
      });
    },
    connect({ clientId, keepAliveSeconds, clean, username, password }, done) {
      // a password needs a user name (MQTT 3.1.1, 3.1.2.9)
      const login = username && { username, ...(password && { password: Buffer.from(password) }) };
      ask({ cmd: "connect", clientId, keepalive: keepAliveSeconds, clean, ...(login || {}) }, "connack", (packet) => {
        const code = packet?.cmd === "connack" ? packet.returnCode : undefined;
        connected = code === 0;
        done(code);
      });
    },
    publish({ topic, payload, qos, retain }, done) {
      if (!connected) return done(false);
      const packet = { cmd: "publish", topic, payload: Buffer.from(payload), qos, retain, dup: false } as const;
      if (qos === 0) return done(send(packet));
      messageId++;
      ask({ ...packet, messageId }, `${qos === 1 ? "puback" : "pubrec"} ${messageId}`, (answer) => {
        if (answer && qos === 2) ask({ cmd: "pubrel", messageId }, `pubcomp ${messageId}`, (last) => done(!!last));
        else done(!!answer);
      });
    },
    subscribe(topic, qos, done) {
      messageId++;
      ask({ cmd: "subscribe", messageId, subscriptions: [{ topic, qos }] }, `suback ${messageId}`, (packet) =>
        done(packet?.cmd === "suback" && packet.granted[0] !== 128),
      );
    },
    unsubscribe(topic, done) {
      messageId++;
      ask({ cmd: "unsubscribe", messageId, unsubscriptions: [topic] }, `unsuback ${messageId}`, (packet) =>
        done(!!packet),
      );
    },
    stop() {
      if (connected) send({ cmd: "disconnect" });
      if (pool.find(0)) pool.close(0);
      over();
    },
    get blockPsm() {
      return pool.open;
    },
    forget() {
      pool.forget(false);
      over();
    },
  };
}

/** Two kinds of sockets in one modem. */
export function together(first: FamilySockets, second: FamilySockets): FamilySockets {
  return {
    commands: { ...first.commands, ...second.commands },
    get blockPsm() {
      return first.blockPsm || second.blockPsm;
    },
    forget(keepUdp) {
      first.forget(keepUdp);
      second.forget(keepUdp);
    },
  };
}
