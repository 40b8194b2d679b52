/** The receiver's end of real brokers: what they refuse, what they prove, and their restarts. */
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { subscribe, type SubscriptionOptions } from "../../tools/receive/subscription.ts";
import { parseTopic } from "../../tools/receive/topic.ts";
import { brokers, LOGIN, type TestBroker } from "../uplink/brokers.ts";

describe.each(Object.keys(brokers))("with %s", (name) => {
  const start = brokers[name];
  let broker: TestBroker;
  beforeAll(async () => {
    if (start) broker = await start();
  });
  afterAll(() => broker?.stop());
  const withBroker = test.skipIf(!start);

  const taken: string[] = [];
  const options = (url: string): SubscriptionOptions => ({
    url,
    clientId: "receiver",
    topic: parseTopic("farm/{id}/telemetry"),
    take: async (messages) => {
      // a store that takes its time
      await new Promise(setImmediate);
      taken.push(...messages.map(({ device, payload }) => `${device} ${Buffer.from(payload).toString()}`));
    },
    say: () => undefined,
  });
  const plain = (login = ""): string => `mqtt://${login}127.0.0.1:${broker.port}`;
  const secure = (): string => `mqtts://localhost:${broker.tlsPort}`;

  withBroker("a login that is refused is said, a good one is not", async () => {
    await expect(subscribe(options(plain(`${LOGIN.user}:guess@`)))).rejects.toThrow(/[Nn]ot authorized/);
    await (await subscribe(options(plain(`${LOGIN.user}:${LOGIN.password}@`)))).stop();
  });

  withBroker(
    "a certificate that nobody vouches for, or another's, is refused; the broker's own authority is not",
    async () => {
      await expect(subscribe(options(secure()))).rejects.toThrow(/self-signed certificate/);
      const foreign = await brokers["aedes"]!();
      const ca = Buffer.from(foreign.certificate);
      await foreign.stop();
      await expect(subscribe({ ...options(secure()), ca })).rejects.toThrow(/certificate/);
      await (await subscribe({ ...options(secure()), ca: Buffer.from(broker.certificate) })).stop();
    },
  );

  // aedes in this process forgets everything with its end
  test.skipIf(name !== "mosquitto" || !start)("over a restart of the broker everything comes once", async () => {
    const publisher = await mqtt.connectAsync(plain(), { reconnectPeriod: 30 });
    const send = (n: number): Promise<unknown> => publisher.publishAsync("farm/a/telemetry", String(n), { qos: 1 });
    const subscription = await subscribe(options(plain()));
    for (let n = 0; n < 100; n++) await send(n);
    await broker.restart();
    for (let n = 100; n < 200; n++) await send(n);
    await expect.poll(() => new Set(taken).size, { timeout: 10_000 }).toBe(200);
    expect([...new Set(taken)].sort()).toEqual(Array.from({ length: 200 }, (_, n) => `a ${n}`).sort());
    await subscription.stop();
    await publisher.endAsync(true);
  });
});
