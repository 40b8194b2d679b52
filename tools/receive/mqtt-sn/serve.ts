/** The gateway on a UDP port, in front of a broker. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import mqtt from "mqtt";
import { UserError } from "../../errors.ts";
import { withoutLogin } from "../url.ts";
import { createGateway } from "./gateway.ts";

export interface ServeOptions {
  readonly port: number;
  /** Default: all addresses of this machine. */
  readonly address?: string;
  readonly brokerUrl: string;
  readonly ca?: Buffer | undefined;
  readonly ownTopic: (clientId: string) => string;
  readonly numbered: ReadonlyMap<number, string>;
}

/** @throws UserError when the broker does not answer or the port is taken */
export async function serveGateway(options: ServeOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { port, address, brokerUrl, ca } = options;
  const refuse = (where: string, fix: string) => (error: Error) => {
    throw new UserError(error.message || String((error as NodeJS.ErrnoException).code), { where, fix });
  };
  const broker = await mqtt
    .connectAsync(brokerUrl, { ...(ca && { ca }), reconnectPeriod: 2000 }, false)
    .catch(refuse(`broker ${withoutLogin(brokerUrl)}`, "check that the broker runs, its host, port and certificate"));
  const socket = createSocket("udp4");
  const gateway = createGateway({
    ownTopic: options.ownTopic,
    numbered: options.numbered,
    nowMs: Date.now,
    publish: async (topic, payload, qos, retain) =>
      void (await broker.publishAsync(topic, Buffer.from(payload), { qos, retain })),
    // again for each session: the broker then gives what it has retained
    subscribe: async (filter) => void (await broker.subscribeAsync({ [filter]: { qos: 1 }, resubscribe: true } as mqtt.ISubscriptionMap)), // prettier-ignore
  });
  broker.on("message", (topic, payload, { retain }) => gateway.message(topic, new Uint8Array(payload), retain));
  socket.on("message", (bytes, { address: host, port: from }) =>
    gateway.datagram(`${host}:${from}`, new Uint8Array(bytes), (answer) => socket.send(answer, from, host)),
  );
  const failed = once(socket, "error").then(([error]) => Promise.reject(error as Error));
  socket.bind(port, address);
  try {
    await Promise.race([once(socket, "listening"), failed]);
  } catch (error) {
    await broker.endAsync(true);
    refuse(`UDP port ${port}`, "choose another port")(error as Error);
  }
  failed.catch(() => undefined);
  return {
    port: socket.address().port,
    async close() {
      socket.close();
      await broker.endAsync(true);
    },
  };
}
