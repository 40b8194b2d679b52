/** The gateway on a real UDP port, in front of a real broker in this process. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Aedes } from "aedes";
import mqtt from "mqtt";
import { expect, test } from "vitest";
import { UserError } from "../../../tools/errors.ts";
import { readPacket, TYPES, writePacket, type Packet } from "../../../tools/receive/mqtt-sn/packets.ts";
import { serveGateway } from "../../../tools/receive/mqtt-sn/serve.ts";

test("a client publishes, sleeps, and is told what came meanwhile", async () => {
  const broker = new Aedes();
  await broker.listen();
  const server = createServer(broker.handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  const brokerUrl = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ownTopic = (id: string) => `farm/${id}/telemetry`;
  const numbered = new Map([[17, "farm/b/telemetry"]]);
  const options = { port: 0, address: "127.0.0.1", brokerUrl, ownTopic, numbered };
  const gateway = await serveGateway(options);
  await expect(serveGateway({ ...options, port: gateway.port })).rejects.toThrow(UserError);
  const other = await mqtt.connectAsync(brokerUrl);
  await other.subscribeAsync("farm/#", { qos: 1 });
  const heard: string[] = [];
  const allHeard = new Promise<void>((resolve) =>
    other.on("message", (topic, payload) => {
      if (heard.push(`${topic} ${String(payload)}`) === 3) resolve();
    }),
  );

  const socket = createSocket("udp4");
  const say = (type: number, fields: Parameters<typeof writePacket>[1] = {}) =>
    socket.send(writePacket(type, fields), gateway.port, "127.0.0.1");
  const answer = async (): Promise<Packet> => readPacket((await once(socket, "message"))[0] as Buffer)!;
  const ask = async (...args: Parameters<typeof say>): Promise<Packet> => {
    const [packet] = await Promise.all([answer(), say(...args)]);
    return packet;
  };
  const text = (content: string) => new Uint8Array(Buffer.from(content));

  expect(await ask(TYPES.CONNECT, { duration: 60, rest: text("a") })).toMatchObject({ type: TYPES.CONNACK, code: 0 });
  const own = { flags: { qos: 1, topicType: 1 }, topicId: 1, id: 7, rest: text("21.5") } as const;
  expect(await ask(TYPES.PUBLISH, own)).toMatchObject({ type: TYPES.PUBACK, id: 7, code: 0 });
  const suback = await ask(TYPES.SUBSCRIBE, { flags: { qos: 1 }, id: 8, rest: text("farm/a/set") });
  expect(suback).toMatchObject({ type: TYPES.SUBACK, id: 8, code: 0 });
  expect(await ask(TYPES.DISCONNECT, { rest: Uint8Array.of(0, 60) })).toMatchObject({ type: TYPES.DISCONNECT });
  await other.publishAsync("farm/a/set", "now", { qos: 1 });
  say(TYPES.PUBLISH, { flags: { qos: -1, topicType: 1 }, topicId: 17, rest: text("4.0") });
  await allHeard;
  const pong = await ask(TYPES.PINGREQ, { rest: text("a") });
  expect(pong).toMatchObject({ type: TYPES.PUBLISH, topicId: suback.topicId, rest: text("now") });
  expect(heard.sort()).toEqual(["farm/a/set now", "farm/a/telemetry 21.5", "farm/b/telemetry 4.0"]);

  socket.close();
  await gateway.close();
  await other.endAsync(true);
  await new Promise<void>((resolve) => broker.close(resolve));
  server.close();
});
