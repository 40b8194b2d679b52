/** Many devices at a broker, and a receiver that is killed at random moments meanwhile: what it has stored in the end. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Aedes } from "aedes";
import mqtt from "mqtt";
import { encodeBatch } from "../../lib/encode/batch.ts";
import { packageFolder } from "../package-folder.ts";
import type { Random } from "../simulator/hardware.ts";

export interface Load {
  /** Where rows go: FILE.ndjson, FILE.sqlite. */
  readonly out: string;
  readonly devices: number;
  readonly messagesEach: number;
  readonly kills: number;
  readonly random: Random;
  /** A broker that runs already; without it aedes, in this process. */
  readonly broker?: string;
}

export interface Loaded {
  /** Every tenth was published twice. */
  readonly messages: number;
  /** While a receiver ran: without its starts. */
  readonly messagesPerSecond: number;
  readonly kills: number;
}

/** In each message. */
export const READINGS = 4;
/** Published and not yet confirmed by the broker. */
const WINDOW = 500;

const payload = (journal: number, seq: number): Buffer =>
  Buffer.from(
    encodeBatch({
      ...{ journal, seq, age: 0, offset: 1.7e9, codes: "\x01", count: READINGS, skipped: [] },
      column: (index) => Int32Array.from({ length: READINGS }, (_, i) => (seq + i) * (index ? 1 : 60)),
    }),
    "latin1",
  );

/** Returns when everything that was published has been taken. */
export async function receiveUnderLoad(load: Load): Promise<Loaded> {
  const own = load.broker === undefined ? await startAedes() : undefined;
  const url = load.broker ?? own!.url;
  const topic = `load-${load.random.next().toString(36).slice(2)}`;
  const options = { topic: `${topic}/{id}/telemetry`, out: load.out, "client-id": topic, idle: "2s" };
  const args = ["receive", url, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
  const total = load.devices * load.messagesEach + Math.ceil((load.devices * load.messagesEach) / 10);
  const killAt = Array.from({ length: load.kills }, () => Math.floor(load.random.next() * total)).sort((a, b) => a - b);
  let taken = 0;
  let busyMs = 0;
  let publishing: Promise<void> | undefined;
  const life = async (until: number): Promise<void> => {
    const child = spawn(process.execPath, [join(packageFolder, "dist/tools/cli.js"), ...args], { env: colourless() });
    let first = 0;
    let last = 0;
    const ended = once(child, "close") as Promise<[number | null]>;
    await new Promise<void>((resolve, reject) => {
      onLines(child, (lines) => {
        if (lines.some((line) => line.startsWith("receive  "))) {
          publishing ??= publishAll(url, topic, load);
          publishing.catch(reject);
          if (until <= taken) resolve();
        }
        const messages = lines.filter((line) => / (nothing new|\d+ new, )/.test(line)).length;
        if (!messages) return;
        taken += messages;
        last = performance.now();
        first ||= last;
        if (taken >= until) resolve();
      });
      void ended.then(() => resolve());
    });
    child.kill("SIGKILL");
    const [status] = await ended;
    if (status) throw new Error(`the receiver ended with ${status}`);
    busyMs += last - first;
  };
  for (const until of [...killAt, Infinity]) await life(until);
  if (!publishing) throw new Error("the receiver ended before it had subscribed");
  await publishing;
  await own?.close();
  return { messages: total, messagesPerSecond: (taken / busyMs) * 1000, kills: load.kills };
}

/** Its lines are read here: a colour asked for by the caller's terminal would stand between their words. */
function colourless(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1" };
  delete environment["FORCE_COLOR"];
  return environment;
}

function onLines(child: ChildProcess, tell: (lines: string[]) => void): void {
  let rest = "";
  child.stderr!.pipe(process.stderr);
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    tell(lines);
  });
}

async function publishAll(url: string, topic: string, { devices, messagesEach }: Load): Promise<void> {
  const client = await mqtt.connectAsync(url);
  const underWay = new Set<Promise<unknown>>();
  let count = 0;
  const publish = async (device: number, message: number): Promise<void> => {
    const sent = client.publishAsync(`${topic}/d${device}/telemetry`, payload(device + 1, message * READINGS), { qos: 1 }); // prettier-ignore
    underWay.add(sent);
    void sent.finally(() => underWay.delete(sent));
    if (underWay.size >= WINDOW) await Promise.race(underWay);
  };
  for (let message = 0; message < messagesEach; message++)
    for (let device = 0; device < devices; device++) {
      await publish(device, message);
      if (count++ % 10 === 0) await publish(device, message);
    }
  await Promise.all(underWay);
  await client.endAsync();
}

async function startAedes() {
  const broker = new Aedes();
  await broker.listen();
  const server = createServer(broker.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await new Promise<void>((resolve) => broker.close(resolve));
      server.close();
    },
  };
}
