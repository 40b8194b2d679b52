/** A real broker (aedes) in this process: the device's connections reach it through memory, others through a port. */
import { createServer } from "node:net";
import type { AddressInfo, Server as NetServer } from "node:net";
import { Duplex } from "node:stream";
import { Aedes } from "aedes";
import { UserError } from "../../errors.ts";
import { createAwaitAnswers } from "./await-answers.ts";
import { createPendingAnswers } from "./pending-answers.ts";
import type { Received, Server, ServerConnection, ServerEvents } from "./server.ts";

export interface EmbeddedBrokerOptions {
  /** Virtual time in microseconds. */
  readonly nowUs: () => number;
  readonly onMessage?: (message: Received) => void;
  /** Also listen on this loopback port (0 = any free one), so that other programs can watch. */
  readonly listenPort?: number;
}

export interface EmbeddedBroker extends Server {
  /** Every message that the broker accepted from the device. */
  readonly received: readonly Received[];
  /** Loopback port, when it listens. */
  readonly port: number | undefined;
  /** Publishes as the broker itself, for instance a retained command for the device. */
  publish(topic: string, payload: string | Uint8Array, options?: { qos?: 0 | 1; retain?: boolean }): Promise<void>;
}

/** Turns of the event loop in which aedes delivers retained messages behind a SUBACK (4 measured). */
const settleRounds = 12;

/** @throws UserError when the port is taken. */
export async function createEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const broker = new Aedes();
  await broker.listen();
  const received: Received[] = [];
  /** Streams of the device, as opposed to programs that came through the port. */
  const devices = new WeakSet<object>();
  const waits = createAwaitAnswers(settleRounds);
  broker.on("publish", (packet, client) => {
    if (!client || !devices.has(client.conn)) return;
    const payload = new Uint8Array(Buffer.from(packet.payload));
    const message = { atUs: options.nowUs(), topic: packet.topic, payload, qos: packet.qos, retain: packet.retain };
    received.push(message);
    options.onMessage?.(message);
  });
  // aedes numbers its own packets from a random start; runs must give the same bytes.
  broker.on("client", (client) => Object.assign(client, { _nextId: 1 }));

  function connect(_host: string, _port: number, events: ServerEvents): ServerConnection {
    const pending = createPendingAnswers({ answered: () => waits.check() });
    let open = true;
    const ended = () => {
      if (!open) return;
      open = false;
      pending.giveUp();
      waits.remove(pending);
      events.closed();
    };
    const stream = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        const seen = pending.heard(chunk);
        if (open && seen.length) events.data(new Uint8Array(seen));
        done();
      },
      final(done) {
        done();
        ended();
      },
      destroy(_error, done) {
        done(null);
        ended();
      },
    });
    waits.add(pending);
    devices.add(stream);
    broker.handle(stream);
    return {
      write(bytes) {
        if (!open) return;
        pending.sent(bytes);
        stream.push(Buffer.from(bytes));
      },
      end() {
        open = false;
        pending.giveUp();
        waits.remove(pending);
        stream.push(null);
      },
    };
  }

  const listener = options.listenPort === undefined ? undefined : await listen(broker, options.listenPort);
  return {
    received,
    port: listener && (listener.address() as AddressInfo).port,
    connect,
    get busy() {
      return waits.busy;
    },
    settled: () => waits.settled(),
    publish: (topic, payload, { qos = 0, retain = false } = {}) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: "publish", topic, payload: Buffer.from(payload), qos, retain, dup: false } as const;
        broker.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      if (listener) await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

function listen(broker: Aedes, port: number): Promise<NetServer> {
  const listener = createServer((socket) => void broker.handle(socket));
  return new Promise((resolve, reject) => {
    listener.once("error", (error: NodeJS.ErrnoException) => {
      broker.close();
      reject(
        error.code === "EADDRINUSE"
          ? new UserError(`port ${port} on 127.0.0.1 is already in use`, {
              fix: "choose another port, or 0 for any free one",
            })
          : error,
      );
    });
    listener.listen(port, "127.0.0.1", () => resolve(listener));
  });
}
