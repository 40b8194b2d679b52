/**
 * A broker elsewhere (`mqtt://host:port`): the device's bytes go there over TCP as they are, and a second client
 * watches what arrives.
 */
import { createConnection } from "node:net";
import mqtt from "mqtt";
import { UserError } from "../../errors.ts";
import { createAwaitAnswers } from "./await-answers.ts";
import { createPendingAnswers } from "./pending-answers.ts";
import type { Received, Server, ServerConnection, ServerEvents } from "./server.ts";

export interface RemoteBrokerOptions {
  /** `mqtt://[user:password@]host[:port]` */
  readonly url: string;
  /** Topic filter of the device's messages, for the client that watches. */
  readonly topics: string;
  /** Virtual time in microseconds. */
  readonly nowUs: () => number;
  readonly onMessage?: (message: Received) => void;
}

export interface RemoteBroker extends Server {
  /** What the watching client received: live messages only, retained ones from before the run are left out. */
  readonly received: readonly Received[];
}

const defaultPort = 1883;
const connectLimitMs = 5000;
/** Never subscribed: leaving it only makes the broker answer. */
const fenceTopic = "hibernode/settled";
/** Turns of the event loop given to bytes that are already in this process. */
const settleRounds = 4;

/** @throws UserError when the URL is not one, or nobody answers there. */
export async function createRemoteBroker(options: RemoteBrokerOptions): Promise<RemoteBroker> {
  const { host, port } = parse(options.url);
  const received: Received[] = [];
  const waits = createAwaitAnswers(settleRounds);
  const watcher = await watch(options.url, host, port);
  watcher.on("message", (topic, payload, { qos, retain }) => {
    if (retain) return;
    const message = { atUs: options.nowUs(), topic, payload: new Uint8Array(payload), qos, retain };
    received.push(message);
    options.onMessage?.(message);
  });
  await watcher.subscribeAsync(options.topics, { qos: 1 });

  function connect(_host: string, _port: number, events: ServerEvents): ServerConnection {
    const socket = createConnection({ host, port, noDelay: true });
    const pending = createPendingAnswers({
      inject: (bytes) => void socket.write(bytes),
      answered: () => waits.check(),
    });
    let open = true;
    const leave = () => {
      open = false;
      pending.giveUp();
      waits.remove(pending);
    };
    waits.add(pending);
    socket.on("data", (chunk) => {
      const seen = pending.heard(chunk);
      if (open && seen.length) events.data(new Uint8Array(seen));
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (!open) return;
      leave();
      events.closed();
    });
    return {
      write(bytes) {
        if (!open) return;
        pending.sent(bytes);
        socket.write(bytes);
      },
      end() {
        leave();
        socket.end();
      },
    };
  }

  return {
    received,
    connect,
    get busy() {
      return waits.busy;
    },
    async settled() {
      await waits.settled();
      // Whatever the broker forwards to the watcher because of the device comes before its answer to this.
      if (watcher.connected) await watcher.unsubscribeAsync(fenceTopic).catch(() => undefined);
    },
    async close() {
      await watcher.endAsync(true);
    },
  };
}

function parse(url: string): { host: string; port: number } {
  const fix = "give the broker as mqtt://host:port, for instance mqtt://localhost:1883";
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new UserError(`"${url}" is not a broker address`, { fix });
  }
  if (parsed.protocol !== "mqtt:" || !parsed.hostname) {
    throw new UserError(`"${url}": expected mqtt://host:port, got the scheme "${parsed.protocol}"`, { fix });
  }
  return { host: parsed.hostname.replace(/^\[|\]$/g, ""), port: Number(parsed.port) || defaultPort };
}

async function watch(url: string, host: string, port: number): Promise<mqtt.MqttClient> {
  const client = mqtt.connect(url, {
    clientId: `hibernode-watch-${process.pid}`,
    connectTimeout: connectLimitMs,
    reconnectPeriod: 0,
  });
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      client.end(true);
      reject(
        new UserError(`no MQTT broker answers at ${host}:${port} (${reason})`, {
          where: url,
          fix: "start the broker, correct the address, or leave the broker option away to use the built-in one",
        }),
      );
    };
    client.once("connect", () => {
      client.removeAllListeners("error");
      client.removeAllListeners("close");
      client.on("error", () => undefined);
      resolve(client);
    });
    client.once("error", (error) => fail("code" in error ? String(error.code) : error.message));
    client.once("close", () => fail("connection closed"));
  });
}
