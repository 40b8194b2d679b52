import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { UserError } from "../../../tools/errors.ts";
import { createEmbeddedBroker } from "../../../tools/simulator/network/embedded-broker.ts";
import { createRemoteBroker } from "../../../tools/simulator/network/remote-broker.ts";
import type { Server } from "../../../tools/simulator/network/server.ts";
import { connectPacket, openConnection, publishPacket, subscribePacket } from "./connection.ts";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0).reverse()) await server.close();
});
function keep<T extends { close(): Promise<void> }>(server: T): T {
  running.push(server);
  return server;
}

const nowUs = () => 5;
const embedded = async (listenPort?: number) =>
  keep(await createEmbeddedBroker({ nowUs, ...(listenPort === undefined ? {} : { listenPort }) }));

/** The embedded broker, and the same broker across a loopback port. */
const kinds: [
  string,
  () => Promise<{
    server: Server & { received: readonly { topic: string }[] };
    broker: Awaited<ReturnType<typeof embedded>>;
  }>,
][] = [
  [
    "embedded",
    async () => {
      const broker = await embedded();
      return { server: broker, broker };
    },
  ],
  [
    "remote",
    async () => {
      const broker = await embedded(0);
      const url = `mqtt://127.0.0.1:${broker.port}`;
      return { server: keep(await createRemoteBroker({ url, topics: "n1/#", nowUs })), broker };
    },
  ],
];

describe.each(kinds)("%s broker", (_name, start) => {
  it("is busy exactly while an answer is awaited", async () => {
    const { server } = await start();
    const device = openConnection(server);
    expect(server.busy).toBe(false);
    const sending = device.send(connectPacket("n1"));
    expect(server.busy).toBe(true);
    expect((await sending).map(({ cmd }) => cmd)).toEqual(["connack"]);
    expect(server.busy).toBe(false);
    await device.send(publishPacket("n1/t", "no answer to wait for"));
    expect((await device.send({ cmd: "pingreq" })).map(({ cmd }) => cmd)).toEqual(["pingresp"]);
  });

  it("confirms and collects what the device publishes", async () => {
    const { server } = await start();
    const device = openConnection(server);
    await device.send(connectPacket("n1"));
    for (let id = 1; id <= 20; id++) {
      const answers = await device.send(publishPacket("n1/t", `payload ${id}`, id));
      expect(answers.map(({ cmd, messageId }) => [cmd, messageId])).toEqual([["puback", id]]);
      expect(server.received.length).toBe(id);
    }
    expect(server.received[19]).toEqual({
      atUs: 5,
      topic: "n1/t",
      payload: new Uint8Array(Buffer.from("payload 20")),
      qos: 1,
      retain: false,
    });
  });

  it("delivers retained messages before time goes on after a SUBACK", async () => {
    const { server, broker } = await start();
    for (const name of ["a", "b", "c"]) await broker.publish(`n1/config/${name}`, name, { qos: 1, retain: true });
    for (let round = 0; round < 10; round++) {
      const device = openConnection(server);
      await device.send(connectPacket(`n1-${round}`));
      const answers = await device.send(subscribePacket("n1/config/#", 3));
      expect(answers.map(({ cmd }) => cmd).sort()).toEqual(["publish", "publish", "publish", "suback"]);
      const ids = answers.filter(({ cmd }) => cmd === "publish").map(({ messageId }) => messageId);
      expect(ids).toEqual([1, 2, 3]);
      device.end();
    }
  });

  it("delivers what was queued for a kept session before time goes on after CONNACK", async () => {
    const { server, broker } = await start();
    const first = openConnection(server);
    await first.send(connectPacket("n1", false), subscribePacket("n1/command", 1));
    await first.send({ cmd: "disconnect" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await broker.publish("n1/command", "go", { qos: 1 });
    const second = openConnection(server);
    const answers = await second.send(connectPacket("n1", false));
    expect(answers.map(({ cmd }) => cmd)).toEqual(["connack", "publish"]);
  });

  it("waits a quiet moment for a stream that is not MQTT, which the broker closes", async () => {
    const { server } = await start();
    const device = openConnection(server);
    device.raw(Buffer.from("hello"));
    expect(server.busy).toBe(true);
    await server.settled();
    expect(server.busy).toBe(false);
  });

  it("notices that the broker closes", async () => {
    const { server } = await start();
    const device = openConnection(server);
    await device.send(connectPacket("n1"));
    await device.send(connectPacket("n1"));
    expect(device.closed).toBe(true);
  });
});

describe("what a user gets wrong", () => {
  it("a port in use", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const failure = await createEmbeddedBroker({ nowUs, listenPort: port }).catch((error: unknown) => error);
    taken.close();
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toBe(`port ${port} on 127.0.0.1 is already in use`);
  });

  it("a broker that is not there", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const url = `mqtt://127.0.0.1:${port}`;
    const failure = await createRemoteBroker({ url, topics: "#", nowUs }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toContain(`127.0.0.1:${port}`);
    expect((failure as UserError).where).toBe(url);
  });

  it.each(["localhost", "http://localhost:1883", "mqtt://"])("%s as broker", async (url) => {
    await expect(createRemoteBroker({ url, topics: "#", nowUs })).rejects.toBeInstanceOf(UserError);
  });
});
